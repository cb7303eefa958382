"""What crosses this app's modules: frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType
from uuid import UUID

import numpy as np
from django.db.models import TextChoices
from numpy.typing import NDArray

# Which collections a call may look into, as its plan and token carry it: their ids in Chroma,
# separated by commas; "" for none.
KnowledgeHandle = NewType("KnowledgeHandle", str)
# Raise it when passages are cut, embedded or kept in another way: what answers under an earlier one
# is then indexed anew by the jobs.
INDEX_FORM: Final = 1
# The same of the indexes of words.
WORDS_FORM: Final = 1
MAX_TITLE: Final = 200
MAX_HEADING: Final = 200


class SourceKind(TextChoices):
    """What a document's content was given as."""

    TEXT = "text", "Text"
    FILE = "file", "File"
    PAGE = "page", "Web page"
    SITE_MAP = "site_map", "Site map"


class RevisionState(TextChoices):
    """How far a document's content is on its way."""

    QUEUED = "queued", "Waiting"
    EXTRACTING = "extracting", "Being read"
    EMBEDDING = "embedding", "Being indexed"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    SUPERSEDED = "superseded", "Replaced"


UNFINISHED: Final = (RevisionState.QUEUED, RevisionState.EXTRACTING, RevisionState.EMBEDDING)


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage on its way into the index."""

    id: str
    document_id: str
    revision_id: str
    title: str
    text: str
    heading: str
    page: int
    vector: Sequence[float] | NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that the index holds; `score` is its cosine similarity to the question, 1 for the
    same meaning.
    """

    id: str
    document_id: str
    revision_id: str
    title: str
    text: str
    heading: str
    page: int
    score: float


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """A collection in a list."""

    id: UUID
    name: str
    description: str
    documents: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list.

    `state` and what follows is of what was given last; `answers` says whether an earlier or this
    content answers meanwhile, with so many `passages`.
    """

    id: UUID
    title: str
    collection_id: UUID
    collection: str
    source: str
    file_name: str
    url: str
    media_type: str
    size_bytes: int
    state: str
    problem: str
    advice: str
    pages: int
    embedded: int
    to_embed: int
    answers: bool
    passages: int
    created_at: datetime
    updated_at: datetime

    @property
    def is_unfinished(self) -> bool:
        """Whether a job is still to work on it."""
        return self.state in UNFINISHED


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A passage of a document, with where it stands."""

    id: UUID
    number: int
    text: str
    heading: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A passage that was found for a question, and why it was.

    `meaning` is its cosine similarity, `words` its BM25 score by the question's words (0 when none
    is in it); `answers` says whether it passes the floor and would go before a model.
    """

    id: str
    document_id: str
    title: str
    heading: str
    page: int | None
    text: str
    score: float
    meaning: float
    words: float
    answers: bool
    because: str


@dataclass(frozen=True, slots=True)
class Quota:
    """What a company may have here, and has."""

    documents: int
    max_documents: int
    passages: int
    max_passages: int
    max_document_bytes: int
