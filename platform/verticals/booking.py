"""The rules by which a time is granted: from spoken words to a start, against what is taken.

Pure, but for the two functions that a vertical gives: `TakenOn` reads its table, and `write` in
`book` writes it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from verticals.errors import SlotTaken
from verticals.spoken.days import parse_day
from verticals.spoken.numbers import digits_in_words
from verticals.spoken.times import parse_time, time_words
from verticals.types import Business, ToolAnswer, ToolRequest

_OFFERED = 3  # more than three times are not remembered on the telephone
Span = tuple[datetime, datetime]
TakenOn = Callable[[date, ZoneInfo], Collection[Span]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A start that the caller asked for, on the business's clock."""

    start: datetime


@dataclass(frozen=True, slots=True)
class Unclear:
    """The words name no one value; `ask` is the question that would settle it."""

    ask: str


def book(
    request: ToolRequest,
    *,
    needed: Mapping[str, str],
    taken_on: TakenOn,
    write: Callable[[datetime], str],
) -> ToolAnswer:
    """Book the wanted start with `write`, which gives the reference or raises `SlotTaken`.

    A time that is taken is answered with those free around it, and words that name no one value
    with a question: `needed` holds the arguments that may not be empty, each with its question.
    """
    wanted = wanted_start(request)
    if isinstance(wanted, Unclear):
        return unclear(wanted.ask)
    for argument, ask in needed.items():
        if not request.arguments[argument].strip():
            return unclear(ask)
    try:
        return booked(write(wanted.start))
    except SlotTaken:
        return unavailable(
            free_times(request, wanted.start.date(), near=wanted.start.time(), taken_on=taken_on)
        )


def free_times(request: ToolRequest, day: date, *, near: time | None, taken_on: TakenOn) -> str:
    """At most three free times of that day, as they are said:
    those nearest to `near`, or spread over the day.
    """
    business = request.business
    taken = taken_on(day, business.time_zone)
    starts = free_starts(day, business=business, taken=taken, now=request.now)
    return spoken_times(nearest(starts, to=near), business=business)


def wanted_start(request: ToolRequest) -> Wanted | Unclear:
    """The start named by the arguments `day` and `time`."""
    day = wanted_day(request)
    if isinstance(day, Unclear):
        return day
    said, hours = request.arguments["time"], request.business.hours_on(day)
    at = parse_time(said, open_between=hours, day_words=request.arguments["day"])
    if at is None:
        return Unclear("what time would you like?")
    return Wanted(datetime.combine(day, at, tzinfo=request.business.time_zone))


def wanted_day(request: ToolRequest) -> date | Unclear:
    """The day named by the argument `day`, on the business's calendar."""
    day = parse_day(request.arguments["day"], today=request.local_now.date())
    return Unclear("which day would you like?") if day is None else day


def free_starts(
    day: date, *, business: Business, taken: Collection[Span], now: datetime
) -> tuple[datetime, ...]:
    """Every start on the grid of that day that lies ahead,
    ends by closing time and has capacity left.
    """
    hours = business.hours_on(day)
    if hours is None:
        return ()
    found, start = [], datetime.combine(day, hours[0], tzinfo=business.time_zone)
    closing = datetime.combine(day, hours[1], tzinfo=business.time_zone)
    while start + timedelta(minutes=business.slot_minutes) <= closing:
        if is_free(start, business=business, taken=taken, now=now):
            found.append(start)
        start += timedelta(minutes=business.step_minutes)
    return tuple(found)


def is_free(start: datetime, *, business: Business, taken: Collection[Span], now: datetime) -> bool:
    """Whether a visit may begin then:
    ahead of now, within opening hours, and with capacity at every moment of it.
    """
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
    """At most three starts, those nearest to a time of day (without one:
    spread over the day), in order.
    """
    if to is None:
        step = max(1, -(-len(starts) // _OFFERED))
        return tuple(starts[::step][:_OFFERED])
    asked = to.hour * 60 + to.minute
    by_distance = sorted(starts, key=lambda start: abs(start.hour * 60 + start.minute - asked))
    return tuple(sorted(by_distance[:_OFFERED]))


def spoken_times(starts: Sequence[datetime], *, business: Business) -> str:
    """Starts of one day as they are said: "eleven, half past two"."""
    return ", ".join(
        time_words(at.time(), open_between=business.hours_on(at.date())) for at in starts
    )


def booked(reference: str) -> ToolAnswer:
    """The answer for a granted booking."""
    return ToolAnswer(ok=True, result={"status": "booked", "reference": digits_in_words(reference)})


def unavailable(free: str) -> ToolAnswer:
    """The answer when that time is taken or closed;
    `free` names others on that day, spoken, or is empty.
    """
    return ToolAnswer(ok=False, result={"status": "unavailable", "free": free})


def unclear(ask: str) -> ToolAnswer:
    """The answer when the words name no one value:
    an error, so that nothing is taken for booked, with a question.
    """
    return ToolAnswer(ok=False, result={"status": "error", "ask": ask})
