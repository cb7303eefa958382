"""A log's rows in order of time, without what is no call: totals, repetitions, outbound calls."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import msgspec

from inference.errors import ArrivalsError
from inference.replay.call_logs.columns import EXPECTED, Columns, columns_of
from inference.replay.call_logs.counts import whole_numbers
from inference.replay.call_logs.moments import is_moment, read_moments
from inference.replay.call_logs.table import Row, Table, lines_of, read_table

# How a row begins that sums up those above it.
_SUMMARY: Final = re.compile(
    r"(grand |sub)?totals?\b|sum\b|summe|gesamt|suma\b|somme\b"
    r"|average\b|avg\b|mean\b|maximum\b|max\b|minimum\b|min\b|durchschnitt|mittelwert",
    re.IGNORECASE,
)


class CallRow(msgspec.Struct, frozen=True):
    """So many calls at a moment, as a line of the file says."""

    at: datetime
    calls: int
    line: int
    start: str
    fields: tuple[str, ...]


class LogRows(msgspec.Struct, frozen=True):
    """A log's rows by time; `notes` say what was left out."""

    rows: list[CallRow]
    columns: Columns
    notes: tuple[str, ...]


def read_rows(path: Path, *, day_first: bool | None, zone: tzinfo | None) -> LogRows:
    """The rows of a log's file; `ArrivalsError` names the line and what was expected there."""
    table = read_table(path, is_header=lambda row: columns_of(row) is not None, expected=EXPECTED)
    columns = columns_of(table.header)
    assert columns is not None, "a table's header is one"
    for place in (columns.start, columns.calls):
        if place is not None and table.header.count(table.header[place]) > 1:
            raise ArrivalsError(
                f"{path}: several columns are called {table.header[place]!r}: expected one"
            )
    if columns.date is not None and is_moment(table.rows[0][1][columns.start]):
        columns = msgspec.structs.replace(columns, date=None)  # the time names its date itself
    notes = list(table.notes)
    rows = _without_total(table, columns, notes)
    rows = _inbound(rows, columns, notes)
    rows = _once(rows, columns, notes)
    if not rows:
        raise ArrivalsError(f"{path}: no rows: expected {EXPECTED}")
    starts = [(line, _start(fields, columns)) for line, fields in rows]
    moments = read_moments(starts, path, day_first=day_first, zone=zone)
    notes += moments.notes
    counts = [1] * len(rows)
    if columns.calls is not None:
        place = columns.calls
        counts = whole_numbers([(line, fields[place]) for line, fields in rows], path)
    read = [
        CallRow(at, calls, line, start, tuple(fields))
        for at, calls, (line, start), (_, fields) in zip(
            moments.at, counts, starts, rows, strict=True
        )
    ]
    ordered = sorted(read, key=lambda row: row.at)
    if columns.calls is not None and ordered != read:
        notes.append("rows stood in another order than their times and were sorted")
    return LogRows(ordered, columns, tuple(notes))


def _start(fields: Sequence[str], columns: Columns) -> str:
    if columns.date is None:
        return fields[columns.start]
    return f"{fields[columns.date]} {fields[columns.start]}"


def _without_total(table: Table, columns: Columns, notes: list[str]) -> list[Row]:
    """Without the last rows that only sum up those above them."""
    rows = list(table.rows)
    while len(rows) > 1:
        line, fields = rows[-1]
        named = any(map(_SUMMARY.match, fields))
        nameless = columns.calls is not None and not _start(fields, columns).strip()
        if not (named or nameless):
            break
        notes.append(f"line {line}, a total, left out")
        rows.pop()
    return rows


def _inbound(rows: list[Row], columns: Columns, notes: list[str]) -> list[Row]:
    """Without the calls that the company made itself."""
    place = columns.direction
    if place is None:
        return rows
    made = [row for row in rows if row[1][place].casefold().startswith("out")]
    if made:
        notes.append(f"{len(made)} outbound of {len(rows)} calls left out")
    return [row for row in rows if not row[1][place].casefold().startswith("out")]


def _once(rows: list[Row], columns: Columns, notes: list[str]) -> list[Row]:
    """Without calls whose id came before: exports overlap."""
    place = columns.id
    if place is None or columns.calls is not None:
        return rows
    first: dict[str, int] = {}
    for line, fields in rows:
        first.setdefault(fields[place] or f"line {line}", line)
    again = {line for line, fields in rows if fields[place] and first[fields[place]] != line}
    if again:
        notes.append(
            f"{len(again)} calls that came twice left out once ({lines_of(sorted(again))})"
        )
    return [(line, fields) for line, fields in rows if line not in again]
