"""`manage.py delete_view --tenant SLUG ID`: a saved list of calls is gone, its calls stay."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from telephony.calls.listing import saved_views
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """One of the company's."""

    help = "Delete a saved list of calls; the calls stay."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        super().add_arguments(parser)
        parser.add_argument("view", type=UUID, metavar="ID", help="as list_views tells it")

    def handle_tenant(self, **options: Any) -> saved_views.ViewLine:
        """Delete it; what it was."""
        line = saved_views.view(options["view"])
        saved_views.delete_view(line.id)
        return line
