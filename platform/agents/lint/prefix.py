"""What a prompt must not hold to be the same for every call, and small enough to be read at once.

Pure. A prompt that differs from call to call is read anew by the model each time, while the caller
waits; one that names today is wrong tomorrow.
"""

import re
from collections.abc import Iterator
from typing import Final

from agents.lint.findings import Finding, Subject
from verticals.spoken.languages import language_of
from verticals.spoken.values import CalendarDate, Span
from verticals.spoken.written import written_in

# Of English text; other languages have fewer.
CHARACTERS_PER_TOKEN: Final = 4
# Read at once by the built-in model in 40 ms; a prompt twice as long doubles a cold first word.
COMFORTABLE_TOKENS: Final = 800
# The smallest model that a call may fall back to holds 2,048: a fourth is for what is said.
MOST_TOKENS: Final = 1500
# What a model of that size is never shown (`warmline.kernel.prompt`).
_FOR_LARGER_MODELS: Final = "\nRules:"

_FILLED_IN: Final = re.compile(
    r"\{\{?[^{}\n]{1,60}\}?\}|\$\{?[A-Za-z_]\w*\}?|%\(?[a-z_]{0,30}\)?[sd]\b"
)
_TO_FILL_IN: Final = re.compile(
    r"\[[^\]\n]{1,60}\]|<[A-Za-z][A-Za-z _-]{1,30}>|\b(?:TODO|TBD|XXX+|lorem ipsum)\b"
)
_STALE: Final = re.compile(
    r"\b(?:today|tonight|tomorrow|yesterday|right now|at the moment|this (?:week|month|year)"
    r"|next (?:week|month|year)|heute|gestern|diese woche|hoy|ayer|esta semana|aujourd.hui|demain"
    r"|cette semaine)\b",
    re.IGNORECASE,
)
_TIME_OF_DAY: Final = re.compile(
    r"\b(?:good (?:morning|afternoon|evening)|guten (?:morgen|abend)|buenas (?:tardes|noches)"
    r"|bonsoir)\b",
    re.IGNORECASE,
)


def changing(subject: Subject) -> Iterator[Finding]:
    """Placeholders: nothing fills them in, and nothing may: each call's prompt is the same."""
    for field, text in subject.all_texts():
        placeholder = _FILLED_IN.search(text)
        if placeholder is not None:
            yield Finding(
                field,
                "error",
                "placeholder",
                f"{placeholder[0]!r} is filled in by nobody: callers would hear it as it stands, "
                "and a prompt that changes from call to call is read anew each time",
                "Write the words themselves; who calls and when is known to the tools",
            )
            continue
        left_over = _TO_FILL_IN.search(text)
        if left_over is not None:
            yield Finding(
                field,
                "warning",
                "left_to_fill_in",
                f"{left_over[0]!r} looks as if it were still to be filled in",
                "Write what callers shall hear, or remove it",
            )


def going_stale(subject: Subject) -> Iterator[Finding]:
    """Words that are true for a day: a version says them until it is changed."""
    for field, text in subject.spoken_texts():
        moment = _STALE.search(text)
        if moment is not None:
            yield Finding(
                field,
                "warning",
                "goes_stale",
                f"{moment[0]!r} is said every day until somebody changes this version",
                "Name the date, or keep it in holidays: the agent knows which day it is",
            )
    wording = subject.wording
    part_of_day = _TIME_OF_DAY.search(wording.greeting)
    if part_of_day is not None:
        yield Finding(
            "greeting",
            "warning",
            "time_of_day",
            f"{part_of_day[0]!r} is said at any hour: the greeting is the same for every call",
            'Greet without the time of day: "Hello", "Thanks for calling"',
        )
    for field, text in (("greeting", wording.greeting), ("instructions", wording.instructions)):
        date = _date_in(text, wording.language)
        if date:
            yield Finding(
                field,
                "warning",
                "dated",
                f"{date!r} will pass, and this will still be said",
                "Keep dates in facts, holidays or knowledge, where they are looked up",
            )


def too_long(subject: Subject) -> Iterator[Finding]:
    """More than a model reads at once, or can hold."""
    small = len(subject.prompt.split(_FOR_LARGER_MODELS)[0]) // CHARACTERS_PER_TOKEN
    whole = len(subject.prompt) // CHARACTERS_PER_TOKEN
    fix = "Keep what every call needs as facts; what is in knowledge is looked up when asked"
    if small > MOST_TOKENS:
        yield Finding(
            "facts",
            "error",
            "prompt_too_long",
            f"the prompt has about {small} tokens; a smaller model that stands in holds "
            f"{MOST_TOKENS} and what is said",
            fix,
        )
    elif whole > COMFORTABLE_TOKENS:
        field = "facts" if small > COMFORTABLE_TOKENS else "instructions"
        yield Finding(
            field,
            "warning",
            "prompt_long",
            f"the prompt has about {whole} tokens: above {COMFORTABLE_TOKENS} the first word of a "
            "call whose prompt is not cached comes noticeably later",
            fix,
        )


def _date_in(text: str, tag: str) -> str:
    """The first date that is written in figures, as it stands; "" for none."""
    language = language_of(tag)
    if language is None:
        return ""
    for written in written_in(text, language):
        value = written.value.first if isinstance(written.value, Span) else written.value
        if isinstance(value, CalendarDate):
            return text[written.begins : written.ends]
    return ""
