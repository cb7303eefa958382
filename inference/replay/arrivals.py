"""Call logs as CSV: `start,calls` in bins of one length, or `minute,district,calls`.

Parsed and checked at the door.
"""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from inference.errors import ArrivalsError

DAY_S: Final = 86_400
MINUTE_S: Final = 60
BINNED: Final = ("start", "calls")
BY_DISTRICT: Final = ("minute", "district", "calls")
# A file has a day's gaps listed up to here; the rest is counted.
NAMED_GAPS: Final = 3
# One bin of a log holds fewer calls than this: more is a slip of the pen, and would not fit the
# machine's memory.
MOST_CALLS: Final = 1_000_000


class Trace(msgspec.Struct, frozen=True):
    """Calls counted in bins of `step_s` seconds from midnight of the first day to midnight after
    the last.

    Hours and days without rows in a log with opening hours are closed: no calls. `districts` are
    the tenants with their calls; a log without districts has one, "all".
    """

    begins: datetime
    step_s: int
    calls: NDArray[np.int64]
    districts: dict[str, int]

    @property
    def days(self) -> int:
        """Whole days from the first to the last."""
        return len(self.calls) * self.step_s // DAY_S

    @property
    def ends(self) -> datetime:
        """Midnight after the last day."""
        return self.begins + timedelta(days=self.days)

    def between(self, begins: datetime, ends: datetime) -> "Trace":
        """The bins of some whole days; days outside the log are closed."""
        days = (ends - begins).days
        bins_a_day = DAY_S // self.step_s
        calls = np.zeros(days * bins_a_day, np.int64)
        first = (begins - self.begins).days * bins_a_day
        low, high = max(0, first), min(len(self.calls), first + len(calls))
        if low < high:
            calls[low - first : high - first] = self.calls[low:high]
        return msgspec.structs.replace(self, begins=begins, calls=calls)

    def followed_by(self, later: "Trace") -> "Trace":
        """Both logs on one axis from this one's first midnight.

        Days between them that nobody counted are taken as this log's last week: days without a call
        would teach a forecast that the callers had gone.
        """
        whole, late = (log.between(self.begins, later.ends).calls for log in (self, later))
        bins_a_day = DAY_S // self.step_s
        seam = (later.begins - self.begins).days * bins_a_day
        known, week = len(self.calls), 7 * bins_a_day
        if known >= week:
            between = np.arange(known, seam)
            whole[known:seam] = whole[between - ((between - known) // week + 1) * week]
        return msgspec.structs.replace(self, calls=np.concatenate([whole[:seam], late[seam:]]))


def read_arrivals(path: Path, *, gaps_are_closed: bool = False) -> Trace:
    """A call log from a file; `ArrivalsError` names the line and what was expected there.

    With `gaps_are_closed` missing rows and days are read as times without calls.
    """
    rows, header = _rows(path)
    if header == BY_DISTRICT:
        return _by_district(rows, path, gaps_are_closed=gaps_are_closed)
    return _binned(rows, path, gaps_are_closed=gaps_are_closed)


def read_seconds(path: Path) -> NDArray[np.int64]:
    """Call lengths or start times: a column `seconds` of whole numbers above zero."""
    rows, _ = _rows(path, headers=(("seconds",),))
    return np.array([_number(row[0], path, line, least=1) for line, row in rows], np.int64)


def _rows(
    path: Path, headers: Sequence[tuple[str, ...]] = (BINNED, BY_DISTRICT)
) -> tuple[list[tuple[int, list[str]]], tuple[str, ...]]:
    """The file's rows with their line numbers, in the header's order, and which header it has."""
    expected = " or ".join(",".join(header) for header in headers)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            columns = [column.strip() for column in next(reader, [])]
            known = next((header for header in headers if set(header) <= set(columns)), None)
            if known is None:
                raise ArrivalsError(
                    f"{path}: columns {','.join(columns) or '(none)'}: expected {expected}"
                )
            places = [columns.index(column) for column in known]
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ArrivalsError(
            f"{path}: {error}: expected a CSV file with the columns {expected}"
        ) from error
    if not rows:
        raise ArrivalsError(f"{path}: no rows: expected {expected}")
    for line, row in rows:
        if len(row) != len(columns):
            raise ArrivalsError(
                f"{path}, line {line}: {len(row)} fields: "
                f"expected {len(columns)}, {','.join(columns)}"
            )
    return [(line, [row[place].strip() for place in places]) for line, row in rows], known


def _number(text: str, path: Path, line: int, *, least: int = 0) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= MOST_CALLS:
        raise ArrivalsError(
            f"{path}, line {line}: {text!r}: expected a whole number from {least} to {MOST_CALLS}"
        )
    return value


def _moment(text: str, path: Path, line: int) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArrivalsError(
            f"{path}, line {line}: {text!r}: expected a local time such as 2016-01-23T07:05"
        ) from None
    if at.tzinfo is not None or at.microsecond:
        raise ArrivalsError(
            f"{path}, line {line}: {text!r}: expected a local time without zone or fractions"
        )
    return at


def _binned(rows: Sequence[tuple[int, list[str]]], path: Path, *, gaps_are_closed: bool) -> Trace:
    starts = [_moment(row[0], path, line) for line, row in rows]
    counts = [_number(row[1], path, line) for line, row in rows]
    if len(starts) < 2:
        raise ArrivalsError(f"{path}: one row: expected at least two, to know how long a bin is")
    steps = [int((after - before).total_seconds()) for before, after in pairwise(starts)]
    for (line, row), step in zip(rows[1:], steps, strict=True):
        if step <= 0:
            raise ArrivalsError(
                f"{path}, line {line}: {row[0]} is not after the row before: expected rising starts"
            )
    step_s = min(steps)
    if DAY_S % step_s:
        raise ArrivalsError(f"{path}: bins of {step_s} s: expected a length that divides the day")
    begins = datetime.combine(starts[0].date(), datetime.min.time())
    offsets = [int((start - begins).total_seconds()) for start in starts]
    for (line, row), offset in zip(rows, offsets, strict=True):
        if offset % step_s:
            raise ArrivalsError(
                f"{path}, line {line}: {row[0]}: expected a multiple of {step_s} s after midnight"
            )
    if not gaps_are_closed:
        _refuse_gaps(starts, step_s, path)
    calls = np.zeros((offsets[-1] // DAY_S + 1) * (DAY_S // step_s), np.int64)
    calls[np.array(offsets) // step_s] = counts
    return Trace(begins, step_s, calls, {"all": int(calls.sum())})


def _refuse_gaps(starts: Sequence[datetime], step_s: int, path: Path) -> None:
    """A bin missing within a day is a gap.

    A missing night or day is one only in a log that runs round the clock.
    """
    last_bin = timedelta(seconds=DAY_S - step_s)
    full_days = sum(
        1
        for start in starts
        if start - datetime.combine(start.date(), datetime.min.time()) == last_bin
    )
    round_the_clock = full_days > 0 and len(starts) * step_s > 0.9 * DAY_S * len(
        {start.date() for start in starts}
    )
    gaps = [
        (before, after)
        for before, after in pairwise(starts)
        if (after - before).total_seconds() > step_s
        and (round_the_clock or before.date() == after.date())
    ]
    if gaps:
        named = "; ".join(
            f"between {before:%Y-%m-%dT%H:%M} and {after:%Y-%m-%dT%H:%M}"
            for before, after in gaps[:NAMED_GAPS]
        )
        more = f" and {len(gaps) - NAMED_GAPS} more" if len(gaps) > NAMED_GAPS else ""
        raise ArrivalsError(
            f"{path}: rows missing {named}{more}: "
            f"expected a row every {step_s} s, with 0 for no calls"
        )


def _by_district(
    rows: Sequence[tuple[int, list[str]]], path: Path, *, gaps_are_closed: bool
) -> Trace:
    minutes = [_moment(row[0], path, line) for line, row in rows]
    for (line, row), (before, after) in zip(rows[1:], pairwise(minutes), strict=True):
        if after < before:
            raise ArrivalsError(
                f"{path}, line {line}: {row[0]} is before the row above: expected rising minutes"
            )
    begins = datetime.combine(minutes[0].date(), datetime.min.time())
    days = (minutes[-1].date() - minutes[0].date()).days + 1
    calls = np.zeros(days * DAY_S // MINUTE_S, np.int64)
    districts: dict[str, int] = {}
    for (line, row), minute in zip(rows, minutes, strict=True):
        count = _number(row[2], path, line)
        calls[int((minute - begins).total_seconds()) // MINUTE_S] += count
        districts[row[1]] = districts.get(row[1], 0) + count
    seen = {minute.date() for minute in minutes}
    silent = [begins + timedelta(days=day) for day in range(days)]
    missing = [f"{day:%Y-%m-%d}" for day in silent if day.date() not in seen]
    if missing and not gaps_are_closed:
        raise ArrivalsError(
            f"{path}: no row on {', '.join(missing[:NAMED_GAPS])}: expected calls on every day"
        )
    return Trace(begins, MINUTE_S, calls, districts)
