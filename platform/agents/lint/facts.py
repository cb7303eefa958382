"""Facts that contradict the opening hours, one another or the model's own frame. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agents.lint.findings import Finding, Subject
from agents.lint.said_hours import SaidHours, said_hours
from verticals.spoken.languages import SIGNS, Language, language_of
from verticals.types import Business, Hours

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PRICE: Final = re.compile(
    r"\b(?:prices?|costs?|fees?|charges?|rates?|surcharge|deposit|preise?|kosten|geb.hr\w*"
    r"|precios?|coste?s?|tarifas?|prix|tarifs?|frais)\b",
    re.IGNORECASE,
)
# What models take for the end of one speaker's words, and what their templates are made of.
_TEMPLATE: Final = re.compile(
    r"<\|[^|<>\n]{0,40}\|>|</?(?:tool_call|tool_response|think|s|system|start_of_turn|end_of_turn)>"
    r"|\[/?INST\]|<</?SYS>>|^\s*#{2,3}\s*(?:system|user|assistant|instruction)s?\b",
    re.IGNORECASE | re.MULTILINE,
)
_INJECTION: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|rules?|prompts?|above)\b"
    r"|\bsystem (?:prompt|message)\b|\byou are now\b|\bnew instructions?\b|\bjailbreak\b"
    r"|\bdeveloper mode\b|\bpretend (?:to be|you are)\b|\bact as an? (?:ai|assistant|model)\b",
    re.IGNORECASE | re.DOTALL,
)


def contradicting(subject: Subject) -> Iterator[Finding]:
    """The same label twice, and hours that differ from those that bookings go by."""
    first: dict[str, int] = {}
    for number, (label, _) in enumerate(subject.wording.facts):
        known = first.setdefault(" ".join(label.casefold().split()), number)
        if known != number:
            yield Finding(
                f"facts.{number}.label",
                "error",
                "said_twice",
                f"{label!r} stands twice among the facts: the model takes either",
                "Keep one of the two, or tell them apart by their labels",
            )
    language = language_of(subject.wording.language)
    if subject.business is None or language is None:
        return
    for number, (label, value) in enumerate(subject.wording.facts):
        for said in said_hours(label, value, language):
            why = _contradiction(said, subject.business)
            if why:
                yield Finding(
                    f"facts.{number}.value",
                    "warning",
                    "hours_differ",
                    why,
                    "Set the same hours in both places: bookings go by the opening hours",
                )


def unknown_knowledge(subject: Subject) -> Iterator[Finding]:
    """Collections that are gone: an agent that has no other knows nothing."""
    for number, collection_id in enumerate(subject.wording.collections):
        if collection_id not in subject.collections:
            yield Finding(
                f"collections.{number}",
                "error",
                "no_such_collection",
                f"there is no collection {collection_id}: nothing would be looked up in it",
                "Choose collections that there are",
            )


def priceless(subject: Subject) -> Iterator[Finding]:
    """Prices that are numbers alone."""
    language = language_of(subject.wording.language)
    if language is None:
        return
    for number, (label, value) in enumerate(subject.wording.facts):
        if _PRICE.search(label) and _has_number(value, language) and not _has_unit(value, language):
            yield Finding(
                f"facts.{number}.value",
                "warning",
                "no_currency",
                f"{value!r} names no currency: a voice says the number alone",
                'Write it as it is said: "ninety five dollars", or with its sign: "$95"',
            )


def injecting(subject: Subject) -> Iterator[Finding]:
    """Words that speak to the model in place of telling it something."""
    for field, text in subject.all_texts():
        mark = _TEMPLATE.search(text)
        if mark is not None:
            yield Finding(
                field,
                "error",
                "template_mark",
                f"{mark[0].strip()!r} is a mark by which models tell speakers apart",
                "Remove it",
            )
        words = None if field == "instructions" else _INJECTION.search(text)
        if words is not None:
            yield Finding(
                field,
                "warning",
                "speaks_to_the_model",
                f"{words[0]!r} reads as an order to the model, not as something to tell callers",
                "Keep facts to what callers may hear; orders belong into the instructions",
            )


def _contradiction(said: SaidHours, business: Business) -> str:
    """How what is said differs from the week, in words; "" when it does not."""
    if not said.days:
        week = [hours for hours in business.week if hours is not None]
        if said.hours is None or not week or any(_alike(said.hours, hours) for hours in week):
            return ""
        return f"{said.words!r}, and on no day are the opening hours these"
    for day in said.days:
        hours = business.week[day]
        if said.hours is None and hours is not None:
            return f"{said.words!r}, and the opening hours on {_DAYS[day]} are {_shown(hours)}"
        if said.hours is not None and hours is None:
            return f"{said.words!r}, and by the opening hours {_DAYS[day]} is closed"
        if said.hours is not None and hours is not None and not _alike(said.hours, hours):
            return f"{said.words!r}, and the opening hours on {_DAYS[day]} are {_shown(hours)}"
    return ""


def _alike(said: Hours, hours: Hours) -> bool:
    """Whether they may be the same hours: "eight to six" is 08:00 to 18:00."""
    return all(
        (one.hour % 12, one.minute) == (other.hour % 12, other.minute)
        for one, other in zip(said, hours, strict=True)
    )


def _shown(hours: Hours) -> str:
    return f"{hours[0]:%H:%M} to {hours[1]:%H:%M}"


def _has_number(text: str, language: Language) -> bool:
    if any(letter.isdecimal() for letter in text):
        return True
    words = set(re.findall(r"\w+", text.casefold()))
    return any(number <= words for number in _numbers(language))


@lru_cache(maxsize=16)
def _numbers(language: Language) -> tuple[frozenset[str], ...]:
    """The words of numbers; "one" is too common a word to be one."""
    numbers = (*range(2, 21), *range(30, 101, 10), 1000)
    return tuple(frozenset(language.cardinal(number).casefold().split()) for number in numbers)


def _has_unit(text: str, language: Language) -> bool:
    """Whether it names a currency, or counts something else than money."""
    return not _units(language).isdisjoint(re.findall(r"[^\W\d_]+|[$€£¥₹%]", text.casefold()))


@lru_cache(maxsize=16)
def _units(language: Language) -> frozenset[str]:
    known = {"%", language.words["percent"].split()[-1], *(sign.casefold() for sign in SIGNS)}
    for currency in language.currencies.values():
        known |= {word.casefold() for name in currency[:4] for word in name.split()}
    return frozenset(known)
