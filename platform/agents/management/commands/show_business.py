"""`manage.py show_business --tenant rivertown --json`: hours, as `set_business` takes them."""

from typing import Any

from agents.queries import opening_hours
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Prints when a company is open."""

    help = "Show when a company is open; with --json as set_business --hours takes it."

    def handle_tenant(self, **options: Any) -> object:
        """Read it."""
        return opening_hours()
