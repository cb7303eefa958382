"""Which times are granted, against what is taken. Pure.

Opening hours are read off the business's wall clock; from there on all is reckoned in moments, so
that a visit lasts as long as it should where the clock changes.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from verticals.spoken.times import time_words
from verticals.types import Business
from warmline.kernel.wall_clock import moments_of, reached, shown_at

_OFFERED = 3  # more than three times are not remembered on the telephone
_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def free_starts(
    day: date,
    *,
    business: Business,
    taken: Collection[Span],
    now: datetime,
) -> tuple[datetime, ...]:
    """Every start on that local day's grid that lies ahead, ends by closing and has capacity left.

    The grid begins with each opening; hours that began the evening before go on in the day.
    """
    starts: set[datetime] = set()
    for opens, closes in (*_opening(day - _DAY, business), *_opening(day, business)):
        start = opens
        while start < closes:
            on_day = shown_at(start, business.time_zone).date() == day
            if on_day and is_free(start, business=business, taken=taken, now=now):
                starts.add(start)
            start += timedelta(minutes=business.step_minutes)
    return tuple(start.astimezone(business.time_zone) for start in sorted(starts))


def is_free(start: datetime, *, business: Business, taken: Collection[Span], now: datetime) -> bool:
    """Whether a booking may begin then: ahead of now, within hours, with capacity all along.

    Never at a local time that the clock skips.
    """
    begin = start.astimezone(UTC)
    is_shown = begin.astimezone(start.tzinfo).replace(tzinfo=None) == start.replace(tzinfo=None)
    if begin <= now or not is_shown:
        return False
    end = begin + timedelta(minutes=business.slot_minutes)
    if not _is_open((begin, end), business):
        return False
    overlapping = [span for span in taken if span[0] < end and begin < span[1]]
    moments = [begin, *(span[0] for span in overlapping if span[0] > begin)]
    busiest = max(sum(span[0] <= at < span[1] for span in overlapping) for at in moments)
    return busiest < business.capacity


def meant_starts(wall: datetime, *, business: Business, now: datetime) -> tuple[datetime, ...]:
    """The moments (UTC) that a local time names as a start, the one to be tried first in front.

    Two where the clock shows it twice. A time at which the day is not open, or that is past, is
    meant of the night that follows where the day's own hours go on over midnight: "friday at one"
    of a bar that closes at two. None where it is never open then.
    """
    day, zone = wall.date(), business.time_zone
    moments = [at for at in moments_of(wall, zone) if at > now and _is_open((at, at), business)]
    if not moments:
        night = moments_of(wall + _DAY, zone)
        moments = [at for at in night if at > now and _holds(_opening(day, business), (at, at))]
    return tuple(moments)


def nearest(starts: Sequence[datetime], *, to: time | None) -> tuple[datetime, ...]:
    """At most three starts in order: those nearest to a time, or spread over the day.

    Of two that the clock shows alike the first, which is also the one that is booked.
    """
    shown: dict[time, datetime] = {}
    for start in starts:
        shown.setdefault(start.time().replace(fold=0), start)
    starts = tuple(shown.values())
    if to is None:
        step = max(1, -(-len(starts) // _OFFERED))
        return starts[::step][:_OFFERED]
    wanted_minute = to.hour * 60 + to.minute
    by_distance = sorted(
        starts, key=lambda start: abs(start.hour * 60 + start.minute - wanted_minute)
    )
    return tuple(sorted(by_distance[:_OFFERED], key=datetime.timestamp))


def spoken_times(starts: Sequence[datetime], *, business: Business) -> str:
    """Starts of one day as they are said: "eleven, half past two"."""
    hours = business.hours_on
    return ", ".join(time_words(at.time(), open_between=hours(at.date())) for at in starts)


def _opening(day: date, business: Business) -> tuple[Span, ...]:
    """From opening to closing of the hours that begin on that day, if any do."""
    hours = business.hours_on(day)
    if hours is None:
        return ()
    begins, ends = hours
    last_day = day if begins < ends else day + _DAY
    opens = reached(datetime.combine(day, begins), business.time_zone)
    closes = reached(datetime.combine(last_day, ends), business.time_zone)
    return ((opens, closes),) if opens < closes else ()


def _is_open(span: Span, business: Business) -> bool:
    """Whether the business is open all along; hours that follow one another at once are one."""
    day = shown_at(span[0], business.time_zone).date() - _DAY
    last_day = shown_at(span[1], business.time_zone).date()
    openings: list[Span] = []
    while day <= last_day:
        openings += _opening(day, business)
        day += _DAY
    return _holds(_joined(openings), span)


def _joined(openings: Iterable[Span]) -> list[Span]:
    """Openings in their order, those that touch or overlap as one."""
    joined: list[Span] = []
    for opens, closes in sorted(openings):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return joined


def _holds(openings: Iterable[Span], span: Span) -> bool:
    return any(opens <= span[0] < closes and span[1] <= closes for opens, closes in openings)
