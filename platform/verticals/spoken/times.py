"""Times as callers say them: "ten thirty", "half past two", "three in the afternoon"."""

from collections.abc import Sequence
from datetime import time
from typing import Literal

from verticals.spoken.numbers import cardinal, in_words, words_of
from warmline.kernel.wall_clock import is_within

Half = Literal["am", "pm"]
Window = tuple[time, time]
_FILLERS = (
    "at around about on for by please maybe say like would be good fine o'clock oclock clock "
    "sharp the in it is it's let's make um uh er possible if exactly half_hour ish or so works "
    "then can we do how"
)
_AROUND = frozenset(_FILLERS.split())
_NOON, _MIDNIGHT = frozenset({"noon", "midday", "lunchtime"}), "midnight"
_PART: dict[str, Half] = {
    "morning": "am",
    "afternoon": "pm",
    "evening": "pm",
    "night": "pm",
    "tonight": "pm",
}
_LINKS = {"past": 1, "after": 1, "to": -1, "before": -1, "till": -1}
_FRACTIONS = {"quarter": 15, "half": 30}


def parse_time(
    text: str, *, open_between: Window | None = None, day_words: str = ""
) -> time | None:
    """The time of day that was meant; None when the words name no one time ("in the afternoon").

    Without "a m", "p m" or a part of the day, in the text or in `day_words` ("tomorrow afternoon"),
    the reading inside `open_between` counts, the earlier of two; outside of both, seven in the
    morning to six in the evening.
    """
    words = words_of(text)
    half = _half(words) or _half(words_of(day_words))
    spoken = _without_halves([word for word in words if word not in _PART])
    if any(word in _NOON for word in spoken) and not any(word in _LINKS for word in spoken):
        return time(12)
    if _MIDNIGHT in spoken:
        return time(0)
    read = _clock([word for word in spoken if word not in _AROUND])
    if read is None:
        return None
    hour, minute = read
    return _placed(hour, minute, half=half, open_between=open_between)


def time_words(at: time, *, open_between: Window | None = None) -> str:
    """The time as it is said: "ten", "half past two", "ten twenty".

    "a m" or "p m" follows where business hours would allow both.
    """
    twelve = at.hour % 12 or 12
    match at.minute:
        case 0:
            spoken = in_words(twelve)
        case 30:
            spoken = f"half past {in_words(twelve)}"
        case minute if minute < 10:
            spoken = f"{in_words(twelve)} oh {in_words(minute)}"
        case minute:
            spoken = f"{in_words(twelve)} {in_words(minute)}"
    if parse_time(spoken, open_between=open_between) == at:
        return spoken
    return f"{spoken} {'a m' if at.hour < 12 else 'p m'}"


def _half(words: Sequence[str]) -> Half | None:
    for index, word in enumerate(words):
        if word in ("am", "pm"):
            return "am" if word == "am" else "pm"
        if word in ("a", "p") and words[index + 1 : index + 2] == ["m"]:
            return "am" if word == "a" else "pm"
        if word in _PART:
            return _PART[word]
    return None


def _without_halves(words: Sequence[str]) -> list[str]:
    kept = list(words)
    for first in ("a", "p"):
        for index in range(len(kept) - 1, 0, -1):
            if kept[index - 1 : index + 1] == [first, "m"]:
                del kept[index - 1 : index + 1]
    return [word for word in kept if word not in ("am", "pm", "a", "this", "tomorrow", "today")]


def _clock(words: list[str]) -> tuple[int, int] | None:
    """Hour and minute in the caller's own count (1 to 12, or to 23)."""
    for link, sign in _LINKS.items():
        if link in words:
            at = words.index(link)
            return _around_hour(words[:at], words[at + 1 :], sign=sign)
    if words[:1] == ["half"]:  # British: "half two" is half past two
        return _around_hour(["half"], words[1:], sign=1)
    return _hour_then_minutes(words)


def _around_hour(
    minutes: Sequence[str], hours: Sequence[str], *, sign: int
) -> tuple[int, int] | None:
    counted = [word for word in minutes if word not in ("minutes", "minute")]
    if len(counted) == 1 and counted[0] in _FRACTIONS:
        minutes_off: int | None = _FRACTIONS[counted[0]]
    else:
        minutes_off = cardinal(counted)
    hour = 12 if list(hours) in (["noon"], ["midday"]) else cardinal(hours)
    if minutes_off is None or hour is None or not 1 <= hour <= 23 or not 0 < minutes_off < 60:
        return None
    return (hour, minutes_off) if sign > 0 else ((hour - 1) or 12, 60 - minutes_off)


def _hour_then_minutes(words: Sequence[str]) -> tuple[int, int] | None:
    """ "ten", "ten thirty", "10 30", "1030", "fifteen thirty", but never "twenty one" as 20:01."""
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) in (3, 4):
        return _checked(int(words[0][:-2]), int(words[0][-2:]))
    whole = cardinal(words)
    if whole is not None:
        return _checked(whole, 0)
    if list(words[1:]) == ["hundred"]:
        return _checked(cardinal(words[:1]), 0)
    for split in (1, 2):
        hour, minute = cardinal(words[:split]), _minutes(words[split:])
        if hour is not None and minute is not None:
            return _checked(hour, minute)
    return None


def _minutes(words: Sequence[str]) -> int | None:
    if list(words[:1]) in (["oh"], ["o"], ["zero"]) and len(words) == 2:
        return cardinal(words[1:])
    value = cardinal(words)
    return None if value is not None and value < 10 and not words[0].isdecimal() else value


def _checked(hour: int | None, minute: int) -> tuple[int, int] | None:
    return (hour, minute) if hour is not None and 0 <= hour <= 23 and 0 <= minute <= 59 else None


def _placed(hour: int, minute: int, *, half: Half | None, open_between: Window | None) -> time:
    if hour == 0 or hour > 12:
        return time(hour, minute)
    morning, evening = time(hour % 12, minute), time(hour % 12 + 12, minute)
    if half is not None:
        return morning if half == "am" else evening
    # Hours that last all day leave it open which half was meant.
    if open_between is not None and open_between[0] != open_between[1]:
        for reading in (morning, evening):
            if is_within(reading, begins=open_between[0], ends=open_between[1]):
                return reading
    return morning if 7 <= morning.hour < 12 else evening
