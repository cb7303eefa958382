"""The forms in which a time of day is said, and the times that each may mean. Pure.

A form must use every word of its piece.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A time as it was said: every reading that the words leave, and the parts of day beside it.

    Without readings the words name no one time: a part of the day, or a range.
    """

    readings: tuple[time, ...] = ()
    parts: tuple[str, ...] = ()

    def within(self, parts: Sequence[str]) -> tuple[time, ...]:
        """The readings that lie in all those parts of the day too."""
        every = (*self.parts, *parts)
        return tuple(at for at in self.readings if all(_lies_in(at, part) for part in every))


_NUMBER = r"~?[0-9]{1,2}"
_HOUR = rf"(?P<hour>{_NUMBER})"
_PART = r"(?:in |at )?(?:the )?(?:early |late )?(?P<part>morning|afternoon|evening|night)"
_LEADING_PART = re.compile(rf"{_PART}(?:$| )(?:at )?")
_TRAILING_PART = re.compile(rf"(?:^|(?<= )){_PART}$")
_ABOUT = re.compile(r"(?:at|for|around|about|roughly|approximately|exactly|round)(?: |$)")
_LOOSELY = re.compile(r" (?:ish|or so|sharp|exactly|on the dot|approximately|oclock)$")
_HALF = re.compile(r"(?:^| )(?:in the )?(?P<half>am|pm)$")
_NAMED = {"noon": time(12), "midnight": time(0)}
_MINUTES = r"(?P<minute>~?[0-5][0-9]|oh ~?[1-9]|~0 ~?[1-9])"  # "thirty", "oh five"
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<hour>~?(?!0+$)[0-9]{1,2})",
        rf"{_HOUR} {_MINUTES}",
        r"(?P<hour>[0-9]{1,2})(?:[:.]| h )(?P<minute>[0-9]{2})(?::[0-9]{2})?",
        r"(?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2})(?: hours)?",
        rf"(?:oh |~0 )?{_HOUR} hundred(?: hours)?",
        rf"(?:oh |~0 )(?P<hour>~?[1-9])(?: {_MINUTES})?",
        rf"half {_HOUR}",  # British: "half two" is half past two
    )
)
# "ten to eleven" is a time and "10 to 11" a range: as figures, speech recognition writes both.
_AWAY = re.compile(
    r"(?:a )?(?:(?P<fraction>quarter|half)|(?P<away>~?[0-9]{1,2})(?P<counted> minutes)?)"
    rf" (?P<link>past|after|to|till|before|of) (?:{_HOUR}|(?P<named>noon|midnight))"
)
_LINKS_OF = {
    "quarter": ("past", "after", "to", "till", "before", "of"),
    "half": ("past", "after"),
    "minutes": ("past", "after", "to", "till", "before"),
    "spoken": ("past", "after", "to"),
    "figures": ("past", "after"),
}
_SPOKEN_BEFORE = frozenset({5, 10, 20, 25})
_SOME_TIME = r"(?:any ?time|some ?time|all day|the (?:whole|entire) day)"
_MEAL = r"(?:breakfast|lunch|lunchtime|work|school|dinner|closing|opening)"
_VAGUE = re.compile(
    rf"(?:at |around )?(?:{_SOME_TIME}|lunchtime|lunch)|(?:0?1th thing|early|late|later|earlier)"
    rf"|(?:{_SOME_TIME} )?(?:before|after|at|around) {_MEAL}"
)
_BOUND = re.compile(
    rf"(?:{_SOME_TIME} )?(?:not )?(?:(?:no )?(?:later|earlier|sooner) than|after|before|by|till"
    r"|from|past|since|not at)(?P<first> .+?)(?: on| onwards?)?"
)
_RANGE = re.compile(
    rf"(?:{_SOME_TIME} )?(?:between|from|either)?(?P<first> ?.+?) ?(?:to|till|and|or|-|,|through)"
    r"(?P<last> .+)"
)


def time_in(piece: str) -> SaidTime | None:
    """The time that a piece means; None when it has words that no form uses."""
    one = _one_time(piece)
    if one is not None:
        return one
    within_part = _LEADING_PART.match(piece)  # "in the afternoon after three"
    rest = piece[within_part.end() :] if within_part is not None else piece
    return SaidTime() if _is_several_times(piece) or _is_several_times(rest) else None


