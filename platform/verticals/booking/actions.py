"""The writes of bookings: one at a time for a tenant, under a reference that is free."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tenants.actions import hold_tenant
from tenants.webhooks.types import EventType
from verticals.booking.changing import announce_booking, changed
from verticals.booking.identity import same_words
from verticals.booking.models import Booking, BookingState
from verticals.booking.queries import standing_of_call, taken_between
from verticals.booking.slots import is_free, meant_starts
from verticals.booking.types import Booked
from verticals.errors import NoReferenceLeft, SlotTaken
from verticals.types import ToolRequest
from warmline.kernel.wall_clock import moments_of

# Four digits are easily read out; longer ones only once those run short, after eight tries each.
_LENGTHS = (4, 5, 6)
_TRIES = 8


def book_slot(
    request: ToolRequest,
    *,
    model: type[Booking],
    start: datetime,
    columns: Mapping[str, str],
) -> Booked:
    """Book that local time for the request's call, with the vertical's own `columns`.

    Two callers who want the same time are served one after the other: the second gets `SlotTaken`.
    The same wish again, for the same person by the same call, is the booking that stands already,
    with the columns as they are now said. Who wants the same at another time of that day has
    changed his mind: the booking is moved there and keeps its reference.
    """
    business = request.business
    # The second caller waits here, for the role's `lock_timeout` at most: for any time, since a
    # visit may run over midnight, and one that is moved frees the time that another wants.
    hold_tenant()
    wish = model(
        call_id=request.call_id,
        caller_number=request.caller_number,
        as_said=dict(request.arguments),
        **columns,
    )
    standing = standing_of_call(request.call_id, model=model)
    own = [booking for booking in standing if same_words(booking.who, wish.who)]
    wall = start.replace(tzinfo=None)
    starts = meant_starts(wall, business=business, now=request.now)
    # A moment that has passed since is still the one that was booked.
    moments = {*starts, *moments_of(wall, business.time_zone)}
    same = next((booking for booking in own if booking.starts_at in moments), None)
    if same is not None:
        return _kept(same, columns=columns, request=request)
    earlier = _to_be_moved(own, wish=wish, start=start, request=request)
    free = _first_free(starts, request=request, model=model, apart_from=earlier)
    if earlier is not None:
        return _moved(earlier, to=free, columns=columns, request=request)
    wish.starts_at, wish.ends_at = free, free + timedelta(minutes=business.slot_minutes)
    wish.created_at = wish.changed_at = request.now
    _insert(wish)
    announce_booking(wish, EventType.BOOKING_CREATED)
    return Booked(wish.reference, free.astimezone(business.time_zone))


def _to_be_moved(
    own: Collection[Booking], *, wish: Booking, start: datetime, request: ToolRequest
) -> Booking | None:
    """The person's booking of the same on that day, if there is one.

    On another day it is a second one: series of visits are booked in one call.
    """
    zone = request.business.time_zone
    for booking in own:
        on_that_day = booking.starts_at.astimezone(zone).date() == start.date()
        is_open = booking.state == BookingState.BOOKED and booking.starts_at > request.now
        if on_that_day and is_open and same_words(booking.what, wish.what):
            return booking
    return None


def _first_free(
    starts: Collection[datetime],
    *,
    request: ToolRequest,
    model: type[Booking],
    apart_from: Booking | None,
) -> datetime:
    business = request.business
    for start in starts:
        end = start + timedelta(minutes=business.slot_minutes)
        taken = taken_between(start, end, model=model, apart_from=apart_from)
        if is_free(start, business=business, taken=taken, now=request.now):
            return start
    raise SlotTaken("that time is taken, past or outside opening hours")


def _moved(
    booking: Booking, *, to: datetime, columns: Mapping[str, str], request: ToolRequest
) -> Booked:
    moved_from = booking.starts_at.astimezone(request.business.time_zone)
    booking.starts_at = to
    booking.ends_at = to + timedelta(minutes=request.business.slot_minutes)
    changed(booking, at=request.now)
    booked = replace(_kept(booking, columns=columns, request=request), moved_from=moved_from)
    announce_booking(booking, EventType.BOOKING_CHANGED)
    return booked


def _kept(booking: Booking, *, columns: Mapping[str, str], request: ToolRequest) -> Booked:
    """The booking that stands, as it is now said; what is not said again stays."""
    for name, value in columns.items():
        if value:
            setattr(booking, name, value)
    booking.as_said = dict(request.arguments)
    booking.save()
    return Booked(booking.reference, booking.starts_at.astimezone(request.business.time_zone))


def _insert(booking: Booking) -> None:
    """Insert it under a random reference that is free in its tenant.

    `NoReferenceLeft` when none was found.
    """
    for digits in _LENGTHS:
        for _ in range(_TRIES):
            booking.reference = str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))
            try:
                with transaction.atomic():
                    return booking.save(force_insert=True)
            except IntegrityError as error:
                if "_reference" not in str(error):
                    raise
    raise NoReferenceLeft("no free booking reference was found in 24 tries")
