"""The reads: what a tenant's agents know about a question, and the documents it comes from."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from rag.models import Chunk, Collection, Document, Revision
from rag.retrieval.fusion import Found
from rag.retrieval.search import find
from rag.retrieval.words import memory
from rag.types import Answer, CollectionLine, DocumentLine, KnowledgeHandle, PassageLine
from tenants.api.pages import Page, decode_cursor, encode_cursor
from tenants.context import current_tenant_id
from warmline.kernel.call import Passage
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId
from warmline.kernel.matching import match_key

MAX_QUESTION = 2000


def knowledge_handle(collection_ids: Iterable[UUID | str] | None = None) -> KnowledgeHandle:
    """Which of the bound tenant's collections a call may look into, for its plan and token: all, or
    those named. A collection that is gone, or has nothing in it yet, is left out; "" for none.
    """
    collections = Collection.objects.exclude(chroma_id=None)
    if collection_ids is not None:
        collections = collections.filter(pk__in=list(collection_ids))
    places = collections.order_by("id").values_list("chroma_id", flat=True)
    return KnowledgeHandle(",".join(map(str, places)))


def search(query: str, *, k: int = 3) -> tuple[Passage, ...]:
    """The bound tenant's at most k passages that bear on the query, best first."""
    found = find(
        current_tenant_id(),
        handle=knowledge_handle(),
        question=query,
        words=memory().newest(current_tenant_id()),
    )
    return _passages(found, k=k)


def search_collection(
    tenant_id: TenantId, *, handle: KnowledgeHandle, query: str, k: int
) -> tuple[Passage, ...]:
    """The same for a handle that a call's token vouches for; works without the database."""
    if not handle or not query.strip():
        return ()
    words = memory().soon(tenant_id)
    return _passages(find(tenant_id, handle=handle, question=query, words=words), k=k)


def try_question(
    question: str, *, collection_ids: Sequence[UUID] | None = None, k: int = 10
) -> tuple[Answer, ...]:
    """The k passages nearest to a question, also those below the floor, each with why it would go
    before the model or not. None of them answering is an answer: nothing fits.
    """
    question = " ".join(question.split())
    if not question or len(question) > MAX_QUESTION:
        raise BadInput(f"question: expected 1 to {MAX_QUESTION} characters", field="question")
    if collection_ids is not None:
        _require_collections(collection_ids)
    found = find(
        current_tenant_id(),
        handle=knowledge_handle(collection_ids),
        question=question,
        words=memory().newest(current_tenant_id()),
    )
    return tuple(_answer(row) for row in found[:k])


def collections() -> tuple[CollectionLine, ...]:
    """The bound tenant's collections, by name."""
    rows = Collection.objects.annotate(count=Count("documents")).order_by("name_key")
    return tuple(_collection_line(row) for row in rows)


def collection(collection_id: UUID) -> CollectionLine:
    """One of them; `NotFound` when there is none of that id."""
    row = Collection.objects.annotate(count=Count("documents")).filter(pk=collection_id).first()
    if row is None:
        raise NotFound(f"no collection {collection_id}")
    return _collection_line(row)


def collection_named(name: str) -> UUID | None:
    """The id of the collection of this name, in any case; None for no name."""
    if not name.strip():
        return None
    row = Collection.objects.filter(name_key=match_key(" ".join(name.split()))).first()
    if row is None:
        raise NotFound(f"no collection is called {name[:80]!r}")
    return row.pk


def documents() -> tuple[DocumentLine, ...]:
    """The bound tenant's documents, newest first."""
    return tuple(_lines(_documents()))


def documents_known() -> int:
    """How many documents the bound tenant has given."""
    return Document.objects.count()


def documents_page(
    *,
    cursor: str | None = None,
    limit: int = 25,
    collection_id: UUID | None = None,
    state: str | None = None,
    title: str | None = None,
) -> Page[DocumentLine]:
    """A page of them, newest first; `title` is a part of theirs, in any case."""
    rows = _documents()
    kind = f"documents {collection_id} {state} {title}"
    if collection_id is not None:
        rows = rows.filter(collection_id=collection_id)
    if state is not None:
        rows = rows.filter(latest_state=state)
    if title:
        rows = rows.filter(title__icontains=title)
    if cursor is not None:
        rows = rows.filter(pk__lt=UUID(decode_cursor(kind, cursor)[0]))
    page = list(_lines(rows[: limit + 1]))
    following = encode_cursor(kind, [str(page[limit - 1].id)]) if len(page) > limit else None
    return Page(tuple(page[:limit]), following)


