"""`manage.py reindex_knowledge --tenant SLUG`: make a lost index again from the rows."""

from typing import Any

from rag import actions
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """About 100 passages a second and core."""

    help = "Send every passage of a company to the index again, as after Chroma was lost."

    def handle_tenant(self, **options: Any) -> str:
        """Index them."""
        return f"{actions.reindex()} passages indexed"
