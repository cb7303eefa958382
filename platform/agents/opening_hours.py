"""A business's opening hours as an operator writes them, in the words of a pool's schedule."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

import msgspec

from agents.errors import BadHours
from verticals.types import Business, Hours
from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import parse_local_date, parse_local_time

MAX_EXCEPTION_DAYS = 366


class Weekly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours on some weekdays (Monday is 0).

    Over midnight when they end earlier; hours that end when they begin, or from "00:00" to "24:00",
    last 24 hours.
    """

    days: tuple[int, ...]
    begins: str
    ends: str


class Exceptional(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other hours on the local dates from `from_date` to `until_date`, both included.

    Without `until_date` on the one date, without `begins` and `ends` closed.
    """

    from_date: str
    until_date: str = ""
    begins: str = ""
    ends: str = ""


class OpeningHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that `agents.actions.set_business` takes."""

    hours: tuple[Weekly, ...]
    holidays: tuple[str, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    slot_minutes: int = 60
    step_minutes: int = 30
    capacity: int = 1

    def arguments(self) -> dict[str, Any]:
        """The arguments of `set_business`; `BadHours` says what contradicts itself."""
        try:
            return {
                "week": _week(self.hours),
                "holidays": [parse_local_date(day) for day in self.holidays],
                "exceptions": _exceptions(self.exceptions),
                "slot_minutes": self.slot_minutes,
                "step_minutes": self.step_minutes,
                "capacity": self.capacity,
            }
        except BadInput as error:
            raise BadHours(f"opening hours: {error}") from error


def opening_hours_of(business: Business) -> OpeningHours:
    """A company's hours in the words of such a file: what `arguments` makes of it is the same."""
    days: dict[Hours, list[int]] = {}
    for day, hours in enumerate(business.week):
        if hours is not None:
            days.setdefault(hours, []).append(day)
    return OpeningHours(
        hours=tuple(Weekly(tuple(days[hours]), *_texts(hours)) for hours in days),
        holidays=tuple(sorted(day.isoformat() for day in business.holidays)),
        exceptions=tuple(_spans(business.exceptions)),
        slot_minutes=business.slot_minutes,
        step_minutes=business.step_minutes,
        capacity=business.capacity,
    )


def parse_opening_hours(raw: bytes) -> dict[str, Any]:
    """The arguments of `set_business` from their JSON; `BadHours` names what is wrong."""
    try:
        opening_hours = msgspec.json.decode(raw, type=OpeningHours)
    except msgspec.MsgspecError as error:
        raise BadHours(f"opening hours: {error}") from error
    return opening_hours.arguments()


def _week(hours: Sequence[Weekly]) -> list[Hours | None]:
    week: list[Hours | None] = [None] * 7
    for weekly in hours:
        if not weekly.days or not set(weekly.days) <= set(range(7)):
            raise BadInput(f"days {list(weekly.days)}: expected some of 0 (Monday) to 6 (Sunday)")
        for day in weekly.days:
            if week[day] is not None:
                raise BadInput(f"day {day} has hours twice: expected once")
            week[day] = (parse_local_time(weekly.begins), parse_local_time(weekly.ends))
    return week


def _exceptions(exceptions: Sequence[Exceptional]) -> dict[date, Hours | None]:
    by_date: dict[date, Hours | None] = {}
    for exceptional in exceptions:
        hours = _hours(exceptional)
        day = parse_local_date(exceptional.from_date)
        until = parse_local_date(exceptional.until_date or exceptional.from_date)
        if not 0 <= (until - day).days < MAX_EXCEPTION_DAYS:
            raise BadInput(
                f"from {day} until {until}: expected from_date to be no later than until_date, "
                "and less than a year before it"
            )
        for step in range((until - day).days + 1):
            date_within = day + timedelta(days=step)
            if date_within in by_date:
                raise BadInput(f"{date_within} has two exceptions: expected one")
            by_date[date_within] = hours
    return by_date


def _hours(exceptional: Exceptional) -> Hours | None:
    if not exceptional.begins and not exceptional.ends:
        return None
    return parse_local_time(exceptional.begins), parse_local_time(exceptional.ends)


def _spans(exceptions: Mapping[date, Hours | None]) -> Iterator[Exceptional]:
    """Dates in a row that have the same hours, as one."""
    span: list[date] = []
    for day in [*sorted(exceptions), None]:
        if span and (
            day is None
            or (day - span[-1]).days != 1
            or exceptions[day] != exceptions[span[0]]
            or len(span) == MAX_EXCEPTION_DAYS
        ):
            hours = exceptions[span[0]]
            begins, ends = ("", "") if hours is None else _texts(hours)
            until = "" if len(span) == 1 else span[-1].isoformat()
            yield Exceptional(span[0].isoformat(), until, begins, ends)
            span = []
        if day is not None:
            span.append(day)


def _texts(hours: Hours) -> tuple[str, str]:
    """Hours as they are written; a whole day ends with its midnight."""
    begins, ends = (at.isoformat("minutes") for at in hours)
    return begins, "24:00" if hours == (time(), time()) else ends
