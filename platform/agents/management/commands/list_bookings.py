"""`manage.py list_bookings --tenant SLUG`: what lies ahead, or what is asked for."""

from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from verticals.booking import listing
from verticals.booking.listing import SORTS, BookingFilters
from verticals.booking.types import BookingLine
from warmline.kernel import clock
from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import parse_moment


class Command(TenantCommand):
    """Bookings by their start."""

    help = "List what callers have booked; without filters what lies ahead."

    def add_arguments(self, parser: CommandParser) -> None:
        """The filters of the API."""
        super().add_arguments(parser)
        for name in ("state", "since", "until", "reference", "number"):
            parser.add_argument(f"--{name}", default="")
        parser.add_argument("--sort", default=SORTS[0], choices=SORTS)
        parser.add_argument("--limit", type=int, default=25, help="1 to 100")

    def handle_tenant(self, **options: Any) -> tuple[BookingLine, ...]:
        """The first page of the list."""
        given: dict[str, Any] = {
            name: options[name] for name in ("state", "reference", "number") if options[name]
        }
        given |= {
            name: _moment(name, options[name]) for name in ("since", "until") if options[name]
        }
        filters = BookingFilters(**(given or {"since": clock.now()}))
        return listing.bookings_page(filters, sort=options["sort"], limit=options["limit"]).items


def _moment(name: str, text: str) -> datetime:
    try:
        return parse_moment(text)
    except BadInput as error:
        raise BadInput(f"{name}: {error}", field=name) from error
