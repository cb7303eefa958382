"""`manage.py list_members --tenant rivertown`."""

from typing import Any

from tenants.management.tenant_command import TenantCommand
from tenants.people.queries import all_members


class Command(TenantCommand):
    """Lists a company's members."""

    help = "List a company's members with their roles."

    def handle_tenant(self, **options: Any) -> object:
        """Look."""
        return all_members()
