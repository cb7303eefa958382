"""`manage.py export_calls --tenant SLUG --file csv > calls.csv`: all calls of a list."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.calls.listing import exporting
from telephony.calls.listing.filters import checked_sort
from telephony.calls.listing.selection import Position
from telephony.management.call_filters import add_filters, add_sort, given_filters
from tenants.actions import record_audit
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """A list of calls as a file on standard output."""

    help = "Export all calls that fit as CSV or newline-delimited JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """The filters, and what kind of file."""
        super().add_arguments(parser)
        add_filters(parser)
        add_sort(parser)
        parser.add_argument("--file", choices=tuple(exporting.FORMATS), default="ndjson")

    def handle_tenant(self, **options: Any) -> None:
        """Written as it is read; memory stays the same."""
        filters = given_filters(options)
        sort, form = checked_sort(options["sort"], filters), options["file"]
        record_audit(action="calls.export", subject="calls", detail={"file": form})
        self.stdout.write(exporting.head(form).decode(), ending="")
        after: Position | None = None
        while True:
            some = exporting.rows_after(after, filters=filters, sort=sort)
            self.stdout.write(exporting.written(some.lines, form).decode(), ending="")
            after = some.last
            if after is None:
                return
