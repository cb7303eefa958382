"""How spoken words, telephone numbers and durations look on a page."""

import re

from django import template

from warmline.kernel.phone_numbers import caller_number

register = template.Library()

_SENTENCE_START = re.compile(r"(^|[.?!]\s+)([a-z])")
_LONE_I = re.compile(r"\bi\b")


@register.filter
def sentences(text: str) -> str:
    """Give recognised speech, all lower case, its capitals: at sentence starts, and for "I"."""
    capitalised = _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text.strip())
    return _LONE_I.sub("I", capitalised)


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
def words(name: str) -> str:
    """caller_hung_up as a person reads it: caller hung up."""
    return name.replace("_", " ")
