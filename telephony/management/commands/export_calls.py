"""`manage.py export_calls --tenant SLUG --file csv > calls.csv`: all calls of a list."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.calls.listing import exporting
from telephony.calls.listing.filters import NAMES, checked_sort, parsed_filters
from telephony.calls.listing.selection import Position
from telephony.management.commands.list_calls import add_filters
from tenants.actions import record_audit
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """A list of calls as a file on standard output."""

    help = "Export all calls that fit as CSV or newline-delimited JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """The filters, and what kind of file."""
        super().add_arguments(parser)
        add_filters(parser)
        parser.add_argument("--file", choices=tuple(exporting.FORMATS), default="ndjson")

    def handle_tenant(self, **options: Any) -> None:
        """Written as it is read; memory stays the same."""
        filters = parsed_filters({name: options[name] for name in NAMES})
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
