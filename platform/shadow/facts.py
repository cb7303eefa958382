"""The facts in what was said: prices, days, times and numbers, as values to compare. Pure.

What is written in figures is read by the module that speaks it, and the rest word by word: the same
fact is the same value, however it was put.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from shadow.time_ranges import BEFORE_RANGE, CLOCK_WORDS, COUNTED, minutes_before, range_at
from shadow.types import CallDay
from verticals.spoken.days import MONTHS, WEEKDAYS, parse_day
from verticals.spoken.languages import ENGLISH
from verticals.spoken.markup import without_markup
from verticals.spoken.numbers import cardinal, digit_run, number_at, ordinal, words_of
from verticals.spoken.saying import day_of, said
from verticals.spoken.times import parse_time
from verticals.spoken.values import CalendarDate, ClockTime, Digits, Span, Value
from verticals.spoken.written import written_in

FactKind = Literal["price", "day", "time", "number"]
_CURRENCIES: Final = {
    **dict.fromkeys(("dollar", "dollars", "bucks"), "dollars"),
    **dict.fromkeys(("pound", "pounds", "quid"), "pounds"),
    **dict.fromkeys(("euro", "euros"), "euros"),
}
_HUNDREDTHS: Final = {
    **dict.fromkeys(("cent", "cents"), "dollars"),
    **dict.fromkeys(("penny", "pence"), "pounds"),
}
_TIME_MARKS: Final = CLOCK_WORDS | {"past"}
# "By nine" is a time where no noun follows: "by nine people".
_BEFORE_TIME = frozenset({"until", "till", "by", "before", "after", "since", "than"})
_AFTER_TIME = frozenset({"", "on", "in", "and", "or", "please", "today", "tomorrow", *WEEKDAYS})
_DAY_WORDS = frozenset((*WEEKDAYS, "today", "tomorrow", "tonight"))
# Spans of time in one unit each, so that "two weeks" is "fourteen days".
_SPANS: Final = {
    **dict.fromkeys(("minute", "minutes"), (1, "minutes")),
    **dict.fromkeys(("hour", "hours"), (60, "minutes")),
    **dict.fromkeys(("day", "days"), (1, "days")),
    **dict.fromkeys(("week", "weeks"), (7, "days")),
    **dict.fromkeys(("month", "months"), (1, "months")),
    **dict.fromkeys(("mile", "miles"), (1, "miles")),
    **dict.fromkeys(("kilometer", "kilometers", "kilometre", "kilometres"), (1, "kilometers")),
    **dict.fromkeys(("milligram", "milligrams"), (1, "milligrams")),
    **dict.fromkeys(("gram", "grams"), (1, "grams")),
    **dict.fromkeys(("percent",), (1, "percent")),
}
# "the one", "no one": alone, this word is hardly ever a quantity.
_PRONOUN = "one"
_SHORTEST_CODE: Final = 3  # digits one after the other


@dataclass(frozen=True, slots=True, order=True)
class SpokenFact:
    """A value that was said, spelt one way: "150 dollars", "2026-11-27" (a day), "09:00"."""

    kind: FactKind
    value: str


def facts_in(text: str, *, call_day: CallDay) -> frozenset[SpokenFact]:
    """Every fact in a text; the same fact in other words is the same value."""
    plain = without_markup(text)
    facts: set[SpokenFact] = set()
    words, at = "", 0
    for written in written_in(plain, ENGLISH):
        words += plain[at : written.begins]
        at = written.ends
        match written.value:
            case Digits(groups):
                facts.add(SpokenFact("number", _telephone("".join(groups))))
            case CalendarDate() as date if day := day_of(date, today=call_day.today):
                facts.add(SpokenFact("day", day.isoformat()))
            case value:
                # Plain figures stay: whether they are a time, the words around them say.
                figures = plain[written.begins : written.ends]
                words += figures if figures.isdecimal() else f" {_said(value)} "
                continue
        facts |= _in_words(words, call_day)
        words = ""
    return frozenset(facts | _in_words(words + plain[at:], call_day))


def _said(value: Value) -> str:
    """In words, a time with a mark: "eight thirty" alone could be two numbers."""
    match value:
        case ClockTime(half=""):
            return f"{said(value, ENGLISH)} o'clock"
        case Span(first, last, "to"):
            return f"{_said(first)} to {_said(last)}"
        case _:
            return said(value, ENGLISH)


def _telephone(digits: str) -> str:
    """Digits to compare; a North American number without its 1."""
    plain = digits.removeprefix("+")
    return plain[1:] if len(plain) == 11 and plain[0] == "1" else plain


def _in_words(text: str, call_day: CallDay) -> set[SpokenFact]:
    words = words_of(text)
    facts: set[SpokenFact] = set()
    at = 0
    while at < len(words):
        found, used = _facts_at(words, at, call_day)
        facts |= found
        at += max(used, 1)
    return facts


def _facts_at(words: Sequence[str], at: int, call_day: CallDay) -> tuple[set[SpokenFact], int]:
    """The facts that begin at a word, and how many words they take."""
    opened = at > 0 and words[at - 1] in BEFORE_RANGE
    times, used = range_at(words, at, opened=opened, open_between=call_day.open_between)
    if used:
        return {SpokenFact("time", time.isoformat("minutes")) for time in times}, used
    for read in (_day, _time, _digits, _price, _number):
        fact, used = read(words, at, call_day)
        if used:
            return {fact} if fact else set(), used
    return set(), 0


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
    if words[at] == "at":
        fact, used = _longest_time(words, at + 1, call_day)
        return (fact, used + 1) if fact else (None, 0)
    if words[at] in _BEFORE_TIME:
        fact, used = _longest_time(words, at + 1, call_day)
        return (
            (fact, used + 1) if fact and _word(words, at + 1 + used) in _AFTER_TIME else (None, 0)
        )
    fact, used = _longest_time(words, at, call_day)
    piece = words[at : at + used]
    marked = any(word in _TIME_MARKS for word in piece) or piece[-2:] in (["a", "m"], ["p", "m"])
    before_hour = minutes_before(piece) and _word(words, at + used) not in COUNTED
    return (fact, used) if fact and (marked or before_hour) else (None, 0)


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
    return last in CLOCK_WORDS or cardinal([last]) is not None or last.isdecimal()


def _digits(words: Sequence[str], at: int, _call_day: CallDay) -> tuple[SpokenFact | None, int]:
    """A code or telephone number that is read out: "four seven two", "double oh seven"."""
    digits, used = digit_run(words, at)
    if len(digits) < _SHORTEST_CODE or used < 2:
        return None, 0
    return SpokenFact("number", _telephone(digits)), used


def _price(words: Sequence[str], at: int, _call_day: CallDay) -> tuple[SpokenFact | None, int]:
    """An amount of money: "twelve dollars and fifty cents", "ninety nine cents"."""
    number, used = _decimal_at(words, at)
    unit = _word(words, at + used)
    if number is None or unit not in (*_CURRENCIES, *_HUNDREDTHS):
        return None, 0
    if unit in _HUNDREDTHS:
        return _money(number / 100, _HUNDREDTHS[unit]), used + 1
    currency, used = _CURRENCIES[unit], used + 1
    rest = at + used + (_word(words, at + used) == "and")
    cents, more = number_at(words, rest)
    if cents is not None and cents < 100 and _word(words, rest + more) in _HUNDREDTHS:
        return _money(number + Decimal(cents) / 100, currency), rest + more + 1 - at
    return _money(number, currency), used


def _money(amount: Decimal, currency: str) -> SpokenFact:
    whole = amount == amount.to_integral_value()
    return SpokenFact("price", f"{int(amount) if whole else f'{amount:.2f}'} {currency}")


def _number(words: Sequence[str], at: int, _call_day: CallDay) -> tuple[SpokenFact | None, int]:
    number, used = _decimal_at(words, at)
    if number is None:
        return None, 0
    if list(words[at : at + used]) == [_PRONOUN] and _word(words, at + used) not in _SPANS:
        return None, used
    if _word(words, at + used) in _SPANS:
        times, unit = _SPANS[_word(words, at + used)]
        return SpokenFact("number", f"{_plain(number * times)} {unit}"), used + 1
    return SpokenFact("number", _plain(number)), used


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _decimal_at(words: Sequence[str], at: int) -> tuple[Decimal | None, int]:
    """A number with its decimals: "three point five", "two and a half"; and its words."""
    if list(words[at : at + 3]) == ["half", "an", "hour"]:
        return Decimal("0.5"), 2
    if words[at] in ("a", "an") and _word(words, at + 1) in _SPANS:
        half = list(words[at + 2 : at + 5]) == ["and", "a", "half"]
        return (None, 0) if half else (Decimal(1), 1)
    whole, used = number_at(words, at)
    if whole is None:
        return None, 0
    rest = list(words[at + used : at + used + 3])
    if rest == ["and", "a", "half"]:
        return whole + Decimal("0.5"), used + 3
    if rest[:1] == ["point"]:
        decimals, more = digit_run(words, at + used + 1)
        if decimals:
            return Decimal(f"{whole}.{decimals}"), used + 1 + more
    return Decimal(whole), used


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
