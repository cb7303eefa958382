"""The reads of bookings, inside the bound tenant."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps

from tenants.queries import tenant
from verticals.booking.models import Booking, BookingState
from verticals.booking.slots import Span
from verticals.booking.types import BookingLine


def taken_on(day: date, *, model: type[Booking], time_zone: ZoneInfo) -> tuple[Span, ...]:
    """Start and end of every booking that stands on that local day, in local time."""
    midnight = datetime.combine(day, time(), tzinfo=time_zone)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=time_zone)
    rows = model._default_manager.filter(starts_at__lt=next_midnight, ends_at__gt=midnight)
    spans = rows.exclude(state=BookingState.CANCELLED).values_list("starts_at", "ends_at")
    return tuple((start.astimezone(time_zone), end.astimezone(time_zone)) for start, end in spans)


def state_of(reference: str, *, model: type[Booking]) -> str | None:
    """What a caller is told about the booking of that reference; None when there is none."""
    booking = model._default_manager.filter(reference=reference).first()
    return None if booking is None else booking.get_state_display()


def bookings_of_call(call_id: str | UUID) -> tuple[BookingLine, ...]:
    """What a call booked in its tenant's vertical, oldest first."""
    models = apps.get_app_config(tenant().vertical).get_models()
    return tuple(
        _line(booking)
        for model in models
        if issubclass(model, Booking)
        for booking in model._default_manager.filter(call_id=call_id).order_by("id")
    )


def _line(row: Booking) -> BookingLine:
    return BookingLine(
        id=row.id,
        call_id=row.call_id,
        reference=row.reference,
        what=row.what,
        who=row.who,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
    )
