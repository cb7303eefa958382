"""Hours that a wall clock shows twice, or never: where clocks go back or forward."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

# Clocks are changed at night; so far into it, the world over.
LATEST_HOUR = 5


def comes_twice(at: datetime) -> bool:
    """Whether clocks that are put back somewhere that night show this time twice."""
    return _change(at) > timedelta()


def is_skipped(at: datetime) -> bool:
    """Whether clocks that are put forward somewhere that night never show this time."""
    return _change(at) < timedelta()


@cache
def _change(at: datetime) -> timedelta:
    """How far clocks are put back at this wall clock's time; less than nothing: forward."""
    if at.hour >= LATEST_HOUR:
        return timedelta()
    for zone in _zones():
        local = at.replace(tzinfo=zone)
        earlier, later = local.utcoffset(), local.replace(fold=1).utcoffset()
        if earlier is not None and later is not None and earlier != later:
            return earlier - later
    return timedelta()


@cache
def _zones() -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()) if "/" in name)
