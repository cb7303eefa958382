"""`manage.py list_calls --tenant SLUG`: calls, by the filters of the API."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.calls.listing.pages import calls_page
from telephony.calls.types import CallLine
from telephony.management.call_filters import add_filters, add_sort, given_filters
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Calls, newest first or as sorted."""

    help = "List a company's calls, by any filters of the API."

    def add_arguments(self, parser: CommandParser) -> None:
        """The filters, and how many at most."""
        super().add_arguments(parser)
        add_filters(parser)
        add_sort(parser)
        parser.add_argument("--limit", type=int, default=25, help="1 to 100")

    def handle_tenant(self, **options: Any) -> tuple[CallLine, ...]:
        """The first page of the list."""
        filters = given_filters(options)
        return calls_page(filters, sort=options["sort"], limit=options["limit"]).items
