"""Two wordings side by side, field by field, for the eye."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.agent_file.knowledge import with_names
from agents.editing.diff import FieldChange, Piece, marked_words
from dashboard.agents.findings import label_of


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field that differs: what it was and what it becomes, as lines of marked pieces."""

    label: str
    before: tuple[tuple[Piece, ...], ...]
    after: tuple[tuple[Piece, ...], ...]


def side_by_side(changes: Iterable[FieldChange]) -> list[ComparedField]:
    """The changes as pages show them, collections of knowledge by their names."""
    return [_compared(change) for change in with_names(changes)]


def _compared(change: FieldChange) -> ComparedField:
    name = change.field.partition(".")[0]
    if name in ("facts", "tools", "collections", "vocabulary", "extraction"):
        before, after = _lines(change.pieces)
    else:
        before = (tuple(piece for piece in change.pieces if piece.kind != "added"),)
        after = (tuple(piece for piece in change.pieces if piece.kind != "removed"),)
    return ComparedField(label_of(change.field), before, after)


def _lines(pieces: Sequence[Piece]) -> tuple[tuple[tuple[Piece, ...], ...], ...]:
    """Each item on a line of its own; of a fact whose value alone differs, the words are marked."""
    removed = {piece.label: piece for piece in pieces if piece.kind == "removed" and piece.label}
    added = {piece.label: piece for piece in pieces if piece.kind == "added" and piece.label}
    before: list[tuple[Piece, ...]] = []
    after: list[tuple[Piece, ...]] = []
    for piece in pieces:
        words: tuple[Piece, ...] = (Piece(piece.kind, piece.text),)
        if piece.label in removed and piece.label in added:
            words = marked_words(removed[piece.label].text, added[piece.label].text)
        label = (Piece("same", f"{piece.label}: "),) if piece.label else ()
        if piece.kind != "added":
            before.append((*label, *_side(words, without="added")))
        if piece.kind != "removed":
            after.append((*label, *_side(words, without="removed")))
    return tuple(before), tuple(after)


def _side(words: Sequence[Piece], *, without: str) -> Iterator[Piece]:
    return (piece for piece in words if piece.kind != without)
