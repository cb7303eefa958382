"""The facts in what was said: prices, days, times,
numbers, as values that can be compared. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shadow.types import Setting
from verticals.spoken.days import MONTHS, WEEKDAYS, parse_day
from verticals.spoken.numbers import cardinal, ordinal, words_of
from verticals.spoken.times import parse_time

FactKind = Literal["price", "day", "time", "number"]
_CURRENCIES = {
    "dollar": "dollars",
    "dollars": "dollars",
    "bucks": "dollars",
    "pound": "pounds",
    "pounds": "pounds",
    "euro": "euros",
    "euros": "euros",
}
_SCALES = {"hundred": 100, "thousand": 1000}
_TIME_MARKS = frozenset({"past", "o'clock", "oclock", "am", "pm", "noon", "midday", "midnight"})
_DAY_WORDS = frozenset((*WEEKDAYS, "today", "tomorrow", "tonight"))
# "the one", "no one": alone, this word is hardly ever a quantity.
_PRONOUN = "one"
_ZERO_LETTERS = ("oh", "o")
_DOLLAR_SIGN = re.compile(r"\$\s?(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A value that was said, spelt one way:
    a price "150 dollars", a day "2026-11-27", a time "09:00".
    """

    kind: FactKind
    value: str


def facts_in(text: str, *, setting: Setting) -> frozenset[Fact]:
    """Every fact in a text; the same fact in other words is the same value."""
    words = words_of(_DOLLAR_SIGN.sub(r"\1 dollars", text))
    found: set[Fact] = set()
    at = 0
    while at < len(words):
        fact, used = _fact_at(words, at, setting)
        if fact is not None:
            found.add(fact)
        at += max(used, 1)
    return frozenset(found)


def _fact_at(words: Sequence[str], at: int, setting: Setting) -> tuple[Fact | None, int]:
    """The fact that begins at a word, and how many words it takes."""
    for read in (_day, _time, _price_or_number):
        fact, used = read(words, at, setting)
        if used:
            return fact, used
    return None, 0


def _day(words: Sequence[str], at: int, setting: Setting) -> tuple[Fact | None, int]:
    for used in (4, 3, 2, 1):
        piece = words[at : at + used]
        if len(piece) == used and (_names_day(piece) or _names_date(piece)):
            day = parse_day(" ".join(piece), today=setting.today)
            if day is not None:
                return Fact("day", day.isoformat()), used
    return None, 0


def _names_day(piece: Sequence[str]) -> bool:
    """ "friday", "next friday", "tomorrow"."""
    return piece[-1] in _DAY_WORDS and (
        len(piece) == 1 or (len(piece) == 2 and piece[0] in ("next", "this"))
    )


def _names_date(piece: Sequence[str]) -> bool:
    """A month and a day of it, with nothing before or after that is not part of them."""
    dated = [word in MONTHS or ordinal([word]) is not None for word in piece]
    named = any(word in MONTHS for word in piece) and sum(dated) >= 2
    return named and dated[-1] and (dated[0] or piece[0] in (*WEEKDAYS, "the"))


def _time(words: Sequence[str], at: int, setting: Setting) -> tuple[Fact | None, int]:
    """A time of day: with a mark of its own ("past", "a m"), or after "at"."""
    if words[at : at + 1] == ["at"]:
        fact, used = _longest_time(words, at + 1, setting)
        return (fact, used + 1) if fact else (None, 0)
    fact, used = _longest_time(words, at, setting)
    piece = words[at : at + used]
    marked = any(word in _TIME_MARKS for word in piece) or piece[-2:] in (["a", "m"], ["p", "m"])
    quarter = "to" in piece and cardinal(piece[-1:]) is not None and len(piece) >= 3
    return (fact, used) if fact and (marked or quarter) else (None, 0)


def _longest_time(words: Sequence[str], at: int, setting: Setting) -> tuple[Fact | None, int]:
    if words[at : at + 1] and not _begins_time(words[at]):
        return None, 0
    for used in (5, 4, 3, 2, 1):
        piece = list(words[at : at + used])
        if len(piece) < used or not _ends_time(piece):
            continue
        read = parse_time(" ".join(piece), open_between=setting.open_between)
        if read is not None:
            return Fact("time", read.isoformat("minutes")), used
    return None, 0


def _begins_time(word: str) -> bool:
    return (
        word in ("half", "quarter", "a", "noon", "midday", "midnight")
        or cardinal([word]) is not None
        or (word.isdecimal() and len(word) <= 4)
    )


def _ends_time(piece: Sequence[str]) -> bool:
    """Whether the last word belongs to the time, rather than to what follows it."""
    last = piece[-1]
    return last in _TIME_MARKS - {"past"} or cardinal([last]) is not None or last.isdecimal() \
        or (last == "m" and piece[-2:-1] in (["a"], ["p"]))  # fmt: skip


def _price_or_number(words: Sequence[str], at: int, _setting: Setting) -> tuple[Fact | None, int]:
    number, used = number_at(words, at)
    if number is None:
        return None, 0
    currency = _CURRENCIES.get(words[at + used]) if at + used < len(words) else None
    if currency:
        return Fact("price", f"{number} {currency}"), used + 1
    if list(words[at : at + used]) == [_PRONOUN]:
        return None, used
    return Fact("number", str(number)), used


def number_at(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """The whole number that begins at a word ("one hundred and fifty" is 150),
    and how many words it takes.
    """
    total, part, used = 0, None, 0
    for index in range(at, len(words)):
        word = words[index]
        if word == "and" and index > at and words[index - 1] in _SCALES:
            continue
        value = int(word) if word.isdecimal() else cardinal([word])
        if word in _SCALES and part is not None:
            part *= _SCALES[word]
            total, part = (total + part, 0) if word == "thousand" else (total, part)
        elif value is None or word in _ZERO_LETTERS or not _goes_on(total, part, value):
            break
        else:
            part = (part or 0) + value
        used = index + 1 - at
    return (None, 0) if part is None else (total + part, used)


def _goes_on(total: int, part: int | None, value: int) -> bool:
    """Whether a number may follow within the same number:
    "fifty" after "hundred", "five" after "twenty".
    """
    if part is None or (part == 0 and total):
        return True
    after_hundred = part >= 100 and part % 100 == 0 and value < 100
    after_tens = part % 10 == 0 and 20 <= part % 100 <= 90 and 0 < value < 10
    return after_hundred or after_tens
