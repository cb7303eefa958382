"""Opening hours as a fact says them: "monday to friday eight to six, closed on sundays". Pure.

What is not surely such hours is passed over: a wrong alarm would teach people to ignore them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Final

from verticals.spoken.languages import Language
from verticals.types import Hours

_ABOUT_HOURS: Final = re.compile(
    r"\b(?:hours|open(?:ing)?|closed|.ffnungszeiten|ge.ffnet|geschlossen|horarios?|abierto|cerrado"
    r"|horaires?|ouvert\w*|ferm.\w*)\b",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(r"\b(?:closed|geschlossen|cerrad[oa]s?|ferm.\w*)\b", re.IGNORECASE)
_EVERY: Final[Mapping[str, tuple[int, ...]]] = {
    "weekdays": tuple(range(5)),
    "weekends": (5, 6),
    "werktags": tuple(range(5)),
    "daily": tuple(range(7)),
    "every day": tuple(range(7)),
    "täglich": tuple(range(7)),
}
_MINUTES: Final = (15, 30, 45)
_ONE_MORE_DAY: Final = re.compile(r"\s*(?:and|und|y|et|&|,)?\s*")


@dataclass(frozen=True, slots=True)
class SaidHours:
    """Hours (None: closed) on weekdays, Monday is 0; without any, on whatever days are meant."""

    days: tuple[int, ...]
    hours: Hours | None
    words: str


def said_hours(label: str, value: str, language: Language) -> Iterator[SaidHours]:
    """The hours that a fact tells, day by day; nothing where it tells none."""
    if not _ABOUT_HOURS.search(f"{label} {value}"):
        return
    text = " ".join(value.casefold().split())
    grammar = _grammar(language)
    mentions = list(grammar.days.finditer(text))
    if not mentions:
        hours = _hours_in(text, grammar)
        if hours is not None:
            yield SaidHours((), hours, text)
        return
    days: tuple[int, ...] = ()
    for mention, following in zip(mentions, [*mentions[1:], None], strict=True):
        clause = text[mention.start() : following.start() if following else None].strip(" ,;.")
        days += _named_days(mention, grammar)
        if following is not None and _ONE_MORE_DAY.fullmatch(clause.removeprefix(mention[0])):
            continue  # "saturday and sunday nine to one"
        # "closed on sundays" says it before the day.
        before = " ".join(text[: mention.start()].split()[-2:])
        hours = _hours_in(clause, grammar)
        if hours is not None or _CLOSED.search(clause) or _CLOSED.search(before):
            yield SaidHours(days, hours, clause)
        days = ()


@dataclass(frozen=True, slots=True)
class _Grammar:
    days: re.Pattern[str]
    range: re.Pattern[str]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]


@lru_cache(maxsize=16)
def _grammar(language: Language) -> _Grammar:
    weekdays = {language.weekday(day).casefold(): day for day in range(7)}
    if language.code == "en":
        weekdays |= {name[:3]: day for name, day in weekdays.items()}
    numbers = {language.cardinal(number).casefold(): number for number in (*range(25), *_MINUTES)}
    to = rf"(?:\s*[-–—]\s*|\s+(?:{re.escape(language.words['to'])}|bis|until|till|through)\s+)"
    day = "|".join(sorted(weekdays, key=len, reverse=True))
    # In every language but French the weekdays' plural ends with s.
    days = (
        rf"\b(?:(?P<first>{day})s?\b(?:{to}(?P<last>{day})s?\b)?|(?P<every>{'|'.join(_EVERY)})\b)"
    )
    words = "|".join(sorted((re.escape(word) for word in numbers), key=len, reverse=True))
    minutes = "|".join(re.escape(language.cardinal(minute).casefold()) for minute in _MINUTES)
    marks = r"(?:\s*(?:[ap]\.?\s?m\b\.?|uhr\b|h\b|o'clock\b))?"
    at = rf"(?:\d{{1,2}}(?:[:.h]\d\d)?|(?:{words})(?:\s+(?:{minutes}))?)"
    counted = r"(?!\s*(?:hours?|minutes?|min|stunden|minuten|horas|minutos|heures)\b)"
    return _Grammar(
        days=re.compile(days),
        range=re.compile(rf"\b(?P<begins>{at}){marks}{to}(?P<ends>{at})\b{counted}"),
        weekdays=weekdays,
        numbers=numbers,
    )


def _named_days(mention: re.Match[str], grammar: _Grammar) -> tuple[int, ...]:
    if mention["every"]:
        return _EVERY[mention["every"]]
    first = grammar.weekdays[mention["first"]]
    last = grammar.weekdays[mention["last"] or mention["first"]]
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _hours_in(text: str, grammar: _Grammar) -> Hours | None:
    """The first range of times in a text, if it is the only one."""
    ranges = list(grammar.range.finditer(text))
    if len(ranges) != 1:
        return None
    begins, ends = (_time(ranges[0][name], grammar) for name in ("begins", "ends"))
    return None if begins is None or ends is None else (begins, ends)


def _time(text: str, grammar: _Grammar) -> time | None:
    figures = re.fullmatch(r"(\d{1,2})(?:[:.h](\d\d))?", text)
    if figures is not None:
        hour, minute = int(figures[1]), int(figures[2] or 0)
    else:
        hour, minute = _in_words(text, grammar)
    if hour > 24 or minute > 59:
        return None
    return time(hour % 24, minute)


def _in_words(text: str, grammar: _Grammar) -> tuple[int, int]:
    if text in grammar.numbers:
        return grammar.numbers[text], 0
    for word, minute in grammar.numbers.items():
        if minute in _MINUTES and text.endswith(f" {word}"):
            return grammar.numbers[text.removesuffix(word).strip()], minute
    return 25, 0
