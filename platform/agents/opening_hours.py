"""A business's opening hours as an operator writes them, in the words of a pool's schedule."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from agents.errors import BadHours
from verticals.types import Hours
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
        if not day <= until < day + timedelta(days=MAX_EXCEPTION_DAYS):
            raise BadInput(
                f"from {day} until {until}: expected from_date to be no later than until_date, "
                "and less than a year before it"
            )
        while day <= until:
            if day in by_date:
                raise BadInput(f"{day} has two exceptions: expected one")
            by_date[day] = hours
            day += timedelta(days=1)
    return by_date


def _hours(exceptional: Exceptional) -> Hours | None:
    if not exceptional.begins and not exceptional.ends:
        return None
    return parse_local_time(exceptional.begins), parse_local_time(exceptional.ends)
