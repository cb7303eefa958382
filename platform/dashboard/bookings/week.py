"""A week of bookings, as columns of days on the company's clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from verticals.booking.types import BookingLine
from warmline.kernel.wall_clock import reached

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week, with what begins on it."""

    on: date
    is_today: bool
    bookings: tuple[BookingLine, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on, and the Mondays before and after."""

    days: tuple[Day, ...]
    before: date
    after: date


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def bounds(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the week's first moment to the next one's."""
    begin, end = (datetime.combine(day, time()) for day in (monday, monday + _WEEK))
    return reached(begin, zone), reached(end, zone)


def week(monday: date, lines: Iterable[BookingLine], *, zone: ZoneInfo, today: date) -> Week:
    """The week of these bookings; cancelled ones are left out."""
    standing = [line for line in lines if line.state != "cancelled"]
    days = []
    for number in range(7):
        on = monday + timedelta(days=number)
        of_day = [line for line in standing if line.starts_at.astimezone(zone).date() == on]
        days.append(Day(on, on == today, tuple(of_day)))
    return Week(tuple(days), monday - _WEEK, monday + _WEEK)
