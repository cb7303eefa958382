"""Days and times that were named in a conversation, and whether a tool's are among them. Pure."""

import re
from collections.abc import Callable, Sequence
from datetime import date, time
from functools import lru_cache
from typing import Final, TypeVar

from verticals.grounding.conversation import Said, agrees, standing_parts, windows
from verticals.spoken.day_forms import day_in
from verticals.spoken.days import WEEKDAYS, parse_day
from verticals.spoken.moments import moments_in
from verticals.spoken.numbers import words_of
from verticals.spoken.phrases import MONTHS, phrase_words
from verticals.spoken.time_forms import time_in

Value = TypeVar("Value", date, time)
Reader = Callable[[str], frozenset[Value]]

_LONGEST_DAY: Final = 7  # words: "the twenty first of december next year"
_LONGEST_TIME: Final = 6
_BARE_WORDS: Final = 3
# "the second one" is no time.
_ONE_OF_THEM: Final = re.compile(
    r"\b(?:first|second|third|last|that|this|earliest|latest|other|earlier|later|which|any) one\b",
    re.IGNORECASE,
)
_DAY_WORD: Final = re.compile(
    rf"{'|'.join(WEEKDAYS)}|{'|'.join(name[:3] for name in (*WEEKDAYS, *MONTHS))}|today|tonight"
    r"|tomorrow|week|fortnight|month|day|christmas|new year|halloween|\d|first|second|third|fth"
    r"|(?:four|six|seven|eigh|nin|ten|teen|eleven|tie)th",
    re.IGNORECASE,
)
_TIME_WORD: Final = re.compile(
    r"\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight|half|quarter",
    re.IGNORECASE,
)
# A number that is surely a time; "two" alone may count anything.
_SURELY: Final = re.compile(
    r"\b(?:at|around|by|about|past|to|half|quarter|noon|midnight|o'?clock|[ap]\.? ?m\b)|\d[:.]\d\d",
    re.IGNORECASE,
)
_IDLE_WORDS: Final = "on the of at for a in this coming please"
_OF_NO_WEIGHT: Final = frozenset(_IDLE_WORDS.split())


def is_day_named(wanted: str, *, said: Sequence[Said], today: date) -> bool:
    """Whether the caller meant that day: named last by him, or chosen of what a tool has told.

    Words that name no one day are left to whoever reads them.
    """
    day = parse_day(wanted, today=today)
    if day is None:
        return True
    if _is_meant(day, said=said, read=lambda text: _days_in(text, today), surely=_days_of(today)):
        return True
    return _is_put_together(wanted, said)


def is_time_named(wanted: str, *, said: Sequence[Said]) -> bool:
    """Whether the caller meant that time, by the same rule."""
    readings = {
        at
        for moment in moments_in(wanted, today=date(2000, 1, 1))
        if moment.time is not None
        for at in moment.time.readings
    }
    if not readings:
        return True
    return any(_is_meant(at, said=said, read=_times_in, surely=_sure_times_in) for at in readings)


def _is_meant(
    value: Value, *, said: Sequence[Said], read: Reader[Value], surely: Reader[Value]
) -> bool:
    """Whether a value was named by the caller and not replaced by another one that he named later.

    What a tool offered, or the agent asked where he had named none, is his by his answer.
    """
    last_at, last = -1, frozenset[Value]()
    for at, line in enumerate(said):
        if line.source == "caller" and (named := surely(line.text)):
            last_at, last = at, named
    if value in last:
        return True
    for at, line in enumerate(said):
        is_answered = any(later.source == "caller" for later in said[at + 1 :])
        if line.source == "caller" and at > last_at and value in read(line.text):
            return True
        if line.source == "tool" and at > last_at and is_answered and value in read(line.text):
            return True
        following = next((later for later in said[at + 1 :] if later.source == "caller"), None)
        is_agreed = last_at < 0 and following is not None and agrees(following.text)
        if line.source == "agent" and is_agreed and surely(line.text) == {value}:
            return True
    return False


def _is_put_together(wanted: str, said: Sequence[Said]) -> bool:
    """Whether several words for a day were each said: "next week", and then "wednesday"."""
    words = [word for word in words_of(wanted) if word not in _OF_NO_WEIGHT]
    lines = [line.text for line in said if line.source == "caller"][-3:]
    spoken = {word for line in lines for word in words_of(line)}
    return len(words) > 1 and set(words) <= spoken


def _days_of(today: date) -> Reader[date]:
    return lambda text: _days_in(text, today)


def _last_named(text: str, read: Callable[[str], frozenset[Value]]) -> frozenset[Value]:
    """What is left of a breath: the values after its last correction that names any."""
    for part in standing_parts(text):
        if named := read(part):
            return named
    return frozenset()


@lru_cache(maxsize=256)
def _days_in(text: str, today: date) -> frozenset[date]:
    return _last_named(text, lambda part: _days_of_part(part, today))


def _days_of_part(part: str, today: date) -> frozenset[date]:
    """Each stretch of words that is a day, the longest from its place: "tuesday the first"."""
    found: set[date] = set()
    for stretch in _longest_first(part, longest=_LONGEST_DAY, holds=_DAY_WORD):
        words = phrase_words(stretch)
        day = day_in(" ".join(words), today=today) if words else None
        if isinstance(day, date):
            found.add(day)
    return frozenset(found)


@lru_cache(maxsize=256)
def _times_in(text: str) -> frozenset[time]:
    return _last_named(text, _times_of_part)


@lru_cache(maxsize=256)
def _sure_times_in(text: str) -> frozenset[time]:
    return _last_named(text, _sure_times_of_part)


def _sure_times_of_part(part: str) -> frozenset[time]:
    is_bare_answer = len(words_of(part)) <= _BARE_WORDS
    return _read_times(part, sure=_TIME_WORD if is_bare_answer else _SURELY)


def _times_of_part(part: str) -> frozenset[time]:
    return _read_times(part, sure=_TIME_WORD)


def _read_times(part: str, *, sure: re.Pattern[str]) -> frozenset[time]:
    found: set[time] = set()
    for stretch in _longest_first(
        _ONE_OF_THEM.sub(" ", part), longest=_LONGEST_TIME, holds=_TIME_WORD
    ):
        words = phrase_words(stretch)
        said = time_in(" ".join(words)) if words and sure.search(stretch) else None
        if said is not None:
            found.update(said.readings)
    return frozenset(found)


def _longest_first(part: str, *, longest: int, holds: re.Pattern[str]) -> list[str]:
    plain = part.replace(",", " ").replace("?", " ").replace("!", " ").rstrip(". ")
    stretches = [text for text in windows(plain, longest=longest) if holds.search(text)]
    return sorted(stretches, key=len, reverse=True)
