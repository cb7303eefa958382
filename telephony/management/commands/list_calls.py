"""`manage.py list_calls --tenant SLUG`: calls, by the filters of the API."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.calls.listing.filters import NAMES, SORTS, parsed_filters
from telephony.calls.listing.pages import calls_page
from telephony.calls.types import CallLine
from tenants.management.tenant_command import TenantCommand


def add_filters(parser: CommandParser) -> None:
    """An option for each filter of a list of calls, and `--sort`."""
    for name in NAMES:
        # Django's own --version tells the version of Django.
        option = "agent-version" if name == "version" else name.replace("_", "-")
        parser.add_argument(f"--{option}", default="", dest=name)
    parser.add_argument("--sort", default=SORTS[0], choices=SORTS)


class Command(TenantCommand):
    """Calls, newest first or as sorted."""

    help = "List a company's calls, by any filters of the API."

    def add_arguments(self, parser: CommandParser) -> None:
        """The filters, and how many at most."""
        super().add_arguments(parser)
        add_filters(parser)
        parser.add_argument("--limit", type=int, default=25, help="1 to 100")

    def handle_tenant(self, **options: Any) -> tuple[CallLine, ...]:
        """The first page of the list."""
        filters = parsed_filters({name: options[name] for name in NAMES})
        return calls_page(filters, sort=options["sort"], limit=options["limit"]).items
