"""The reads of this vertical, inside the bound tenant."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from verticals.homeservices.models import Visit, VisitState
from verticals.homeservices.types import VisitLine


def taken_on(day: date, time_zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Start and end of every visit that stands on that local day, in local time."""
    midnight = datetime.combine(day, time(), tzinfo=time_zone)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=time_zone)
    rows = Visit.objects.filter(starts_at__lt=next_midnight, ends_at__gt=midnight)
    spans = rows.exclude(state=VisitState.CANCELLED).values_list("starts_at", "ends_at")
    return tuple((start.astimezone(time_zone), end.astimezone(time_zone)) for start, end in spans)


def state_of(reference: str) -> str | None:
    """What a caller is told about the visit of that reference; None when there is none."""
    visit = Visit.objects.filter(reference=reference).first()
    return None if visit is None else str(VisitState(visit.state).label)


def visits_of_call(call_id: str | UUID) -> tuple[VisitLine, ...]:
    """What a call booked, oldest first."""
    return tuple(_lines(Visit.objects.filter(call_id=call_id).order_by("id")))


def _lines(rows: Iterable[Visit]) -> Iterable[VisitLine]:
    for row in rows:
        yield VisitLine(
            id=row.id,
            call_id=row.call_id,
            reference=row.reference,
            service=row.service,
            customer_name=row.customer_name,
            address=row.address,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=row.state,
        )
