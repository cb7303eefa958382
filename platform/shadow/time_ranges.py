"""From one time to another: "eight to six" is no clock time, "ten to six" may be one. Pure."""

from collections.abc import Sequence
from datetime import time
from typing import Final

from verticals.spoken.numbers import cardinal
from verticals.spoken.times import Window, parse_time

_LINKS: Final = frozenset(("to", "till", "until", "through"))
_OPENERS: Final = frozenset(("from", "between", "at"))
# Said shortly before opening hours: what follows is a range even where it could be a clock time.
BEFORE_RANGE: Final = frozenset(("open", "hours", "daily", "weekdays", "are", "from", "between"))
# "ten to six" is how the minutes before an hour are said; "eight to six" never is.
_MINUTES_BEFORE: Final = frozenset((5, 10, 20, 25))
# What only a time ends with.
CLOCK_WORDS: Final = frozenset(("am", "pm", "o'clock", "oclock", "noon", "midday", "midnight"))
_MARKS: Final = CLOCK_WORDS | {"m"}  # "six p m"
COUNTED: Final = frozenset(
    (
        *("minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months"),
        *("year", "years", "people", "dollars", "pounds", "euros", "percent", "times", "visits"),
        *(
            "business",
            "working",
            "miles",
            "feet",
            "inches",
            "guests",
            "patients",
            "cents",
            "degrees",
        ),
    )
)


def range_at(
    words: Sequence[str], at: int, *, opened: bool, open_between: Window | None
) -> tuple[tuple[time, ...], int]:
    """Both times of a range that begins at a word, and its words; ((), 0) for none."""
    opener = words[at] if words[at] in _OPENERS else ""
    start = at + bool(opener)
    first = _clock_words(words, start)
    link = start + first
    linked = link < len(words) and (
        words[link] in _LINKS or (words[link] == "and" and opener == "between")
    )
    if not first or not linked:
        return (), 0
    last = _clock_words(words, link + 1)
    ends = link + 1 + last
    if not last or (ends < len(words) and words[ends] in COUNTED):
        return (), 0
    begins, until = words[start:link], words[link + 1 : ends]
    surely = opened or opener in ("from", "between") or _marked(begins)
    if minutes_before(words[start:ends]) and not surely and not begins[0].isdecimal():
        return (), 0
    times = _ordered(begins, until, open_between)
    return (times, ends - at) if times else ((), 0)


def _clock_words(words: Sequence[str], at: int) -> int:
    """How many words from there are a time on a clock of twelve hours."""
    for used in (4, 3, 2, 1):
        piece = list(words[at : at + used])
        if len(piece) < used or _LINKS & set(piece):
            continue
        hour = cardinal(piece[:1])
        named = piece[0] in ("noon", "midday", "midnight") or piece[1:2] == ["past"]
        if not named and (hour is None or not 1 <= hour <= 12):
            return 0
        whole = piece[-1] in _MARKS or cardinal(piece[-1:]) is not None
        if whole and parse_time(" ".join(piece)) is not None:
            return used
    return 0


def minutes_before(piece: Sequence[str]) -> bool:
    """Whether a piece may be minutes before an hour: "ten to six", "quarter to nine"."""
    if "to" not in piece:
        return False
    minutes = [word for word in piece[: piece.index("to")] if word not in ("a", "minutes")]
    counted = "minutes" in piece or cardinal(minutes) in _MINUTES_BEFORE
    return counted or minutes == ["quarter"]


def _marked(piece: Sequence[str]) -> bool:
    return any(word in _MARKS for word in piece)


def _ordered(
    begins: Sequence[str], until: Sequence[str], open_between: Window | None
) -> tuple[time, ...]:
    first = parse_time(" ".join(begins), open_between=open_between)
    last = parse_time(" ".join(until), open_between=open_between)
    if first is None or last is None:
        return ()
    if last <= first and last.hour < 12 and not _marked(until):
        last = last.replace(hour=last.hour + 12)
    return first, last
