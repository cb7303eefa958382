"""Collections by name, so that one company's file applies in another. Inside the bound tenant."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.editing.diff import FieldChange
from agents.errors import BadWording
from rag import queries as rag_queries
from warmline.kernel.matching import match_key


def ids_of(names: Sequence[str]) -> tuple[str, ...]:
    """The ids of the collections of these names, in any case; `BadWording` for none such."""
    if not names:
        return ()
    lines = rag_queries.collections()
    known = {match_key(line.name): str(line.id) for line in lines}
    ids: list[str] = []
    for number, name in enumerate(names):
        found = known.get(match_key(" ".join(name.split())))
        if found is None:
            expected = ", ".join(line.name for line in lines) or "none yet"
            raise BadWording(
                f"collections[{number}]: this company has no collection called {name[:80]!r}: make "
                f"it first, or name one that there is ({expected})",
                field=f"collections.{number}",
            )
        ids.append(found)
    return tuple(ids)


def names_of(ids: Sequence[str]) -> tuple[str, ...]:
    """The names of the collections of these ids; one that is gone keeps its id, which no company
    takes for a name: left out, the agent would look into all of them.
    """
    known = _names() if ids else {}
    return tuple(known.get(collection_id, collection_id) for collection_id in ids)


def with_names(changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """Changes of a wording with its collections by name, for people."""
    return tuple(
        _with_names(change) if change.field == "collections" else change for change in changes
    )


def _with_names(change: FieldChange) -> FieldChange:
    known = _names()
    pieces = (replace(piece, text=known.get(piece.text, piece.text)) for piece in change.pieces)
    return replace(change, pieces=tuple(pieces))


def _names() -> dict[str, str]:
    return {str(line.id): line.name for line in rag_queries.collections()}
