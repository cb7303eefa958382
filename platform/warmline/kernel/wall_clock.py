"""A place's wall clock: its times and dates as people write them, and the moments that they name.

Moments are aware and in UTC, so that what lies between two of them is what elapses.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from warmline.kernel.errors import BadInput

# Near the calendar's ends a moment has no place on other clocks: one of the year 1 in London lies
# before all time in New York.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


def parse_local_time(text: str) -> time:
    """A time of day such as "08:30"; "24:00" is the midnight that ends a day.

    `BadInput` for anything else, for one with an offset too: it would belong to no wall clock.
    """
    if text == "24:00":
        return time()
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no time of day such as 08:30") from None
    if at.tzinfo is not None:
        raise BadInput(
            f"{text!r}: expected a local time such as 08:30; its place is the time_zone's"
        )
    return at


def parse_local_date(text: str) -> date:
    """A date such as "2026-12-24", in no other spelling; `BadInput` for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise BadInput(f"{text!r} is no date: expected one such as 2026-12-24")
    return day


def parse_moment(text: str) -> datetime:
    """A moment such as "2026-12-24T09:00:00Z", with its offset; `BadInput` for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadInput(f"{text[:40]!r}: expected a time such as 2026-12-24T09:00:00Z")
    return checked_moment(moment)


def checked_moment(moment: datetime) -> datetime:
    """The moment, if every clock can show it and reckon with it; else `BadInput`."""
    checked_day(moment.date())
    return moment


def checked_day(day: date) -> date:
    """The day, if one may reckon with it; else `BadInput`."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(f"{day.isoformat()}: expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def is_within(at: time, *, begins: time, ends: time) -> bool:
    """Whether hours that begin and end then hold that time of day.

    Over midnight when they end earlier; hours that end when they begin last all day.
    """
    if begins < ends:
        return begins <= at < ends
    return at >= begins or at < ends


def moments_of(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """When the zone's clock shows that local time, oldest first.

    Once, as a rule; never where it is skipped, twice where the clock is set back.
    """
    moments = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(moment for moment in moments if shown_at(moment, zone) == wall))


def reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the zone's clock first shows that local time, or jumps past it."""
    moments = moments_of(wall, zone)
    if moments:
        return moments[0]
    # Read by the offset of after the jump it lies before the jump, and the other way round.
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    seconds = range(int((after - before).total_seconds()))
    return before + timedelta(
        seconds=bisect_left(
            seconds,
            True,
            key=lambda second: shown_at(before + timedelta(seconds=second), zone) >= wall,
        )
    )


def shown_at(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clock shows at a moment, without zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
