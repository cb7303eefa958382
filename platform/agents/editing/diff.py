"""Two wordings side by side: what differs, field by field, with the words marked. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Final, Literal

import msgspec

from agents.types import Fact, Wording
from warmline.kernel.vertical import ExtractionField

PieceKind = Literal["same", "removed", "added"]
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")
_TEXTS: Final = ("name", "role", "greeting", "instructions", "language", "on_failure")
_LISTS: Final = ("tools", "collections", "vocabulary")
_STRUCTS: Final = ("voice", "limits")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text or an item of a list, in both or in one alone.

    A fact's has its label; what is read out of calls has its name there, and its type at the end of
    its text: "the caller's name [text]".
    """

    kind: PieceKind
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs, such as "greeting", "facts" or "voice.speed".

    Its pieces without the added ones are what it was, without the removed ones what it becomes.
    """

    field: str
    pieces: tuple[Piece, ...]


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def differences(before: Wording, after: Wording) -> tuple[FieldChange, ...]:
    """What makes one wording the other; nothing for two that are the same."""
    pieces: dict[str, tuple[Piece, ...]] = {}
    for name in _TEXTS:
        pieces[name] = marked_words(getattr(before, name), getattr(after, name))
    said = (_yes_or_no(wording.announces_recording) for wording in (before, after))
    pieces["announces_recording"] = marked_words(*said)
    pieces["facts"] = tuple(_items(before.facts, after.facts))
    for name in _LISTS:
        pieces[name] = tuple(_items(_unlabelled(before, name), _unlabelled(after, name)))
    extraction = (_labelled(wording.extraction) for wording in (before, after))
    pieces["extraction"] = tuple(_items(*extraction))
    for name in _STRUCTS:
        was, becomes = msgspec.to_builtins((getattr(before, name), getattr(after, name)))
        for key, value in becomes.items():
            pieces[f"{name}.{key}"] = _value(was[key], value)
    return tuple(
        FieldChange(field, marked)
        for field, marked in pieces.items()
        if any(piece.kind != "same" for piece in marked)
    )


def applied(wording: Wording, changes: Sequence[FieldChange]) -> Wording:
    """What the wording becomes with changes that were found from it on."""
    fields: dict[str, Any] = {}
    structs = {name: msgspec.to_builtins(getattr(wording, name)) for name in _STRUCTS}
    for change in changes:
        kept = [piece for piece in change.pieces if piece.kind != "removed"]
        name, _, key = change.field.partition(".")
        if name in _STRUCTS:
            structs[name][key] = msgspec.json.decode(kept[0].text)
        elif name == "facts":
            fields[name] = tuple((piece.label, piece.text) for piece in kept)
        elif name == "extraction":
            fields[name] = tuple(_asked(piece) for piece in kept)
        elif name == "announces_recording":
            fields[name] = kept[0].text == "yes"
        elif name in _LISTS:
            fields[name] = tuple(piece.text for piece in kept)
        else:
            fields[name] = "".join(piece.text for piece in kept)
    for name, values in structs.items():
        fields[name] = msgspec.convert(values, type(getattr(wording, name)))
    return replace(wording, **fields)


def marked_words(before: str, after: str) -> tuple[Piece, ...]:
    """A text's words, each run of them as same, removed or added."""
    pieces = _runs(_WORDS.findall(before), _WORDS.findall(after))
    return tuple(Piece(kind, "".join(words)) for kind, words in pieces)


def _items(before: Sequence[Fact], after: Sequence[Fact]) -> Iterator[Piece]:
    for kind, items in _runs(before, after):
        for label, text in items:
            yield Piece(kind, text, label)


def _unlabelled(wording: Wording, name: str) -> list[Fact]:
    items: Iterable[str] = getattr(wording, name)
    return [("", item) for item in items]


def _labelled(asked: Iterable[ExtractionField]) -> list[Fact]:
    return [(one.name, f"{one.description} [{one.type}]") for one in asked]


def _asked(piece: Piece) -> ExtractionField:
    description, _, kind = piece.text.rpartition(" [")
    fields = {"name": piece.label, "description": description, "type": kind.removesuffix("]")}
    return msgspec.convert(fields, ExtractionField)


def _value(before: object, after: object) -> tuple[Piece, ...]:
    was, becomes = (msgspec.json.encode(value).decode() for value in (before, after))
    if was == becomes:
        return (Piece("same", was),)
    return (Piece("removed", was), Piece("added", becomes))


def _runs(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[PieceKind, Sequence[Any]]]:
    matcher = SequenceMatcher(None, before, after)
    for tag, begins, ends, begins_after, ends_after in matcher.get_opcodes():
        if tag == "equal":
            yield "same", before[begins:ends]
            continue
        if ends > begins:
            yield "removed", before[begins:ends]
        if ends_after > begins_after:
            yield "added", after[begins_after:ends_after]
