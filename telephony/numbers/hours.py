"""When a number's callers are answered, and how its hours are stored."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from agents.opening_hours import OpeningHours, opening_hours_of
from telephony.types import OpenHours, StoredHours
from verticals.types import Business, Hours
from warmline.kernel.wall_clock import parse_local_date, parse_local_time


def stored_hours(given: OpeningHours) -> dict[str, Any]:
    """What a number's row keeps of hours; `BadHours` says what contradicts itself."""
    arguments = given.arguments()
    return {
        "week": [_stored(hours) for hours in arguments["week"]],
        "holidays": sorted(day.isoformat() for day in set(arguments["holidays"])),
        "exceptions": {
            day.isoformat(): _stored(hours) for day, hours in arguments["exceptions"].items()
        },
    }


def shown_hours(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A row's hours in the words in which they are given: what is read can be sent again."""
    own = own_hours(stored, time_zone="UTC")
    business = Business(
        time_zone=_zone(own.time_zone),
        week=tuple(_parsed(hours) for hours in own.week),
        holidays=frozenset(parse_local_date(day) for day in own.holidays),
        exceptions={parse_local_date(day): _parsed(hours) for day, hours in own.exceptions.items()},
    )
    whole = msgspec.to_builtins(opening_hours_of(business))
    return {name: whole[name] for name in ("hours", "holidays", "exceptions")}


def own_hours(stored: Mapping[str, Any], *, time_zone: str) -> OpenHours:
    """A row's hours as the number table keeps them."""
    return msgspec.convert({**stored, "time_zone": time_zone}, OpenHours)


def company_hours(business: Business) -> OpenHours:
    """The company's own opening hours as the number table keeps them."""
    return OpenHours(
        time_zone=business.time_zone.key,
        week=tuple(_stored(hours) for hours in business.week),
        holidays=tuple(sorted(day.isoformat() for day in business.holidays)),
        exceptions={day.isoformat(): _stored(hours) for day, hours in business.exceptions.items()},
    )


def is_open(hours: OpenHours, *, at: datetime) -> bool:
    """Whether the hours hold that moment, which is aware."""
    wall = at.astimezone(_zone(hours.time_zone))
    clock = wall.time()
    today = _hours_on(hours, wall.date())
    if today is not None and today[0] <= clock and (clock < today[1] or today[1] <= today[0]):
        return True
    before = _hours_on(hours, wall.date() - timedelta(days=1))
    return before is not None and before[1] <= before[0] and clock < before[1]


def _hours_on(hours: OpenHours, day: date) -> Hours | None:
    stored = hours.week[day.weekday()]
    written = day.isoformat()
    if written in hours.holidays:
        stored = None
    if written in hours.exceptions:
        stored = hours.exceptions[written]
    return _parsed(stored)


def _parsed(stored: StoredHours) -> Hours | None:
    return None if stored is None else (parse_local_time(stored[0]), parse_local_time(stored[1]))


def _stored(hours: Hours | None) -> StoredHours:
    return None if hours is None else (hours[0].isoformat("minutes"), hours[1].isoformat("minutes"))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
