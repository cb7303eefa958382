"""What a log's columns are called, and which of them say when, how many and whose."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from warmline.kernel.matching import match_key, unaccented

EXPECTED: Final = "start,calls or minute,district,calls, or a row for each call with its start time"
# The best names first: of several that a file has, the first one counts.
_STARTS: Final = (
    *("start", "minute", "start time", "starttime", "start date time", "start datetime"),
    *("call start", "call start time", "call time", "call date time", "interval start", "begin"),
    *("begins", "beginning", "period start", "bin", "interval", "period", "timestamp"),
    *("datetime", "date time", "date and time", "time", "initiated", "initiated at"),
    *("started", "started at", "start at", "date started", "call started", "call started at"),
    *("date created", "created", "created at", "start date", "hour"),
    *("beginn", "startzeit", "zeitpunkt", "zeit", "datum uhrzeit", "inicio", "fecha hora"),
    *("debut", "date heure", "ora inizio"),
)
_DATES: Final = ("date", "day", "call date", "datum", "tag", "fecha", "jour", "data")
_TIMES: Final = (
    *("time", "hour", "time of day", "interval", "start time", "call time", "start"),
    *("uhrzeit", "zeit", "stunde", "hora", "heure", "ora"),
)
_CALLS: Final = (
    *("calls", "call count", "calls count", "number of calls", "no of calls", "num calls"),
    *("calls offered", "offered calls", "offered", "calls received", "received", "call volume"),
    *("volume", "inbound calls", "incoming calls", "total calls", "count", "contacts", "arrivals"),
    *("anrufe", "anzahl anrufe", "anzahl", "llamadas", "appels", "chiamate"),
)
_DISTRICTS: Final = ("district", "tenant", "company", "queue", "department", "site", "branch")
_LENGTHS: Final = (
    *("seconds", "duration", "duration seconds", "duration s", "duration sec", "call duration"),
    *("length", "length seconds", "length s", "call length", "dauer", "dauer sekunden"),
)
_IDS: Final = ("call sid", "sid", "call id", "callid", "call uuid", "uuid", "id", "call control id")
_DIRECTIONS: Final = ("direction", "call direction", "richtung")
# What only a log with a row for each call has.
_OF_A_CALL: Final = frozenset(
    (
        *(*_LENGTHS, *_IDS, *_DIRECTIONS),
        *("from", "from number", "caller", "caller number", "caller id", "phone number", "ani"),
        *("to", "to number", "called", "callee", "dnis", "agent", "answered by"),
        *("end", "end time", "talk time", "status", "call status", "disposition"),
        *("hangup cause", "price"),
    )
)


class Columns(msgspec.Struct, frozen=True):
    """Where in a row each thing stands; None for what a log does not have.

    `calls` None: a row for each call. `date`: `start` is a time of that day. `by_minute`: the file
    says that its rows are minutes, however few of them have calls.
    """

    start: int
    calls: int | None
    date: int | None = None
    district: int | None = None
    id: int | None = None
    direction: int | None = None
    by_minute: bool = False


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns by their names, in any order, case and spelling; None for no log of calls."""
    names = [_plain(name) for name in header]
    calls, date = _place(names, _CALLS), _place(names, _DATES)
    start = _place(names, _TIMES) if date is not None else _place(names, _STARTS)
    if start is None:
        start, date = date, None
    if start is None:
        return None
    if calls is None and len(names) > 1 and not _OF_A_CALL & set(names):
        return None
    return Columns(
        start=start,
        calls=calls,
        date=date,
        district=_place(names, _DISTRICTS),
        id=_place(names, _IDS),
        direction=_place(names, _DIRECTIONS),
        by_minute=calls is None or names[start] == "minute",
    )


def length_column(header: Sequence[str]) -> int | None:
    """Where the calls' lengths in seconds are."""
    return _place([_plain(name) for name in header], _LENGTHS)


def _place(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _plain(name: str) -> str:
    """A name without its case, accents, units' brackets and separators."""
    plain = re.sub(r"[^a-z0-9]+", " ", unaccented(match_key(name))).strip()
    return re.sub(r" (utc|gmt|local|local time)$", "", plain)
