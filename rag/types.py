"""What crosses this app's modules: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

# The id of a tenant's collection in Chroma, as the plan and the call's token carry it; "" when
# there is none.
KnowledgeHandle = NewType("KnowledgeHandle", str)


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage on its way into the index."""

    id: str
    document_id: str
    title: str
    text: str
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that the index found; `score` is the cosine similarity, 1 for the same meaning."""

    id: str
    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list."""

    id: UUID
    title: str
    passages: int
    created_at: datetime