def document(document_id: UUID) -> DocumentLine:
    """One of them; `NotFound` when there is none of that id."""
    line = next(iter(_lines(_documents().filter(pk=document_id))), None)
    if line is None:
        raise NotFound(f"no document {document_id}")
    return line


def passages_page(
    document_id: UUID, *, cursor: str | None = None, limit: int = 25
) -> Page[PassageLine]:
    """A page of the passages of a document that answer now, in its own order."""
    row = Document.objects.filter(pk=document_id).first()
    if row is None:
        raise NotFound(f"no document {document_id}")
    kind = f"passages {row.live_id}"
    rows = Chunk.objects.filter(revision__pk=row.live_id or row.pk).order_by("number")
    if cursor is not None:
        rows = rows.filter(number__gt=decode_cursor(kind, cursor)[0])
    lines = [
        PassageLine(chunk.pk, chunk.number, chunk.text, chunk.heading, chunk.page or None)
        for chunk in rows[: limit + 1]
    ]
    following = encode_cursor(kind, [lines[limit - 1].number]) if len(lines) > limit else None
    return Page(tuple(lines[:limit]), following)


def _passages(found: Sequence[Found], *, k: int) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    for row in found:
        if row.answers and len(passages) < k:
            hit = row.hit
            passages.append(
                Passage(
                    id=hit.id,
                    title=hit.title,
                    text=hit.text,
                    score=row.score,
                    heading=hit.heading,
                    page=hit.page or None,
                    document_id=hit.document_id,
                )
            )
    return tuple(passages)


def _answer(row: Found) -> Answer:
    hit = row.hit
    return Answer(
        id=hit.id,
        document_id=hit.document_id,
        title=hit.title,
        heading=hit.heading,
        page=hit.page or None,
        text=hit.text,
        score=row.score,
        meaning=round(hit.score, 4),
        words=round(row.words, 2),
        answers=row.answers,
        because=row.because,
    )


def _require_collections(collection_ids: Sequence[UUID]) -> None:
    known = set(Collection.objects.filter(pk__in=collection_ids).values_list("pk", flat=True))
    for collection_id in collection_ids:
        if collection_id not in known:
            raise NotFound(f"no collection {collection_id}")


def _documents() -> "QuerySet[Any]":
    latest = Revision.objects.filter(pk=OuterRef("latest_id"))
    live = Revision.objects.filter(pk=OuterRef("live_id"))
    of_latest = {f"latest_{name}": Subquery(latest.values(name)[:1]) for name in _OF_LATEST}
    return Document.objects.annotate(
        collection_name=F("collection__name"),
        live_passages=Subquery(live.values("passages")[:1]),
        **of_latest,
    ).order_by("-id")


_OF_LATEST = (
    *("source", "file_name", "url", "media_type", "size_bytes", "state", "problem", "advice"),
    *("pages", "passages", "embedded"),
)


def _lines(rows: Iterable[Any]) -> Iterable[DocumentLine]:
    for row in rows:
        latest = {name: getattr(row, f"latest_{name}") for name in _OF_LATEST}
        yield DocumentLine(
            id=row.pk,
            title=row.title,
            collection_id=row.collection_id,
            collection=row.collection_name,
            source=latest["source"],
            file_name=latest["file_name"],
            url=latest["url"],
            media_type=latest["media_type"],
            size_bytes=latest["size_bytes"],
            state=latest["state"],
            problem=latest["problem"],
            advice=latest["advice"],
            pages=latest["pages"],
            embedded=latest["embedded"],
            to_embed=latest["passages"],
            answers=row.live_id is not None,
            passages=row.live_passages or 0,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


def _collection_line(row: Any) -> CollectionLine:
    return CollectionLine(
        id=row.pk,
        name=row.name,
        description=row.description,
        documents=row.count,
        created_at=row.created_at,
    )
