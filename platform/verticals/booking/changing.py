"""A booking is cancelled or moved by a person, under the rules that tools go by.

Inside the bound tenant; one change at a time for a tenant.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from tenants.actions import hold_tenant, record_audit
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType
from verticals.booking.models import Booking, BookingState
from verticals.booking.queries import line_of, taken_between
from verticals.booking.slots import is_free
from verticals.booking.tables import booking_models
from verticals.booking.types import BookingLine
from verticals.errors import SlotTaken
from verticals.types import Business
from warmline.kernel.errors import BadInput, Conflict, NotFound
from warmline.kernel.wall_clock import checked_moment


def cancel_booking(booking_id: UUID, *, at: datetime) -> BookingLine:
    """Cancel it and free its time; cancelled already it stays as it is.

    `NotFound` when the tenant has none of that id, `Conflict` when it is over.
    """
    booking = _held(booking_id)
    if booking.state == BookingState.CANCELLED:
        return line_of(booking)
    _check_open(booking, at)
    booking.state = BookingState.CANCELLED
    changed(booking, at=at)
    booking.save()
    return _told(booking, EventType.BOOKING_CANCELLED)


def move_booking(
    booking_id: UUID, *, to: datetime, business: Business, at: datetime
) -> BookingLine:
    """Give it another start, if that is free; it keeps its reference and its length.

    `NotFound`, `Conflict` when it is cancelled or over, `SlotTaken`, and `BadInput` for a time
    without its offset from UTC.
    """
    if to.tzinfo is None:
        raise BadInput("starts_at: expected a time with its offset from UTC", field="starts_at")
    checked_moment(to)
    booking = _held(booking_id)
    _check_open(booking, at)
    start = to.astimezone(business.time_zone)
    if start == booking.starts_at:
        return line_of(booking)
    end = to + (booking.ends_at - booking.starts_at)
    taken = taken_between(to, end, model=type(booking), apart_from=booking)
    if not is_free(start, business=business, taken=taken, now=at):
        raise SlotTaken("that time is taken, past or outside opening hours")
    booking.starts_at, booking.ends_at = to, end
    changed(booking, at=at)
    booking.save()
    return _told(booking, EventType.BOOKING_CHANGED)


def changed(booking: Booking, *, at: datetime) -> None:
    """Another version of the booking, for calendars that hold the earlier one."""
    booking.revision += 1
    booking.changed_at = at


def announce_booking(booking: Booking, event: EventType) -> BookingLine:
    """Tell the company's own systems of it, in the transaction of what happened."""
    line = line_of(booking)
    announce(event, msgspec.to_builtins(line))
    return line


def _told(booking: Booking, event: EventType) -> BookingLine:
    record_audit(action=str(event), subject=str(booking.pk))
    return announce_booking(booking, event)


def _held(booking_id: UUID) -> Booking:
    hold_tenant()
    for model in booking_models():
        booking = model._default_manager.filter(pk=booking_id).first()
        if booking is not None:
            return booking
    raise NotFound(f"booking {booking_id}: this company has none of that id")


def _check_open(booking: Booking, at: datetime) -> None:
    if booking.state != BookingState.BOOKED or booking.ends_at <= at:
        state = booking.get_state_display() if booking.ends_at > at else "over"
        raise Conflict(f"booking {booking.reference} is {state}: expected one that lies ahead")
