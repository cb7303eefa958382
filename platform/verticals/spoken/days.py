"""Days as callers name them: "next friday", "the day after tomorrow", "the fifth of december"."""

from datetime import date

from verticals.spoken.day_forms import DayDoubt
from verticals.spoken.moments import moments_in
from verticals.spoken.numbers import TENS, UNITS
from verticals.spoken.phrases import MONTHS, WEEKDAYS

__all__ = ["MONTHS", "WEEKDAYS", "DayDoubt", "date_words", "day_words", "parse_day", "read_day"]


def read_day(text: str, *, today: date) -> date | DayDoubt:
    """The day that was meant, today or later and within a year; a doubt about anything else.

    Every word is used: words that are not known, alternatives, ranges and negations are doubts. A
    weekday is its next occurrence after today ("this tuesday", on a Tuesday, is today); "next"
    moves it into the week that begins next Monday. A date without its year is its next occurrence.
    """
    readings = {moment.day for moment in moments_in(text, today=today)} - {None}
    return readings.pop() or DayDoubt.UNCLEAR if len(readings) == 1 else DayDoubt.UNCLEAR


def parse_day(text: str, *, today: date) -> date | None:
    """As `read_day`, with None for a doubt."""
    day = read_day(text, today=today)
    return None if isinstance(day, DayDoubt) else day


def day_words(day: date, *, today: date) -> str:
    """The day as it is said: "today", "tuesday" within the week, else "tuesday december first"."""
    days_ahead = (day - today).days
    if days_ahead in (0, 1):
        return ("today", "tomorrow")[days_ahead]
    weekday = WEEKDAYS[day.weekday()]
    if 0 < days_ahead < 7:
        return weekday
    return f"{weekday} {MONTHS[day.month - 1]} {_ordinal_words(day.day)}"


def date_words(day: date) -> str:
    """A date in full: "saturday the twenty first of november"."""
    return f"{WEEKDAYS[day.weekday()]} the {_ordinal_words(day.day)} of {MONTHS[day.month - 1]}"


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
