"""How spoken words, telephone numbers and durations look on a page."""

import re
from collections.abc import Mapping
from json import dumps

from django import template

from warmline.kernel.phone_numbers import caller_number

register = template.Library()

_SENTENCE_START = re.compile(r"(^[^\w\s]*|[.?!]\s+[^\w\s]*)([^\W\d_]\w*)")
_LONE_I = re.compile(r"\bi\b")


@register.filter
def sentences(text: str) -> str:
    """Give recognised speech, all lower case, its capitals: at sentence starts, and for "I"."""
    capitalised = _SENTENCE_START.sub(_with_capital, text.strip())
    return _LONE_I.sub("I", capitalised)


def _with_capital(start: re.Match[str]) -> str:
    """A word that has capitals already ("iPhone") stays."""
    word = start[2]
    return start[1] + (word[:1].title() + word[1:] if word == word.lower() else word)


@register.filter
def milliseconds(value: float | None) -> str:
    """420 ms; 1.84 s from one second on; a dash for what was not reached."""
    if value is None:
        return "–"
    return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.2f} s"


@register.filter
def clock(seconds: float | None) -> str:
    """Minutes and seconds: 1:05."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


@register.filter
def caller(number: str) -> str:
    """A caller's number, or that it was withheld: older rows hold what the carrier wrote then."""
    return caller_number(number) or "withheld"


@register.filter
def json(value: object) -> str:
    """A tool's arguments or answer in one line."""
    return dumps(value, ensure_ascii=False)


OUTCOMES = {
    "answered": "answered",
    "booked": "booked",
    "handed_over": "handed over",
    "answered_by_person": "answered by a person",
    "voicemail": "voicemail",
    "missed": "missed",
    "refused": "refused",
    "failed": "failed",
}
_LOOKS = {"booked": "good", "answered": "good", "missed": "bad", "failed": "bad", "refused": "bad"}


@register.filter
def outcome_words(outcome: str) -> str:
    """What a call came to, as a person reads it."""
    return OUTCOMES.get(outcome, outcome)


@register.filter
def outcome_look(outcome: str) -> str:
    """The class of its tag."""
    return _LOOKS.get(outcome, "screen")


@register.filter
def named(names: Mapping[object, str], key: object) -> str:
    """The name of that id; a dash for none."""
    return names.get(key, "–")


@register.filter
def words(name: str) -> str:
    """caller_hung_up as a person reads it: caller hung up."""
    return name.replace("_", " ")
