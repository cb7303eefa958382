"""The ways to read a phrase as a day and a time: each uses every word that was said. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from verticals.spoken.day_forms import Reading, day_in
from verticals.spoken.phrases import MONTHS, WEEKDAYS, phrase_words
from verticals.spoken.time_forms import SaidTime, time_in

# What may be a part of the date beside it: any number, as "2" in "december 5 2", or figures alone,
# as "4" in "friday 4".
_ANY_NUMBER = re.compile(r"(?:~?[0-9]{1,2}|[0-9]{3,4}|~?20 ~?[0-9]{2})(?: or so| ish)?")
_FIGURES = re.compile(r"[0-9]{1,2}(?: or so| ish)?")


@dataclass(frozen=True, slots=True)
class SaidMoment:
    """One way to read a phrase: the day or the doubt about it, and the time; None: not said."""

    day: Reading | None
    time: SaidTime | None


def moments_in(text: str, *, today: date) -> Iterator[SaidMoment]:
    """Every way to read a phrase as a day, a time or both, in any order."""
    words = phrase_words(text)
    if not words:
        return
    time = time_in(" ".join(words))
    if time is not None:
        yield SaidMoment(None, time)
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            before, middle, after = words[:start], words[start:end], words[end:]
            day = day_in(" ".join(middle), today=today)
            if day is None:
                continue
            if not before and not after:
                yield SaidMoment(day, None)
            elif (time := _time_around(before, middle, after)) is not None:
                yield SaidMoment(day, time)


def _time_around(before: list[str], day: list[str], after: list[str]) -> SaidTime | None:
    """The time that the words before and after a day say together; None when a word is left."""
    has_figures = any(letter.isdigit() for word in day for letter in word)
    if not has_figures and any(word in MONTHS for word in day):
        return None  # "december ten or so"
    first = " ".join(before).strip(" ,")
    last = " ".join(after).strip(" ,").removeprefix("and ")
    number_before = _ANY_NUMBER if has_figures or day[0] in WEEKDAYS else _FIGURES
    number_after = _ANY_NUMBER if has_figures else _FIGURES
    if (day[0] != "on" and number_before.fullmatch(first)) or number_after.fullmatch(last):
        return None
    match [time_in(piece) for piece in (first, last) if piece]:
        case [SaidTime() as time]:
            return time
        case [SaidTime() as one, SaidTime() as other]:
            # "at ten on friday morning": one says the time, the other the part of the day.
            if not one.readings and one.parts:
                return SaidTime(other.readings, (*one.parts, *other.parts))
            if not other.readings and other.parts:
                return SaidTime(one.readings, (*one.parts, *other.parts))
    return None
