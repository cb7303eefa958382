"""The reads of bookings, inside the bound tenant."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from verticals.booking.identity import is_name_of, is_number_of
from verticals.booking.models import Booking, BookingState
from verticals.booking.slots import Span
from verticals.booking.tables import booking_models
from verticals.booking.types import BookingLine
from verticals.types import Business, ToolRequest
from warmline.kernel.wall_clock import reached


def taken_on(day: date, *, model: type[Booking], business: Business) -> tuple[Span, ...]:
    """Start and end of every booking that stands while a visit that begins on that local day may
    last.
    """
    midnight = reached(datetime.combine(day, time()), business.time_zone)
    next_midnight = reached(datetime.combine(day + timedelta(days=1), time()), business.time_zone)
    until = next_midnight + timedelta(minutes=business.slot_minutes)
    return taken_between(midnight, until, model=model)


def taken_between(
    begin: datetime, end: datetime, *, model: type[Booking], apart_from: Booking | None = None
) -> tuple[Span, ...]:
    """Start and end of every booking that stands in that time, but for one that is to be moved."""
    rows = _standing(model).filter(starts_at__lt=end, ends_at__gt=begin)
    if apart_from is not None:
        rows = rows.exclude(pk=apart_from.pk)
    return tuple(rows.values_list("starts_at", "ends_at"))


def standing_of_call(call_id: str | UUID, *, model: type[Booking]) -> Sequence[Booking]:
    """What a call has booked and not cancelled, oldest first."""
    return tuple(_standing(model).filter(call_id=call_id).order_by("id"))


def state_of(
    reference: str, *, request: ToolRequest, model: type[Booking], name: str
) -> str | None:
    """What a caller is told about the booking of that reference; None when there is none of theirs.

    Theirs by a second fact: this call booked it, it comes from the number that did, or the caller
    says the name it is under.
    """
    booking = model._default_manager.filter(reference=reference).first()
    if booking is None:
        return None
    is_theirs = (
        str(booking.call_id) == request.call_id
        or is_number_of(request.caller_number, number=booking.caller_number)
        or is_name_of(name, name=booking.who)
    )
    return booking.get_state_display() if is_theirs else None


def bookings_of_call(call_id: str | UUID) -> tuple[BookingLine, ...]:
    """What a call booked in its tenant's vertical, oldest first."""
    return tuple(
        line_of(booking)
        for model in booking_models()
        for booking in model._default_manager.filter(call_id=call_id).order_by("id")
    )


def _standing(model: type[Booking]) -> QuerySet[Booking]:
    return model._default_manager.exclude(state=BookingState.CANCELLED)


def line_of(row: Booking) -> BookingLine:
    """A booking of any vertical as it is shown."""
    return BookingLine(
        id=row.id,
        call_id=row.call_id,
        reference=row.reference,
        what=row.what,
        who=row.who,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        caller_number=row.caller_number,
        revision=row.revision,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
