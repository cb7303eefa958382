"""The facts in what was said: prices, days, times and numbers, as values to compare. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shadow.types import CallDay
from verticals.spoken.days import MONTHS, WEEKDAYS, parse_day
from verticals.spoken.numbers import cardinal, number_at, ordinal, words_of
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
_TIME_MARKS = frozenset({"past", "o'clock", "oclock", "am", "pm", "noon", "midday", "midnight"})
_DAY_WORDS = frozenset((*WEEKDAYS, "today", "tomorrow", "tonight"))
# "the one", "no one": alone, this word is hardly ever a quantity.
_PRONOUN = "one"
_DOLLAR_SIGN = re.compile(r"\$\s?(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class SpokenFact:
    """A value that was said, spelt one way: "150 dollars", "2026-11-27" (a day), "09:00"."""

    kind: FactKind
    value: str


def facts_in(text: str, *, call_day: CallDay) -> frozenset[SpokenFact]:
    """Every fact in a text; the same fact in other words is the same value."""
    words = words_of(_DOLLAR_SIGN.sub(r"\1 dollars", text))
    facts: set[SpokenFact] = set()
    at = 0
    while at < len(words):
        fact, used = _fact_at(words, at, call_day)
        if fact is not None:
            facts.add(fact)
        at += max(used, 1)
    return frozenset(facts)


def _fact_at(words: Sequence[str], at: int, call_day: CallDay) -> tuple[SpokenFact | None, int]:
    """The fact that begins at a word, and how many words it takes."""
    for read in (_day, _time, _price_or_number):
        fact, used = read(words, at, call_day)
        if used:
            return fact, used
    return None, 0


def _day(words: Sequence[str], at: int, call_day: CallDay) -> tuple[SpokenFact | None, int]:
    for used in (4, 3, 2, 1):
        piece = words[at : at + used]
        if len(piece) == used and (_names_day(piece) or _names_date(piece)):
            day = parse_day(" ".join(piece), today=call_day.today)
            if day is not None:
                return SpokenFact("day", day.isoformat()), used
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


def _time(words: Sequence[str], at: int, call_day: CallDay) -> tuple[SpokenFact | None, int]:
    """A time of day: with a mark of its own ("past", "a m"), or after "at"."""
    if words[at : at + 1] == ["at"]:
        fact, used = _longest_time(words, at + 1, call_day)
        return (fact, used + 1) if fact else (None, 0)
    fact, used = _longest_time(words, at, call_day)
    piece = words[at : at + used]
    marked = any(word in _TIME_MARKS for word in piece) or piece[-2:] in (["a", "m"], ["p", "m"])
    quarter = "to" in piece and cardinal(piece[-1:]) is not None and len(piece) >= 3
    return (fact, used) if fact and (marked or quarter) else (None, 0)


def _longest_time(
    words: Sequence[str], at: int, call_day: CallDay
) -> tuple[SpokenFact | None, int]:
    if words[at : at + 1] and not _begins_time(words[at]):
        return None, 0
    for used in (5, 4, 3, 2, 1):
        piece = list(words[at : at + used])
        if len(piece) < used or not _ends_time(piece):
            continue
        read = parse_time(" ".join(piece), open_between=call_day.open_between)
        if read is not None:
            return SpokenFact("time", read.isoformat("minutes")), used
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
    if last == "m":
        return piece[-2:-1] in (["a"], ["p"])
    return last in _TIME_MARKS - {"past"} or cardinal([last]) is not None or last.isdecimal()


def _price_or_number(
    words: Sequence[str], at: int, _call_day: CallDay
) -> tuple[SpokenFact | None, int]:
    number, used = number_at(words, at)
    if number is None:
        return None, 0
    currency = _CURRENCIES.get(words[at + used]) if at + used < len(words) else None
    if currency:
        return SpokenFact("price", f"{number} {currency}"), used + 1
    if list(words[at : at + used]) == [_PRONOUN]:
        return None, used
    return SpokenFact("number", str(number)), used