def _is_several_times(piece: str) -> bool:
    """Whether a piece bounds a time or names several: "lunchtime", "after three", "nine to ten"."""
    if _VAGUE.fullmatch(piece):
        return True
    for pattern in (_BOUND, _RANGE):
        match = pattern.fullmatch(piece)
        if match is not None and all(_one_time(end.strip()) for end in match.groups()):
            return True
    return False


def _one_time(piece: str) -> SaidTime | None:
    """A clock time with what may stand around it, or a part of the day alone."""
    parts: list[str] = []
    core = piece
    leading = _LEADING_PART.match(core)
    if leading is not None:
        parts.append(leading["part"])
        core = core[leading.end() :]
    while (about := _ABOUT.match(core)) is not None:
        core = core[about.end() :]
    trailing = _TRAILING_PART.search(core)
    if trailing is not None:
        parts.append(trailing["part"])
        core = core[: trailing.start()].rstrip()
    for pattern in (_LOOSELY, _HALF, _LOOSELY):
        end = pattern.search(core)
        if end is not None:
            parts += [half for half in end.groupdict().values() if half]
            core = core[: end.start()]
    if not core:
        return SaidTime(parts=tuple(parts)) if parts else None
    readings = _clock(core)
    if readings is None:
        return None
    # "09:30" and "zero nine thirty" are in full; "09:30 pm" is not, "oh" may be a sigh.
    is_full = core.startswith(("0", "~0 ")) or "hundred" in core
    said = SaidTime(readings[:1] if is_full and not parts else readings, tuple(parts))
    return said if said.within(()) else None


def _clock(core: str) -> tuple[time, ...] | None:
    named = _NAMED.get(core.removeprefix("~12 ").removeprefix("12 "))
    if named is not None:
        return (named,)
    away = _AWAY.fullmatch(core)
    if away is not None:
        return _away_from_hour(away)
    for pattern in _CLOCKS:
        match = pattern.fullmatch(core)
        if match is not None:
            groups = match.groupdict()
            minute = 30 if core.startswith("half") else _figure(groups.get("minute") or "0")
            return _readings(_figure(match["hour"]), minute)
    return None


def _away_from_hour(match: re.Match[str]) -> tuple[time, ...] | None:
    """ "quarter to five", "ten past noon", "twenty minutes to three"."""
    fraction, link = match["fraction"], match["link"]
    away = {"quarter": 15, "half": 30}[fraction] if fraction else _figure(match["away"])
    spoken = match["away"] is not None and match["away"].startswith("~")
    kind = fraction or ("minutes" if match["counted"] else "spoken" if spoken else "figures")
    if link not in _LINKS_OF[kind] or not 0 < away < 60:
        return None
    if kind == "spoken" and link == "to" and away not in _SPOKEN_BEFORE:
        return None
    if match["named"] and link == "after":  # "two after noon" may be an afternoon
        return None
    hours: tuple[time, ...] | None = (_NAMED[match["named"]],) if match["named"] else None
    hours = hours or _readings(_figure(match["hour"]), 0)
    minutes_off = away if link in ("past", "after") else -away
    minutes = [(at.hour * 60 + minutes_off) % (24 * 60) for at in hours or ()]
    return tuple(time(minute // 60, minute % 60) for minute in minutes) or None


def _readings(hour: int, minute: int) -> tuple[time, ...] | None:
    if hour > 23 or minute > 59:
        return None
    if hour == 0 or hour > 12:
        return (time(hour, minute),)
    return (time(hour % 12, minute), time(hour % 12 + 12, minute))


def _figure(words: str) -> int:
    return int(words.rsplit(maxsplit=1)[-1].lstrip("~"))


def _lies_in(at: time, part: str) -> bool:
    """Whether a time may be said with that part of the day; "twelve in the morning" is neither."""
    match part:
        case "am":
            return at.hour < 12
        case "pm":
            return at.hour >= 12
        case "morning":
            return 1 <= at.hour < 12
        case "afternoon":
            return 12 <= at.hour <= 18
        case "evening":
            return at.hour >= 16
        case _:  # after midnight it would be another day's
            return at.hour >= 17
