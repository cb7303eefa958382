"""Which times are granted, against what is taken. Pure."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from verticals.spoken.times import time_words
from verticals.types import Business

_OFFERED = 3  # more than three times are not remembered on the telephone
Span = tuple[datetime, datetime]


def free_starts(
    day: date,
    *,
    business: Business,
    taken: Collection[Span],
    now: datetime,
) -> tuple[datetime, ...]:
    """Every start on the day's grid that lies ahead, ends by closing and has capacity left."""
    hours = business.hours_on(day)
    if hours is None:
        return ()
    starts: list[datetime] = []
    start = datetime.combine(day, hours[0], tzinfo=business.time_zone)
    closing = datetime.combine(day, hours[1], tzinfo=business.time_zone)
    while start + timedelta(minutes=business.slot_minutes) <= closing:
        if is_free(start, business=business, taken=taken, now=now):
            starts.append(start)
        start += timedelta(minutes=business.step_minutes)
    return tuple(starts)


def is_free(start: datetime, *, business: Business, taken: Collection[Span], now: datetime) -> bool:
    """Whether a booking may begin then: ahead of now, within hours, with capacity all along."""
    end = start + timedelta(minutes=business.slot_minutes)
    hours = business.hours_on(start.date())
    if hours is None or start <= now or start.timetz().replace(tzinfo=None) < hours[0]:
        return False
    if end > datetime.combine(start.date(), hours[1], tzinfo=business.time_zone):
        return False
    overlapping = [span for span in taken if span[0] < end and start < span[1]]
    moments = [start, *(span[0] for span in overlapping if span[0] > start)]
    busiest = max(sum(span[0] <= at < span[1] for span in overlapping) for at in moments)
    return busiest < business.capacity


def nearest(starts: Sequence[datetime], *, to: time | None) -> tuple[datetime, ...]:
    """At most three starts in order: those nearest to a time, or spread over the day."""
    if to is None:
        step = max(1, -(-len(starts) // _OFFERED))
        return tuple(starts[::step][:_OFFERED])
    wanted_minute = to.hour * 60 + to.minute
    by_distance = sorted(
        starts, key=lambda start: abs(start.hour * 60 + start.minute - wanted_minute)
    )
    return tuple(sorted(by_distance[:_OFFERED]))


def spoken_times(starts: Sequence[datetime], *, business: Business) -> str:
    """Starts of one day as they are said: "eleven, half past two"."""
    hours = business.hours_on
    return ", ".join(time_words(at.time(), open_between=hours(at.date())) for at in starts)
