"""`manage.py list_collections --tenant SLUG`: a company's collections."""

from typing import Any

from rag import queries
from rag.types import CollectionLine
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """By name."""

    help = "List a company's collections: id, name, description, documents."

    def handle_tenant(self, **options: Any) -> tuple[CollectionLine, ...]:
        """All of them."""
        return queries.collections()
