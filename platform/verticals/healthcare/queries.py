"""The reads of this vertical, inside the bound tenant."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from verticals.healthcare.models import Appointment, AppointmentState
from verticals.healthcare.types import AppointmentLine


def taken_on(day: date, time_zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Start and end of every appointment that stands on that local day, in local time."""
    midnight = datetime.combine(day, time(), tzinfo=time_zone)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=time_zone)
    rows = Appointment.objects.filter(starts_at__lt=next_midnight, ends_at__gt=midnight)
    spans = rows.exclude(state=AppointmentState.CANCELLED).values_list("starts_at", "ends_at")
    return tuple((start.astimezone(time_zone), end.astimezone(time_zone)) for start, end in spans)


def appointments_of_call(call_id: str | UUID) -> tuple[AppointmentLine, ...]:
    """What a call booked, oldest first."""
    return tuple(_lines(Appointment.objects.filter(call_id=call_id).order_by("id")))


def _lines(rows: Iterable[Appointment]) -> Iterable[AppointmentLine]:
    for row in rows:
        yield AppointmentLine(
            id=row.id, call_id=row.call_id, reference=row.reference, reason=row.reason,
            patient_name=row.patient_name, starts_at=row.starts_at, ends_at=row.ends_at,
            state=row.state,
        )  # fmt: skip
