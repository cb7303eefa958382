"""All calls of a list as CSV or NDJSON, streamed: memory stays the same for ten and a million.

A stream outlives its view: it binds its tenant itself, for a page of rows at a time, so that no
transaction and no connection is held while a slow client reads.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

import msgspec

from telephony.calls.lines import CallRow, line_of
from telephony.calls.listing.filters import CallFilters, Sort
from telephony.calls.listing.selection import Position, rows
from telephony.calls.types import CallLine
from tenants.context import run_as_tenant
from warmline.kernel.ids import TenantId

Format = Literal["csv", "ndjson"]
FORMATS: Final[Mapping[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
}
ROWS_AT_ONCE: Final = 500
# A million rows take two minutes; who reads slower than this is gone.
DEADLINE_S: Final = 15 * 60.0
COLUMNS: Final = tuple(field.name for field in fields(CallLine))
# What a spreadsheet takes for a formula (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Some:
    """Some rows of a list, and where the next ones begin; None after the last."""

    lines: Sequence[CallLine]
    last: Position | None


async def exported(
    filters: CallFilters, *, sort: Sort, form: Format, tenant_id: TenantId
) -> AsyncIterator[bytes]:
    """The calls of the list, in pieces; a first line of CSV has the names of columns.

    A list that takes longer than `DEADLINE_S` is broken off, so that the client sees it cut short.
    """
    async with asyncio.timeout(DEADLINE_S):
        yield head(form)
        after: Position | None = None
        while True:
            some = await run_as_tenant(tenant_id, rows_after, after, filters=filters, sort=sort)
            yield written(some.lines, form)
            after = some.last
            if after is None:
                return


def rows_after(after: Position | None, *, filters: CallFilters, sort: Sort) -> Some:
    """The next rows of the list, inside the bound tenant."""
    some = rows(filters, sort=sort, after=after, limit=ROWS_AT_ONCE)
    last = _place(some[-1], sort) if len(some) == ROWS_AT_ONCE else None
    return Some([line_of(row) for row in some], last)


def head(form: Format) -> bytes:
    """What stands before the first row."""
    return _csv([COLUMNS]) if form == "csv" else b""


def _place(row: CallRow, sort: Sort) -> Position:
    return (row.started_at if sort.endswith("started_at") else row.talked_ms), row.id


def written(lines: Sequence[CallLine], form: Format) -> bytes:
    """Calls as they stand in the file."""
    if form == "ndjson":
        return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    return _csv([[_cell(value) for value in _values(line)] for line in lines])


def _values(line: CallLine) -> Iterator[Any]:
    for value in msgspec.to_builtins(line).values():
        yield "" if value is None else value


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run begins with an apostrophe; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
