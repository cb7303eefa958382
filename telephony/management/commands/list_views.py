"""`manage.py list_views --tenant SLUG`: a company's saved lists of calls."""

from typing import Any

from telephony.calls.listing import saved_views
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Those of the company; a member's own are theirs."""

    help = "List a company's saved lists of calls, by name."

    def handle_tenant(self, **options: Any) -> tuple[saved_views.ViewLine, ...]:
        """All of them."""
        return saved_views.views()
