"""The bookings of a tenant's vertical in pages, and those of a period. Inside the bound tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Q

from tenants.api.pages import Page, decode_cursor, encode_cursor
from tenants.api.requests import MAX_PAGE
from verticals.booking.queries import line_of
from verticals.booking.tables import booking_models
from verticals.booking.types import BookingLine
from warmline.kernel.errors import BadInput, NotFound

Sort = Literal["starts_at", "-starts_at"]
SORTS: Final[tuple[Sort, ...]] = ("starts_at", "-starts_at")
MOST_IN_A_PERIOD: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFilters:
    """Which bookings: those that fit all that is set. `since` is included, `until` is not."""

    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    reference: str = ""
    number: str = ""
    call: UUID | None = None


def bookings_page(
    filters: BookingFilters,
    *,
    sort: str = "starts_at",
    cursor: str | None = None,
    limit: int = 25,
) -> Page[BookingLine]:
    """A page of the bookings that fit, by their start."""
    if not 1 <= limit <= MAX_PAGE:
        raise BadInput(f"limit: expected 1 to {MAX_PAGE}", field="limit")
    if sort not in SORTS:
        raise BadInput(f"sort: expected one of {', '.join(SORTS)}", field="sort")
    kind, descends = f"bookings {sort} {filters}", sort.startswith("-")
    chosen = _chosen(filters)
    if cursor is not None:
        chosen &= _behind(decode_cursor(kind, cursor), descends=descends)
    rows = _rows(chosen, descends=descends, limit=limit + 1)
    shown = rows[:limit]
    next_cursor = None
    if len(rows) > limit:
        last = shown[-1]
        next_cursor = encode_cursor(kind, [last.starts_at.isoformat(), str(last.id)])
    return Page(tuple(shown), next_cursor)


def bookings_between(begin: datetime, end: datetime) -> Sequence[BookingLine]:
    """The bookings that begin in a period, cancelled ones too, at most `MOST_IN_A_PERIOD`."""
    chosen = Q(starts_at__gte=begin, starts_at__lt=end)
    return _rows(chosen, descends=False, limit=MOST_IN_A_PERIOD)


def booking(booking_id: UUID) -> BookingLine:
    """One booking; `NotFound` when the tenant has none of that id."""
    for line in _rows(Q(pk=booking_id), descends=False, limit=1):
        return line
    raise NotFound(f"booking {booking_id}: this company has none of that id")


def states() -> dict[str, str]:
    """Where a booking of the tenant's vertical may stand, each in words."""
    choices: dict[str, str] = {}
    for model in booking_models():
        for state, label in model._meta.get_field("state").flatchoices:
            choices[str(state)] = str(label)
    return choices


def _rows(chosen: Q, *, descends: bool, limit: int) -> list[BookingLine]:
    order = ("-starts_at", "-id") if descends else ("starts_at", "id")
    of_each = [
        [line_of(row) for row in model._default_manager.filter(chosen).order_by(*order)[:limit]]
        for model in booking_models()
    ]
    merged = merge(*of_each, key=lambda line: (line.starts_at, line.id), reverse=descends)
    return list(merged)[:limit]


def _chosen(filters: BookingFilters) -> Q:
    chosen = Q()
    if filters.state:
        chosen &= Q(state=filters.state)
    if filters.since is not None:
        chosen &= Q(starts_at__gte=filters.since)
    if filters.until is not None:
        chosen &= Q(starts_at__lt=filters.until)
    if filters.reference:
        chosen &= Q(reference=filters.reference)
    if filters.number:
        chosen &= Q(caller_number=filters.number)
    if filters.call is not None:
        chosen &= Q(call_id=filters.call)
    return chosen


def _behind(place: list[Any], *, descends: bool) -> Q:
    at, row_id = datetime.fromisoformat(place[0]), UUID(place[1])
    if descends:
        return Q(starts_at__lte=at) & (Q(starts_at__lt=at) | Q(id__lt=row_id))
    return Q(starts_at__gte=at) & (Q(starts_at__gt=at) | Q(id__gt=row_id))
