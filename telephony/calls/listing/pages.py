"""The tenant's calls in pages: as many as are asked for, from where the page before ended.

Inside the bound tenant.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing

from telephony.calls.lines import line_of
from telephony.calls.listing.filters import CallFilters, Sort, checked_sort
from telephony.calls.listing.selection import Position, selected
from telephony.calls.types import CallCount, CallsPage
from telephony.errors import BadCursor
from telephony.models import Call
from tenants.context import current_tenant_id
from warmline.kernel.errors import BadInput

MAX_PAGE: Final = 100
# Who sees "1,000+" narrows the list; counting all of a million would take half a second.
MOST_COUNTED: Final = 1000
_ANY: Final = CallFilters()
_CURSOR_SALT: Final = "telephony.calls.cursor"


def calls_page(
    filters: CallFilters = _ANY,
    *,
    sort: str = "-started_at",
    cursor: str | None = None,
    size: int = 25,
) -> CallsPage:
    """A page of the tenant's calls that fit the filters.

    `BadCursor` for a cursor that was not given out for this very list; `BadInput` for a size
    outside 1..100 or a sort that these filters do not have.
    """
    if not 1 <= size <= MAX_PAGE:
        raise BadInput(f"page size {size}: expected 1 to {MAX_PAGE}")
    order = checked_sort(sort, filters)
    after = _read_cursor(cursor, order, filters) if cursor is not None else None
    # One more than is shown: whether there is a next page.
    rows = list(selected(filters, sort=order, after=after)[: size + 1])
    shown = rows[:size]
    next_cursor = make_cursor(shown[-1], order, filters) if len(rows) > size else None
    return CallsPage(tuple(line_of(call) for call in shown), next_cursor)


def counted(filters: CallFilters) -> CallCount:
    """How many calls fit, counted no further than `MOST_COUNTED`."""
    some = selected(filters).order_by().values("id")[: MOST_COUNTED + 1]
    calls = some.count()
    return CallCount(min(calls, MOST_COUNTED), is_all=calls <= MOST_COUNTED)


def make_cursor(last: Call, sort: Sort, filters: CallFilters) -> str:
    """Where a page of that list ended, for whoever asks for the next one."""
    value = last.started_at.isoformat() if sort.endswith("started_at") else last.talked_ms
    place = [current_tenant_id(), sort, filters.given(), value, str(last.pk)]
    return signing.dumps(place, salt=_CURSOR_SALT, compress=True)


def _read_cursor(cursor: str, sort: Sort, filters: CallFilters) -> Position:
    try:
        *of_list, value, last = signing.loads(cursor, salt=_CURSOR_SALT)
        if of_list == [current_tenant_id(), sort, filters.given()]:
            at = datetime.fromisoformat(value) if sort.endswith("started_at") else int(value)
            return at, UUID(last)
    except (signing.BadSignature, ValueError, TypeError):
        pass
    raise BadCursor("cursor: expected one that this list gave out")
