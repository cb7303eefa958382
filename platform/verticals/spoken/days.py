"""Days as callers name them: "next friday", "the day after tomorrow", "the fifth of december"."""

from collections.abc import Sequence
from datetime import date, timedelta

from verticals.spoken.numbers import TENS, UNITS, cardinal, ordinal, words_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHORT = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
_WEEKDAY = {name: index for index, name in enumerate(WEEKDAYS)} | _SHORT
_MONTH = {name: index for index, name in enumerate(MONTHS, 1)} | {
    name[:3]: i for i, name in enumerate(MONTHS, 1)
}
_MONTH |= {"sept": 9}
# Said around a day without changing it. Parts of the day are read by verticals.spoken.times.
_FILLERS = (
    "on for at of by in about around maybe perhaps say um uh er please the this coming would be "
    "good like i we you can do it is it's lets let's make how what if possible then works date day "
    "morning afternoon evening noon night early late lunchtime"
)
_AROUND = frozenset(_FILLERS.split())
_FARTHEST_DAYS = 366


def parse_day(text: str, *, today: date) -> date | None:
    """The day that was meant, today or later and within a year; None for no one day.

    A weekday is its next occurrence after today ("this tuesday", on a Tuesday, is today); "next"
    moves it into the week that begins next Monday. A day of the month is its next occurrence. A
    weekday and a date that contradict each other name no day.
    """
    words = words_of(text)
    spoken = [word for word in words if word not in _AROUND]
    read = _iso(text) or _relative(words, today)
    if read is None and _ordinal_within(spoken) is not None:
        read = _calendar(spoken, today)
    elif read is None:
        read = _weekday(words, spoken, today)
    return read if read and today <= read <= today + timedelta(days=_FARTHEST_DAYS) else None


def day_words(day: date, *, today: date) -> str:
    """The day as it is said: "today", "tuesday" within the week, else "tuesday december first"."""
    days_ahead = (day - today).days
    if days_ahead in (0, 1):
        return ("today", "tomorrow")[days_ahead]
    weekday = WEEKDAYS[day.weekday()]
    if 0 < days_ahead < 7:
        return weekday
    return f"{weekday} {MONTHS[day.month - 1]} {_ordinal_words(day.day)}"


def _ordinal_words(number: int) -> str:
    special = {
        1: "first",
        2: "second",
        3: "third",
        5: "fifth",
        8: "eighth",
        9: "ninth",
        12: "twelfth",
    }
    if number in special:
        return special[number]
    if number < 20:
        return f"{UNITS[number]}th"
    ten, unit = divmod(number, 10)
    return f"{TENS[ten][:-1]}ieth" if unit == 0 else f"{TENS[ten]} {_ordinal_words(unit)}"


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _relative(words: Sequence[str], today: date) -> date | None:
    """Days counted from today."""
    phrase = " ".join(words)
    if "day after tomorrow" in phrase:
        return today + timedelta(days=2)
    if any(word in ("tomorrow", "tomorrow's") for word in words):
        later = 7 if "week" in words else 0
        return today + timedelta(days=1 + later)
    if any(word in ("today", "tonight", "now") for word in words):
        return today
    if "in" in words:
        return _counted(words[words.index("in") + 1 :], today)
    return None


def _counted(words: Sequence[str], today: date) -> date | None:
    for index, word in enumerate(words):
        if word in ("day", "days", "week", "weeks"):
            number = 1 if list(words[:index]) in (["a"], ["one"]) else cardinal(words[:index])
            if number is not None:
                return today + timedelta(days=number * (7 if word.startswith("week") else 1))
    return None


def _calendar(spoken: Sequence[str], today: date) -> date | None:
    """A day of the month, with or without its month and weekday."""
    weekday = next((_WEEKDAY[word] for word in spoken if word in _WEEKDAY), None)
    month = next((_MONTH[word] for word in spoken if word in _MONTH), None)
    number = _ordinal_within(spoken)
    for days_ahead in range(_FARTHEST_DAYS):
        day = today + timedelta(days=days_ahead)
        if day.day == number and month in (None, day.month):
            # Without a month, "tuesday the first" may be another month's; with one it must fit.
            if weekday in (None, day.weekday()):
                return day
            if month is not None:
                return None
    return None


def _ordinal_within(spoken: Sequence[str]) -> int | None:
    """The first day of a month among the words; plain numbers count only beside a month."""
    counting = any(word in _MONTH for word in spoken)
    for index in range(len(spoken)):
        for length in (2, 1):
            piece = spoken[index : index + length]
            plain = cardinal(piece)
            number = ordinal(piece)
            if plain is not None and not counting:
                continue
            value = number if number is not None else plain
            if value is not None and len(piece) == length and 1 <= value <= 31:
                return value
    return None


def _weekday(words: Sequence[str], spoken: Sequence[str], today: date) -> date | None:
    """A weekday by name, and where "next" or "week" move it to."""
    named = [_WEEKDAY[word] for word in spoken if word in _WEEKDAY]
    if len(set(named)) != 1:
        return None
    monday = today - timedelta(days=today.weekday())
    if "next" in words:
        return monday + timedelta(days=7 + named[0])
    ahead = (named[0] - today.weekday()) % 7
    if ahead == 0 and "this" not in words:
        ahead = 7
    if "week" in words:  # "tuesday week", "a week on tuesday"
        ahead += 7
    return today + timedelta(days=ahead)


def date_words(day: date) -> str:
    """A date in full: "saturday the twenty first of november"."""
    return f"{WEEKDAYS[day.weekday()]} the {_ordinal_words(day.day)} of {MONTHS[day.month - 1]}"
