"""Call logs as CSV, counted: a row for each bin (`start,calls`), for each minute and district
(`minute,district,calls`), or for each call (its start time).

Read as people have them (`call_logs`), parsed and checked at the door: what cannot be read rightly
is refused with its line and what to do, and what is left out is told in the trace's notes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby, pairwise
from math import gcd
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.errors import ArrivalsError
from inference.replay.call_logs.clock_changes import comes_twice, is_skipped
from inference.replay.call_logs.columns import length_column
from inference.replay.call_logs.counts import whole_numbers
from inference.replay.call_logs.rows import CallRow, LogRows, read_rows
from inference.replay.call_logs.table import lines_of, read_table
from inference.replay.trace import DAY_S, Trace

__all__ = ["DAY_S", "Trace", "read_arrivals", "read_seconds"]

MINUTE_S: Final = 60
# A file has a day's gaps listed up to here; the rest is counted.
NAMED_GAPS: Final = 3
# A log of more years has a slip of the pen in one of its dates, and would not fit the machine's
# memory.
MOST_DAYS: Final = 3660
_AN_HOUR: Final = timedelta(hours=1)


def read_arrivals(
    path: Path,
    *,
    gaps_are_closed: bool = False,
    day_first: bool | None = None,
    zone: tzinfo | None = None,
) -> Trace:
    """A call log from a file; `ArrivalsError` names the line and what was expected there.

    With `gaps_are_closed` missing rows and days are read as times without calls. `day_first` says
    what 03/04 is where the log does not; times with an offset are read on the clock of `zone`.
    """
    log = read_rows(path, day_first=day_first, zone=zone)
    _refuse_centuries(log.rows, path)
    if log.columns.calls is None or log.columns.district is not None:
        return _added_up(log, path, gaps_are_closed=gaps_are_closed)
    return _binned(log, path, gaps_are_closed=gaps_are_closed)


def read_seconds(path: Path) -> NDArray[np.int64]:
    """Call lengths or start times: a column `seconds` of whole numbers above zero."""
    table = read_table(
        path, is_header=lambda row: length_column(row) is not None, expected="seconds"
    )
    place = length_column(table.header) or 0
    cells = [(line, fields[place]) for line, fields in table.rows]
    return np.array(whole_numbers(cells, path, least=1), np.int64)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), datetime.min.time())


def _refuse_centuries(rows: Sequence[CallRow], path: Path) -> None:
    first, last = rows[0], rows[-1]
    days = (last.at - first.at).days
    if days > MOST_DAYS:
        raise ArrivalsError(
            f"{path}, line {last.line}: {last.start} is {days} days after line {first.line}'s "
            f"{first.start}: expected at most {MOST_DAYS} days in one log"
        )


def _binned(log: LogRows, path: Path, *, gaps_are_closed: bool) -> Trace:
    notes = list(log.notes)
    rows = _one_a_start(log.rows, path, notes)
    if len(rows) < 2:
        raise ArrivalsError(f"{path}: one row: expected at least two, to know how long a bin is")
    step_s = min(int((after.at - before.at).total_seconds()) for before, after in pairwise(rows))
    if DAY_S % step_s:
        raise ArrivalsError(f"{path}: bins of {step_s} s: expected a length that divides the day")
    begins = _midnight(rows[0].at)
    offsets = [int((row.at - begins).total_seconds()) for row in rows]
    for row, offset in zip(rows, offsets, strict=True):
        if offset % step_s:
            raise ArrivalsError(
                f"{path}, line {row.line}: {row.start}: "
                f"expected a multiple of {step_s} s after midnight"
            )
    if not gaps_are_closed:
        _refuse_gaps([row.at for row in rows], step_s, path, notes)
    calls = np.zeros((offsets[-1] // DAY_S + 1) * (DAY_S // step_s), np.int64)
    calls[np.array(offsets) // step_s] = [row.calls for row in rows]
    return Trace(begins, step_s, calls, {"all": int(calls.sum())}, tuple(notes))


def _one_a_start(rows: Sequence[CallRow], path: Path, notes: list[str]) -> list[CallRow]:
    """One row for each start: the hour that comes twice in autumn is one, with both hours' calls.

    A row that is there twice, word for word, counts once.
    """
    kept, repeated, again = [], set[str](), list[int]()
    for at, group in groupby(rows, key=lambda row: row.at):
        first, *others = group
        calls = first.calls
        if len(others) == 1 and comes_twice(at):
            calls += others[0].calls
            repeated.add(f"{at:%Y-%m-%d}")
        elif all(other.fields == first.fields for other in others):
            again += [other.line for other in others]
        else:
            other = next(other for other in others if other.fields != first.fields)
            raise ArrivalsError(
                f"{path}, line {other.line}: {other.start} has {other.calls} calls here and "
                f"{first.calls} in line {first.line}: expected one row for each start"
            )
        kept.append(CallRow(at, calls, first.line, first.start, first.fields))
    if repeated:
        notes.append(
            f"{', '.join(sorted(repeated))}: an hour comes twice, since clocks went back; "
            "the calls of both are counted in it"
        )
    if again:
        notes.append(f"{len(again)} rows that came twice left out once ({lines_of(again)})")
    return kept


def _refuse_gaps(starts: Sequence[datetime], step_s: int, path: Path, notes: list[str]) -> None:
    """A bin missing within a day is a gap, but for the hour that clocks skip in spring.

    A missing night or day is one only in a log that runs round the clock.
    """
    last_bin = timedelta(seconds=DAY_S - step_s)
    full_days = sum(1 for start in starts if start - _midnight(start) == last_bin)
    round_the_clock = full_days > 0 and len(starts) * step_s > 0.9 * DAY_S * len(
        {start.date() for start in starts}
    )
    step = timedelta(seconds=step_s)
    gaps = []
    for before, after in pairwise(starts):
        missing = after - before - step
        if missing <= timedelta() or not (round_the_clock or before.date() == after.date()):
            continue
        if missing <= _AN_HOUR and is_skipped(before + step):
            notes.append(
                f"{before + step:%Y-%m-%d}: no rows from {before + step:%H:%M} to {after:%H:%M}, "
                "since clocks went forward; no calls are counted then"
            )
        else:
            gaps.append((before, after))
    if gaps:
        named = "; ".join(
            f"between {before:%Y-%m-%dT%H:%M} and {after:%Y-%m-%dT%H:%M}"
            for before, after in gaps[:NAMED_GAPS]
        )
        more = f" and {len(gaps) - NAMED_GAPS} more" if len(gaps) > NAMED_GAPS else ""
        raise ArrivalsError(
            f"{path}: rows missing {named}{more}: expected a row every {step_s} s, with 0 for no "
            "calls, or --gaps-are-closed"
        )


def _added_up(log: LogRows, path: Path, *, gaps_are_closed: bool) -> Trace:
    """Rows of districts or of single calls: whatever comes in a bin is added up."""
    rows = log.rows
    if log.columns.calls is None and all(row.at == _midnight(row.at) for row in rows):
        raise ArrivalsError(
            f"{path}, line {rows[0].line}: {rows[0].start}: expected each call's time of day too"
        )
    begins = _midnight(rows[0].at)
    days = (rows[-1].at.date() - begins.date()).days + 1
    offsets = [int((row.at - begins).total_seconds()) for row in rows]
    # All of a quarter of an hour's calls in its first minute would be a burst that never was.
    step_s = MINUTE_S if log.columns.by_minute else max(MINUTE_S, gcd(DAY_S, *offsets))
    calls = np.zeros(days * DAY_S // step_s, np.int64)
    districts: dict[str, int] = {}
    for row, offset in zip(rows, offsets, strict=True):
        calls[offset // step_s] += row.calls
        district = "all" if log.columns.district is None else row.fields[log.columns.district]
        districts[district] = districts.get(district, 0) + row.calls
    seen = {row.at.date() for row in rows}
    silent = [begins + timedelta(days=day) for day in range(days)]
    missing = [f"{day:%Y-%m-%d}" for day in silent if day.date() not in seen]
    if missing and not gaps_are_closed:
        raise ArrivalsError(
            f"{path}: no row on {', '.join(missing[:NAMED_GAPS])}: expected calls on every day, "
            "or --gaps-are-closed"
        )
    notes = log.notes
    if log.columns.calls is None:
        notes = (f"a row for each call: {len(rows)} calls counted by the minute", *notes)
    return Trace(begins, step_s, calls, districts, notes)
