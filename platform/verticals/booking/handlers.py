"""The tools that verticals share, each for a model of bookings: book, what is free, how it stands.

The caller's words become a start here, and what came of it an answer for the model of the agent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from tenants.actions import hold_tenant
from verticals.booking.actions import book_slot
from verticals.booking.models import Booking
from verticals.booking.queries import state_of, taken_on
from verticals.booking.saying import asked, read_back
from verticals.booking.slots import free_starts, nearest, spoken_times
from verticals.errors import SlotTaken
from verticals.spoken.days import DayDoubt, date_words, read_day
from verticals.spoken.numbers import digits_in_words, digits_of
from verticals.spoken.times import TimeDoubt, read_time, time_words
from verticals.types import ToolAnswer, ToolRequest

# A reference is said again once or twice; who goes on is guessing, or better off with a person.
MAX_NOT_FOUND: Final = 5
NOT_FOUND: Final = "not found"


@dataclass(frozen=True, slots=True)
class _Unclear:
    """The words name no one value: the question that would settle it, and why it is asked."""

    ask: str
    because: str


def book(
    request: ToolRequest,
    *,
    model: type[Booking],
    needed: Mapping[str, str],
    columns: Mapping[str, str],
) -> ToolAnswer:
    """Book the wanted start as a row of `model` with those columns, and tell its reference.

    `when` says the day, date and time that were understood. The same again is told the same; a
    booking that is thereby moved says so. A time that is taken is answered with those free around
    it, and words that name no one value with a question: `needed` holds the arguments that may not
    be empty, each with its question.
    """
    start = _wanted_start(request)
    if isinstance(start, _Unclear):
        return _unclear(start, request)
    for argument, ask in needed.items():
        if re.search(r"\w", request.arguments[argument]) is None:
            return _unclear(_Unclear(ask, because=f"the {argument} is missing"), request)
    try:
        booked = book_slot(request, model=model, start=start, columns=columns)
    except SlotTaken:
        free = _free_times(request, start.date(), model=model, near=start.time())
        result = {"status": "unavailable", "free": free, "when": _when(start, request)}
        return ToolAnswer(ok=False, result=result)
    status = "booked" if booked.moved_from is None else "moved"
    reference, when = digits_in_words(booked.reference), _when(booked.starts_at, request)
    say = read_back(
        when=when,
        who=model(**columns).who,
        where=columns.get("address", ""),
        reference=reference,
        was_moved=booked.moved_from is not None,
        language=request.language,
    )
    result = {"status": status, "reference": reference, "when": when}
    return ToolAnswer(ok=True, result=result, say=say)


def check_availability(request: ToolRequest, *, model: type[Booking]) -> ToolAnswer:
    """Three free times spread over the day of the argument `day`, or none."""
    day = _wanted_day(request)
    if isinstance(day, _Unclear):
        return _unclear(day, request)
    free = _free_times(request, day, model=model, near=None)
    return ToolAnswer(ok=True, result={"status": "ok", "free": free, "when": date_words(day)})


def check_status(request: ToolRequest, *, model: type[Booking]) -> ToolAnswer:
    """The state of the caller's booking with the `reference` that was said, or that there is none.

    A booking of somebody else's is none: a second fact is needed, such as the `name` it is under.
    After `MAX_NOT_FOUND` that were none, a call is told nothing more.
    """
    hold_tenant()  # guesses of one call at the same time are counted one after another
    answers = request.earlier_answers()
    if sum(answer.result.get("status") == NOT_FOUND for answer in answers) >= MAX_NOT_FOUND:
        return ToolAnswer(ok=False, result={"status": "error"})
    reference, name = digits_of(request.arguments["reference"]), request.arguments.get("name", "")
    if reference is None:
        ask = "what is the reference, digit by digit?"
        return _unclear(_Unclear(ask, because="a reference is digits alone"), request)
    state = state_of(reference, request=request, model=model, name=name)
    if state is None:
        return ToolAnswer(ok=True, result={"status": NOT_FOUND})
    return ToolAnswer(ok=True, result={"status": "found", "state": state})


def _wanted_start(request: ToolRequest) -> datetime | _Unclear:
    """The start named by the arguments `day` and `time`, on the business's clock."""
    day = _wanted_day(request)
    if isinstance(day, _Unclear):
        return day
    spoken_time, hours = request.arguments["time"], request.business.hours_on(day)
    at = read_time(spoken_time, open_between=hours, day_words=request.arguments["day"])
    if isinstance(at, TimeDoubt):
        return _Unclear(at.question, because=at.value)
    return datetime.combine(day, at, tzinfo=request.business.time_zone)


def _wanted_day(request: ToolRequest) -> date | _Unclear:
    """The day named by the argument `day`, on the business's calendar.

    A day said with the time must be the same, or stands for one that is not said here.
    """
    today = request.local_now.date()
    day = read_day(request.arguments["day"], today=today)
    with_time = read_day(request.arguments.get("time", ""), today=today)
    if not request.arguments["day"].strip():
        day = with_time
    elif with_time not in (day, DayDoubt.UNCLEAR):
        day = with_time if isinstance(with_time, DayDoubt) else DayDoubt.CONTRADICTION
    return _Unclear(day.question, because=day.value) if isinstance(day, DayDoubt) else day


def _when(start: datetime, request: ToolRequest) -> str:
    """The start as the caller hears it and may object: day, date and time."""
    hours = request.business.hours_on(start.date())
    return f"{date_words(start.date())} at {time_words(start.time(), open_between=hours)}"


def _free_times(request: ToolRequest, day: date, *, model: type[Booking], near: time | None) -> str:
    """At most three free times of that day, as they are said.

    Those nearest to `near`; without it spread over the day.
    """
    business = request.business
    taken = taken_on(day, model=model, business=business)
    starts = free_starts(day, business=business, taken=taken, now=request.now)
    return spoken_times(nearest(starts, to=near), business=business)


def _unclear(doubt: _Unclear, request: ToolRequest) -> ToolAnswer:
    return asked(doubt.ask, because=doubt.because, language=request.language)
