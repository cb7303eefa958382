"""When: dates and times as exports and spreadsheets write them, read a whole column at a time.

A library that reads one text at a time has to guess whether 03/04 is in March or in April; the
column mostly knows.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import msgspec

from inference.errors import ArrivalsError

Cell = tuple[int, str]

_EXCEL_DAY_0: Final = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's clock is local
# 1954 to 2119 in a spreadsheet's days; 2001 to 2100 in seconds and in milliseconds since 1970.
_EXCEL_DAYS: Final = (20_000.0, 80_000.0)
_UNIX_S: Final = (1e9, 4.1e9)
_UNIX_MS: Final = (1e12, 4.1e12)
_NUMBER: Final = re.compile(r"\d{5,13}(?:[.,]\d+)?")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            *("jan", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep"),
            *("oct okt", "nov", "dec dez"),
        ),
        start=1,
    )
    for name in names.split()
}
_NUMERIC_DATE: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?:[T,\s]+(.*))?")
_DAY_MONTH: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([^\W\d]{3,})\.?,?[\s-]+(\d{4}|\d{2})(?:[T,\s]+(.*))?"
)
_MONTH_DAY: Final = re.compile(
    r"([^\W\d]{3,})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4})(?:[T,\s]+(.*))?"
)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY: Final = re.compile(rf"({'|'.join(_WEEKDAYS)})[a-z]*\.?,?\s+", re.IGNORECASE)
# An interval is its beginning.
_UNTIL: Final = re.compile(
    r"(\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?)"
    r"(?:\s+[-–]\s+|[-–]|\s+(?:to|bis|until)\s+)\d{1,2}[:.h]\d{2}.*",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?"
    r"(?:\s*(?:uhr|h))?\s*(?:(z|utc|gmt)|([+-])(\d{2}):?(\d{2})|([a-z]{3,4}))?",
    re.IGNORECASE,
)


class _Parts(msgspec.Struct, frozen=True):
    """A moment whose day and month may still stand in either order."""

    first: int
    second: int
    year: int
    at: time
    days_later: int = 0  # 24:00 is the next day's midnight
    is_decided: bool = True  # the first is the day
    weekday: int | None = None  # as the text names it

    def read(self, *, day_first: bool) -> datetime | None:
        """The moment; None where there is no such date."""
        day, month = self.first, self.second
        if not self.is_decided and not day_first:
            day, month = month, day
        try:
            on = date(self.year, month, day) + timedelta(days=self.days_later)
        except (ValueError, OverflowError):
            return None
        named = date(self.year, month, day).weekday()
        return datetime.combine(on, self.at) if self.weekday in {None, named} else None


class Moments(msgspec.Struct, frozen=True):
    """A column on a wall clock, and what should be known of how it was read."""

    at: list[datetime]
    notes: tuple[str, ...] = ()


def read_moments(
    cells: Sequence[Cell], path: Path, *, day_first: bool | None, zone: tzinfo | None
) -> Moments:
    """The column's local times; `ArrivalsError` names the line that is none, and what to do.

    `day_first` decides 03/04 where the column does not. Times with an offset or a zone are read on
    the clock of `zone`, and without one as they are written.
    """
    parts = [_parse(text) for _, text in cells]
    order = _day_first(cells, parts, path, day_first)
    moments = []
    for (line, text), part in zip(cells, parts, strict=True):
        at = part.read(day_first=order) if isinstance(part, _Parts) else part
        if at is None:
            raise ArrivalsError(
                f"{path}, line {line}: {text[:40]!r}: expected a local time such as "
                "2016-01-23T07:05"
            )
        moments.append(at)
    return _on_one_clock(cells, moments, path, zone)


def is_moment(text: str) -> bool:
    """Whether a text names a date, whatever its order, perhaps with a time."""
    return _parse(text) is not None


def _from_number(text: str) -> datetime | None:
    """A spreadsheet's days, or seconds or milliseconds since 1970."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    if _EXCEL_DAYS[0] <= value <= _EXCEL_DAYS[1]:
        # Fractions of a day end somewhere: half a second is nearer to a second than any log.
        return _EXCEL_DAY_0 + timedelta(seconds=round(value * 86_400))
    if _UNIX_S[0] <= value <= _UNIX_S[1]:
        return datetime.fromtimestamp(int(value), UTC)
    if _UNIX_MS[0] <= value <= _UNIX_MS[1]:
        return datetime.fromtimestamp(int(value) // 1000, UTC)
    return None


def _parse(text: str) -> datetime | _Parts | None:
    number = _from_number(text)
    if number is not None:
        return number
    with suppress(ValueError):
        return datetime.fromisoformat(text).replace(microsecond=0)
    if "," in text and _WEEKDAY.match(text):
        with suppress(ValueError, OverflowError):
            return parsedate_to_datetime(text)  # RFC 2822, as Twilio writes it
    weekday = _WEEKDAY.match(text)
    parts = _parse_date(_UNTIL.sub(r"\1", text[weekday.end() :] if weekday else text))
    if weekday is None or parts is None:
        return parts
    return msgspec.structs.replace(parts, weekday=_WEEKDAYS.index(weekday[1].lower()))


def _parse_date(written: str) -> _Parts | None:
    if match := _NUMERIC_DATE.fullmatch(written):
        first, mark, second, third, at = match.groups()
        return _parts(first, second, third, at, mark=mark)
    if match := _DAY_MONTH.fullmatch(written):
        day, month, year, at = match.groups()
        return _parts(day, str(_MONTHS.get(month[:3].casefold(), 0)), year, at, mark=".")
    if match := _MONTH_DAY.fullmatch(written):
        month, day, year, at = match.groups()
        return _parts(day, str(_MONTHS.get(month[:3].casefold(), 0)), year, at, mark=".")
    return None


def _parts(first: str, second: str, third: str, at: str | None, *, mark: str) -> _Parts | None:
    """Numbers in the order that they stand in, and the time behind them."""
    clock = _clock(at or "0:00")
    if clock is None or (len(first) > 2 and len(third) > 2):
        return None
    moment, days_later = clock
    if len(first) > 2:  # the year stands first, and the month follows
        parts = _Parts(int(third), int(second), int(first), moment, days_later)
    else:
        year = int(third) if len(third) > 2 else 2000 + int(third)
        # Only days are parted from months by points.
        parts = _Parts(int(first), int(second), year, moment, days_later, is_decided=mark == ".")
    return parts


def _clock(text: str) -> tuple[time, int] | None:
    """A time of day, with its offset where it has one, and a day more for 24:00."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, half, utc, sign, off_h, off_min, name = match.groups()
    hour, minute, second = int(hours), int(minutes or 0), int(seconds or 0)
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    offset = _offset(utc, sign, off_h, off_min, name)
    # A bare 24 belongs to hours counted from 1 to 24, which begin nobody knows when.
    if (hour, minute, second) == (24, 0, 0) and minutes:
        return time(tzinfo=offset), 1
    if hour > 23 or minute > 59 or second > 59 or (name and offset is None):
        return None
    return time(hour, minute, second, tzinfo=offset), 0


def _offset(
    utc: str | None, sign: str | None, hours: str | None, minutes: str | None, name: str | None
) -> tzinfo | None:
    if utc:
        return UTC
    if sign and hours and minutes:
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(ahead if sign == "+" else -ahead) if ahead < timedelta(days=1) else None
    if name:
        hours_ahead = _NAMED_OFFSETS.get(name.upper())
        return None if hours_ahead is None else timezone(timedelta(hours=hours_ahead))
    return None


# Those of RFC 2822, and Central Europe's: other names have more than one meaning.
_NAMED_OFFSETS: Final = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
}


def _day_first(
    cells: Sequence[Cell],
    parts: Sequence[datetime | _Parts | None],
    path: Path,
    day_first: bool | None,
) -> bool:
    """Whether 03/04 is in April: the only order in which every row is a date.

    Where both are, the one in which the log has no day missing.
    """
    open_ = [
        (cell, part)
        for cell, part in zip(cells, parts, strict=True)
        if isinstance(part, _Parts) and not part.is_decided
    ]
    if day_first is not None or not open_:
        return bool(day_first) or not open_
    readings = {order: [part.read(day_first=order) for _, part in open_] for order in (True, False)}
    possible = [order for order in (True, False) if None not in readings[order]]
    if len(possible) == 2 and readings[True] != readings[False]:
        possible = [order for order in possible if _has_every_day(readings[order])]
        if len(possible) != 1:
            line, text = open_[0][0]
            raise ArrivalsError(
                f"{path}, line {line}: {text!r}: day and month may stand in either order: "
                "expected dates such as 2016-01-23, or --dates day-first or month-first"
            )
    return possible[0] if possible else True


def _has_every_day(moments: Iterable[datetime | None]) -> bool:
    days = {at.date() for at in moments if at is not None}
    return len(days) == (max(days) - min(days)).days + 1


def _on_one_clock(
    cells: Sequence[Cell], moments: Sequence[datetime], path: Path, zone: tzinfo | None
) -> Moments:
    aware = [at.tzinfo is not None for at in moments]
    if not any(aware):
        return Moments(list(moments))
    if not all(aware):
        line, text = cells[aware.index(False)]
        raise ArrivalsError(
            f"{path}, line {line}: {text!r}: expected an offset such as in the other rows, "
            "or none in any"
        )
    if zone is not None:
        on_it = []
        for (line, text), at in zip(cells, moments, strict=True):
            try:
                on_it.append(at.astimezone(zone).replace(tzinfo=None))
            except OverflowError:  # at either end of the calendar
                raise ArrivalsError(
                    f"{path}, line {line}: {text[:40]!r}: {zone} has no such time: expected a "
                    "time such as 2016-01-23T07:05"
                ) from None
        return Moments(on_it)
    offsets = sorted({f"{at:%z}" for at in moments})
    note = (
        f"times are taken as written, at {' and '.join(offsets[:3])} from UTC; "
        "--time-zone reads them on another clock"
    )
    return Moments([at.replace(tzinfo=None) for at in moments], (note,))
