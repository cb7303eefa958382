"""`manage.py save_view --tenant SLUG "Long ones" --min-seconds 300`: a list of calls, kept."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.calls.listing import saved_views
from telephony.management.call_filters import add_filters, given_filters
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """For all members of the company."""

    help = "Keep a list of calls under a name, for all of a company's members."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its name and its filters."""
        super().add_arguments(parser)
        parser.add_argument("name")
        add_filters(parser)

    def handle_tenant(self, **options: Any) -> saved_views.ViewLine:
        """Keep it."""
        return saved_views.save_view(options["name"], filters=given_filters(options))
