"""`manage.py list_documents --tenant SLUG`: a company's documents and how far each is."""

from typing import Any

from rag import queries
from rag.types import DocumentLine
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Newest first."""

    help = "List a company's documents: id, title, collection, state and what was wrong."

    def handle_tenant(self, **options: Any) -> tuple[DocumentLine, ...]:
        """All of them."""
        return queries.documents()
