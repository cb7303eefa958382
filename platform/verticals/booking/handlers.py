"""The tools that verticals share, each for a model of bookings: book, what is free, how it stands.

The caller's words become a start here, and what came of it an answer for the model of the agent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from verticals.booking.actions import book_slot
from verticals.booking.models import Booking
from verticals.booking.queries import state_of, taken_on
from verticals.booking.slots import free_starts, nearest, spoken_times
from verticals.errors import SlotTaken
from verticals.spoken.days import parse_day
from verticals.spoken.numbers import digits_in_words, digits_of
from verticals.spoken.times import parse_time
from verticals.types import ToolAnswer, ToolRequest


@dataclass(frozen=True, slots=True)
class _Unclear:
    """The words name no one value; `ask` is the question that would settle it."""

    ask: str


def book(
    request: ToolRequest,
    *,
    model: type[Booking],
    needed: Mapping[str, str],
    columns: Mapping[str, str],
) -> ToolAnswer:
    """Book the wanted start as a row of `model` with those columns, and tell its reference.

    A time that is taken is answered with those free around it, and words that name no one value
    with a question: `needed` holds the arguments that may not be empty, each with its question.
    """
    start = _wanted_start(request)
    if isinstance(start, _Unclear):
        return _unclear(start.ask)
    for argument, ask in needed.items():
        if not request.arguments[argument].strip():
            return _unclear(ask)
    try:
        reference = book_slot(request, model=model, start=start, columns=columns)
    except SlotTaken:
        free = _free_times(request, start.date(), model=model, near=start.time())
        return ToolAnswer(ok=False, result={"status": "unavailable", "free": free})
    result = {"status": "booked", "reference": digits_in_words(reference)}
    return ToolAnswer(ok=True, result=result)


def check_availability(request: ToolRequest, *, model: type[Booking]) -> ToolAnswer:
    """Three free times spread over the day of the argument `day`, or none."""
    day = _wanted_day(request)
    if isinstance(day, _Unclear):
        return _unclear(day.ask)
    free = _free_times(request, day, model=model, near=None)
    return ToolAnswer(ok=True, result={"status": "ok", "free": free})


def check_status(request: ToolRequest, *, model: type[Booking]) -> ToolAnswer:
    """The state of the booking with the `reference` that was said, or that there is none."""
    reference = digits_of(request.arguments["reference"])
    if reference is None:
        return _unclear("what is the reference, digit by digit?")
    state = state_of(reference, model=model)
    if state is None:
        return ToolAnswer(ok=True, result={"status": "not found"})
    return ToolAnswer(ok=True, result={"status": "found", "state": state})


def _wanted_start(request: ToolRequest) -> datetime | _Unclear:
    """The start named by the arguments `day` and `time`, on the business's clock."""
    day = _wanted_day(request)
    if isinstance(day, _Unclear):
        return day
    spoken_time, hours = request.arguments["time"], request.business.hours_on(day)
    at = parse_time(spoken_time, open_between=hours, day_words=request.arguments["day"])
    if at is None:
        return _Unclear("what time would you like?")
    return datetime.combine(day, at, tzinfo=request.business.time_zone)


def _wanted_day(request: ToolRequest) -> date | _Unclear:
    """The day named by the argument `day`, on the business's calendar."""
    day = parse_day(request.arguments["day"], today=request.local_now.date())
    return _Unclear("which day would you like?") if day is None else day


def _free_times(request: ToolRequest, day: date, *, model: type[Booking], near: time | None) -> str:
    """At most three free times of that day, as they are said.

    Those nearest to `near`; without it spread over the day.
    """
    business = request.business
    taken = taken_on(day, model=model, time_zone=business.time_zone)
    starts = free_starts(day, business=business, taken=taken, now=request.now)
    return spoken_times(nearest(starts, to=near), business=business)


def _unclear(ask: str) -> ToolAnswer:
    """An error with a question, so that the model takes nothing for booked."""
    return ToolAnswer(ok=False, result={"status": "error", "ask": ask})
