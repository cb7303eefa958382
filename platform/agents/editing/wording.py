"""What a wording must be to be kept at all, and its way into a row's columns and back.

Whether it may also speak to callers is the lint's question (`agents.lint`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast, get_args
from uuid import UUID

import msgspec

from agents import registry
from agents.errors import BadWording
from agents.models import WordedModel
from agents.types import MAX_INSTRUCTIONS, Wording
from tenants import queries as tenants_queries
from verticals.spoken.languages import OFFERED, language_of
from warmline.kernel.agent import Limits, OnFailure, Voice
from warmline.kernel.text import why_unfit
from warmline.kernel.vertical import ExtractionField, ExtractionType

Number = TypeVar("Number", int, float)

MAX_FACTS: Final = 60
MAX_LABEL: Final = 60
MAX_VALUE: Final = 300
MAX_WORDS: Final = 100
MAX_WORD: Final = 60
MAX_COLLECTIONS: Final = 50
# So many, with their quotes, fit what the smallest model may write of a call (800 tokens).
MAX_EXTRACTION: Final = 6
MAX_FIELD_NAME: Final = 40
MAX_DESCRIPTION: Final = 120
EXTRACTION_TYPES: Final[tuple[ExtractionType, ...]] = get_args(ExtractionType)
# It is a key of JSON that a model writes, and a column of what is exported.
FIELD_NAME: Final = re.compile(rf"^[a-z][a-z0-9_]{{0,{MAX_FIELD_NAME - 1}}}$")
ON_FAILURE: Final[tuple[OnFailure, ...]] = get_args(OnFailure)
# Below, an agent cuts its callers off; above, nobody has that much to say.
LIMITS: Final[dict[str, tuple[int, int]]] = {
    "max_seconds": (30, 7200),
    "max_turns": (1, 500),
    "silence_ms": (200, 3000),
    "idle_seconds": (5, 120),
}
SPEEDS: Final = (0.5, 2.0)  # the speech server's rate stays intelligible on a telephone
_TEXTS: Final = (("name", 60), ("role", 120), ("greeting", 300))


def checked(wording: Wording) -> Wording:
    """The wording as it is kept: trimmed, each tool once; `BadWording` names the field that cannot
    be kept, and why.
    """
    _check_texts(wording)
    _check_tools(wording.tools)
    _check_extraction(wording.extraction)
    if language_of(wording.language) is None:
        raise BadWording(
            f"language {wording.language[:40]!r}: expected one of {', '.join(OFFERED)}, "
            "with or without a region (es-MX)",
            field="language",
        )
    if wording.on_failure not in ON_FAILURE:
        raise BadWording(f"on failure: expected one of {', '.join(ON_FAILURE)}", field="on_failure")
    for name, (least, most) in LIMITS.items():
        _check_range(getattr(wording.limits, name), least, most, field=f"limits.{name}")
    _check_range(wording.voice.speed, *SPEEDS, field="voice.speed")
    return replace(
        wording,
        name=wording.name.strip(),
        role=wording.role.strip(),
        instructions=_lines(wording.instructions),
        greeting=wording.greeting.strip(),
        facts=tuple((label.strip(), value.strip()) for label, value in wording.facts),
        tools=_in_order(wording.tools),
        collections=_checked_collections(wording.collections),
        vocabulary=tuple(word.strip() for word in wording.vocabulary),
        extraction=tuple(
            msgspec.structs.replace(asked, description=asked.description.strip())
            for asked in wording.extraction
        ),
    )


def columns_of(wording: Wording) -> dict[str, Any]:
    """The columns that keep a wording."""
    return {
        "name": wording.name,
        "role": wording.role,
        "instructions": wording.instructions,
        "greeting": wording.greeting,
        "facts": [list(fact) for fact in wording.facts],
        "tools": list(wording.tools),
        "collections": list(wording.collections),
        "vocabulary": list(wording.vocabulary),
        "voice": wording.voice.name,
        "speed": wording.voice.speed,
        "language": wording.language,
        "limits": msgspec.to_builtins(wording.limits),
        "on_failure": wording.on_failure,
        "extraction": msgspec.to_builtins(wording.extraction),
        "announces_recording": wording.announces_recording,
    }


def wording_of(row: WordedModel) -> Wording:
    """The wording that a draft or version keeps."""
    return Wording(
        greeting=row.greeting,
        name=row.name,
        role=row.role,
        instructions=row.instructions,
        facts=tuple((label, value) for label, value in row.facts),
        tools=tuple(row.tools),
        collections=tuple(row.collections),
        vocabulary=tuple(row.vocabulary),
        voice=Voice(name=row.voice, speed=row.speed),
        language=row.language,
        limits=msgspec.convert(row.limits, Limits),
        on_failure=cast("OnFailure", row.on_failure),
        extraction=msgspec.convert(row.extraction, tuple[ExtractionField, ...]),
        announces_recording=row.announces_recording,
    )


def _check_texts(wording: Wording) -> None:
    for name, limit in _TEXTS:
        _check_line(getattr(wording, name), limit=limit, field=name)
    unfit = why_unfit(wording.instructions, limit=MAX_INSTRUCTIONS)
    if unfit:
        raise BadWording(f"instructions: expected {unfit}", field="instructions")
    _check_count(wording.facts, MAX_FACTS, field="facts")
    for number, (label, value) in enumerate(wording.facts):
        for name, text, limit in (("label", label, MAX_LABEL), ("value", value, MAX_VALUE)):
            if not text.strip():
                raise BadWording("a fact needs a label and a value", field=f"facts.{number}.{name}")
            _check_line(text, limit=limit, field=f"facts.{number}.{name}")
    _check_count(wording.vocabulary, MAX_WORDS, field="vocabulary")
    for number, word in enumerate(wording.vocabulary):
        if not word.strip():
            raise BadWording("vocabulary: expected words", field=f"vocabulary.{number}")
        _check_line(word, limit=MAX_WORD, field=f"vocabulary.{number}")
    if not wording.voice.name.strip():
        raise BadWording("voice: expected the name of one", field="voice.name")
    _check_line(wording.voice.name, limit=60, field="voice.name")


def _check_line(text: str, *, limit: int, field: str) -> None:
    """A text of one line: a second one would be a line of the prompt."""
    unfit = why_unfit(text, limit=limit)
    if not unfit and len(text.strip().splitlines()) > 1:
        unfit = "one line; this has several"
    if unfit:
        raise BadWording(f"{field.replace('_', ' ')}: expected {unfit}", field=field)


def _check_count(values: Sequence[object], most: int, *, field: str) -> None:
    if len(values) > most:
        raise BadWording(f"{field}: expected at most {most}; there are {len(values)}", field=field)


def _check_range(value: Number, least: Number, most: Number, *, field: str) -> None:
    if not least <= value <= most:
        raise BadWording(f"{field}: expected {least} to {most}, got {value}", field=field)


def _check_tools(tools: Sequence[str]) -> None:
    vertical = registry.vertical(tenants_queries.tenant().vertical)
    for number, name in enumerate(tools):
        if vertical.tool(name) is None:
            raise BadWording(
                f"{vertical.slug} has no tool {name[:60]}: expected some of "
                + ", ".join(tool.name for tool in vertical.tools),
                field=f"tools.{number}",
            )


def _check_extraction(asked: Sequence[ExtractionField]) -> None:
    _check_count(asked, MAX_EXTRACTION, field="extraction")
    names: set[str] = set()
    for number, one in enumerate(asked):
        _check_extracted(one, place=f"extraction.{number}")
        if one.name in names:
            raise BadWording(
                f"extraction: {one.name} stands twice", field=f"extraction.{number}.name"
            )
        names.add(one.name)


def _check_extracted(one: ExtractionField, *, place: str) -> None:
    if not FIELD_NAME.fullmatch(one.name):
        raise BadWording(
            f"extraction: {one.name[:60]!r}: expected a name of at most {MAX_FIELD_NAME} "
            "lower-case letters, digits and _, such as customer_name",
            field=f"{place}.name",
        )
    if not one.description.strip():
        raise BadWording(
            f"extraction: {one.name}: expected what is looked for, such as the caller's name",
            field=f"{place}.description",
        )
    _check_line(one.description, limit=MAX_DESCRIPTION, field=f"{place}.description")
    if one.type not in EXTRACTION_TYPES:
        raise BadWording(
            f"extraction: {one.name}: expected one of {', '.join(EXTRACTION_TYPES)}",
            field=f"{place}.type",
        )


def _in_order(tools: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the vertical's order: that in which the model is told of them."""
    vertical = registry.vertical(tenants_queries.tenant().vertical)
    return tuple(tool.name for tool in vertical.tools if tool.name in tools)


def _checked_collections(collections: Sequence[str]) -> tuple[str, ...]:
    _check_count(collections, MAX_COLLECTIONS, field="collections")
    ids: list[str] = []
    for number, collection_id in enumerate(collections):
        try:
            ids.append(str(UUID(collection_id)))
        except ValueError:
            raise BadWording(
                f"collections: {collection_id[:40]!r}: expected a collection's id",
                field=f"collections.{number}",
            ) from None
    return tuple(dict.fromkeys(ids))


def _lines(text: str) -> str:
    """With one kind of line end and none at the sides: the prompt is cached by its bytes."""
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(lines).strip()
