"""What a model says of a call, held against what was said in it: nothing invented is kept. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from telephony.calls.listing.terms import words_in
from telephony.calls.types import ExtractedField, Speaker, TranscriptLine
from warmline.kernel.matching import match_key, unaccented
from warmline.kernel.text import fitted
from warmline.kernel.vertical import ExtractionField

# Six fields and a summary of these lengths are written in some 700 tokens.
MAX_SUMMARY_CHARACTERS: Final = 300
_MAX_VALUE_CHARACTERS: Final = 80
_MAX_QUOTE_CHARACTERS: Final = 120
# Words of our own that join those that were said: "the caller asks for a plumber on friday".
_JOINING: Final = frozenset(
    (
        *("the", "a", "an", "and", "or", "but", "of", "for", "to", "in", "on", "at", "by", "with"),
        *("from", "about", "that", "this", "is", "was", "were", "be", "has", "had", "as", "so"),
        *("caller", "agent", "person", "customer", "patient", "he", "she", "they", "it", "their"),
        *("his", "her", "wants", "wanted", "asks", "asked", "calls", "called", "call", "calling"),
        *("booked", "told", "said", "says", "confirmed", "no", "not", "yes"),
    )
)
# Of a summary's other words, so many at least were said.
_SAID_SHARE: Final = 0.6


class Quoted(msgspec.Struct, frozen=True):
    """A value with the words that it was taken from, as the model gives them."""

    value: str | bool
    line: int
    quote: str


class Answer(msgspec.Struct, frozen=True):
    """The model's answer; a field that was not said is null."""

    summary: str
    fields: Mapping[str, Quoted | None] = {}


def heard_lines(transcript: Sequence[TranscriptLine]) -> tuple[TranscriptLine, ...]:
    """What was said in the call, by whomever: what only a screen showed is left out."""
    return tuple(line for line in transcript if line.heard.strip() and not line.to_screen)


def verified_summary(summary: str, lines: Sequence[TranscriptLine]) -> str:
    """The summary, if it speaks of this call: figures that were said, most words that were said.

    Empty otherwise.
    """
    text = fitted(summary.strip(), limit=MAX_SUMMARY_CHARACTERS)
    said = {word for line in lines for word in words_in(line.heard)}
    words = words_in(text)
    if any(re.search(r"\d", word) and word not in said for word in words):
        return ""
    own = [word for word in words if word not in _JOINING]
    if not own or sum(word in said for word in own) < _SAID_SHARE * len(own):
        return ""
    return text


def verified_fields(
    schema: Sequence[ExtractionField],
    answered: Mapping[str, Quoted | None],
    lines: Sequence[TranscriptLine],
) -> tuple[ExtractedField, ...]:
    """Each field of the schema with its value and evidence, or without a value and why."""
    return tuple(_verified(field, answered.get(field.name), lines) for field in schema)


def answer_schema(schema: Sequence[ExtractionField], *, lines: int) -> dict[str, Any]:
    """The JSON schema that the model's answer is held to while it is written."""
    properties = {field.name: _field_schema(field, lines=lines) for field in schema}
    fields = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "summary": {"type": "string", "maxLength": MAX_SUMMARY_CHARACTERS},
            "fields": fields,
        },
        "required": ["summary", "fields"],
        "additionalProperties": False,
    }


def answer_pattern(schema: Sequence[ExtractionField]) -> str:
    """The same as a regular expression, for JSON in one spelling: no white space, no escapes."""
    fields = ",".join(f'"{field.name}":{_field_pattern(field)}' for field in schema)
    return rf'\{{"summary":{_text(MAX_SUMMARY_CHARACTERS)},"fields":\{{{fields}\}}\}}'


def _field_pattern(field: ExtractionField) -> str:
    value = "(true|false)" if field.type == "yes_no" else _text(_MAX_VALUE_CHARACTERS)
    quoted = (
        rf'\{{"value":{value},"line":[1-9][0-9]{{0,2}},"quote":{_text(_MAX_QUOTE_CHARACTERS)}\}}'
    )
    return f"(null|{quoted})"


def _text(limit: int) -> str:
    return rf'"[^"\\\x00-\x1f]{{0,{limit}}}"'


def _field_schema(field: ExtractionField, *, lines: int) -> dict[str, Any]:
    value = (
        {"type": "boolean"}
        if field.type == "yes_no"
        else {"type": "string", "maxLength": _MAX_VALUE_CHARACTERS}
    )
    quoted = {
        "type": "object",
        "properties": {
            "value": value,
            "line": {"type": "integer", "minimum": 1, "maximum": max(1, lines)},
            "quote": {"type": "string", "maxLength": _MAX_QUOTE_CHARACTERS},
        },
        "required": ["value", "line", "quote"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": "null"}, quoted]}


def _verified(
    field: ExtractionField, quoted: Quoted | None, lines: Sequence[TranscriptLine]
) -> ExtractedField:
    if quoted is None:
        return _without(field, "not said")
    if not 1 <= quoted.line <= len(lines):
        return _without(field, "no such line")
    line = lines[quoted.line - 1]
    quote = _running_words(quoted.quote)
    if not quote or f" {quote} " not in f" {_running_words(line.heard)} ":
        return _without(field, "the quote was not said")
    if isinstance(quoted.value, bool) != (field.type == "yes_no"):
        return _without(field, "the value is of another type")
    if isinstance(quoted.value, bool):
        value = "yes" if quoted.value else "no"
    else:
        value = fitted(quoted.value.strip(), limit=_MAX_VALUE_CHARACTERS)
        running = _running_words(value)
        if not running or f" {running} " not in f" {quote} ":
            return _without(field, "the value is not in the quote")
    speaker: Speaker = line.speaker
    return ExtractedField(
        name=field.name,
        type=field.type,
        value=value,
        quote=fitted(quoted.quote.strip(), limit=_MAX_QUOTE_CHARACTERS),
        speaker=speaker,
        at_ms=line.at_ms,
        why="",
    )


def _without(field: ExtractionField, why: str) -> ExtractedField:
    return ExtractedField(field.name, field.type, None, "", None, None, why)


def _running_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", unaccented(match_key(text))))
