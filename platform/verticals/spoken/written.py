"""Finds what is written in figures and signs in a text, and reads it as values. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from verticals.spoken.languages import SIGNS, Language
from verticals.spoken.patterns import months, patterns
from verticals.spoken.values import (
    Address,
    Amount,
    CalendarDate,
    ClockTime,
    Digits,
    Money,
    Ordinal,
    Single,
    Span,
    Written,
)

_BEGIN: Final = re.compile(r"(?<![\w@])(?<!\d[.,:/])(?:[\w$€£¥₹(½⅓⅔¼¾]|[-−+.#](?=[\d.$€£]))")
_WORD: Final = re.compile(r"\S+")
_LETTERS: Final = re.compile(r"[^\W\d_]*")
_WORTHWHILE: Final = re.compile(r"[\d@½⅓⅔¼¾]|\w\.\w|://")
_LINK: Final = re.compile(r"\s?[-–—−]\s?(?=[\d$€£.])|\s?(?P<by>[x×])\s?(?=\d)")


def written_in(text: str, language: Language) -> Iterator[Written]:
    """Every written form in the text, from left to right, none within another."""
    at = 0
    while (begin := _BEGIN.search(text, at)) is not None:
        found = _span_at(text, begin.start(), language)
        if found is not None:
            yield found
            at = found.ends
            continue
        at = begin.end()


def _span_at(text: str, at: int, language: Language) -> Written | None:
    """The form that begins there, with the other end of its range."""
    first = _single_at(text, at, language)
    if first is None or isinstance(first.value, Address | Digits | Span):
        return first
    link = _LINK.match(text, first.ends)
    last = _single_at(text, link.end(), language) if link else None
    if link is None or last is None or isinstance(last.value, Address | Digits | Span):
        return first
    pair = _alike(first.value, last.value)
    if pair is None:
        return first
    return Written(Span(*pair, link="by" if link["by"] else "to"), at, last.ends)


def _alike(first: Single, last: Single) -> tuple[Single, Single] | None:
    """Two ends of one range; what only one of them is written with counts for both."""
    pair: tuple[Single, Single] | None = (first, last) if type(first) is type(last) else None
    match first, last:
        case Money(_, currency), Amount(number, ""):
            pair = first, Money(number, currency)
        case Amount(number, ""), Money(_, currency):
            pair = Money(number, currency), last
        case CalendarDate(), Amount(number, "") if number in range(1, 32):
            pair = first, Ordinal(int(number))
        case Amount(number, ""), ClockTime() if number in range(25):
            pair = ClockTime(int(number), 0), last
        case ClockTime(), Amount(number, "") if number in range(25):
            pair = first, ClockTime(int(number), 0)
        case Amount(_, unit), Amount(_, other) if unit not in ("", other):
            pair = None
    return pair


def _single_at(text: str, at: int, language: Language) -> Written | None:
    """The form that begins there: the first pattern that reads something."""
    word, letters = _WORD.match(text, at), _LETTERS.match(text, at)
    if word is None or letters is None:
        return None
    begins_date = letters[0].casefold() in months(language)
    if not (begins_date or _WORTHWHILE.search(word[0]) or word[0].upper() in SIGNS):
        return None
    for pattern, read in patterns(language):
        match = pattern.match(text, at)
        value = read(match, language) if match else None
        if match is not None and value is not None:
            return Written(value, at, match.end())
    return None
