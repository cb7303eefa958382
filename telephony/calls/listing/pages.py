"""The tenant's calls in pages: as many as are asked for, from where the page before ended.

Inside the bound tenant.
"""

import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from telephony.calls.lines import CallRow, line_of
from telephony.calls.listing.filters import CallFilters, Sort, checked_sort
from telephony.calls.listing.selection import Position, rows, selected
from telephony.calls.types import CallCount, CallLine
from telephony.models import Call
from tenants.api.pages import Page, decode_cursor, encode_cursor
from tenants.api.requests import MAX_PAGE
from warmline.kernel.errors import BadInput

# Who sees "1,000+" narrows the list; counting all of a million would take half a second.
MOST_COUNTED: Final = 1000
_ANY: Final = CallFilters()


def calls_page(
    filters: CallFilters = _ANY,
    *,
    sort: str = "-started_at",
    cursor: str | None = None,
    limit: int = 25,
) -> Page[CallLine]:
    """A page of the tenant's calls that fit the filters.

    `BadCursor` for a cursor that was not given out for this very list; `BadInput` for a limit
    outside 1..100 or a sort that these filters do not have.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise BadInput(f"limit: expected 1 to {MAX_PAGE}", field="limit")
    order = checked_sort(sort, filters)
    after = _read_cursor(cursor, order, filters) if cursor is not None else None
    # One more than is shown: whether there is a next page.
    some = rows(filters, sort=order, after=after, limit=limit + 1)
    shown = some[:limit]
    next_cursor = make_cursor(shown[-1], order, filters) if len(some) > limit else None
    return Page(tuple(line_of(call) for call in shown), next_cursor)


def counted(filters: CallFilters) -> CallCount:
    """How many calls fit, counted no further than `MOST_COUNTED`."""
    some = selected(filters).order_by().values("id")[: MOST_COUNTED + 1]
    calls = some.count()
    return CallCount(min(calls, MOST_COUNTED), is_all=calls <= MOST_COUNTED)


def make_cursor(last: Call | CallRow, sort: Sort, filters: CallFilters) -> str:
    """Where a page of that list ended, for whoever asks for the next one."""
    value = last.started_at.isoformat() if sort.endswith("started_at") else last.talked_ms
    return encode_cursor(_list(sort, filters), [value, str(last.id)])


def _read_cursor(cursor: str, sort: Sort, filters: CallFilters) -> Position:
    value, last = decode_cursor(_list(sort, filters), cursor)
    at = datetime.fromisoformat(value) if sort.endswith("started_at") else int(value)
    return at, UUID(last)


def _list(sort: Sort, filters: CallFilters) -> str:
    """A list's own name: what a page is of."""
    digest = hashlib.sha256(msgspec.json.encode(sorted(filters.given().items())))
    return f"calls {sort} {digest.hexdigest()[:16]}"
