"""The writes: documents into passages into vectors."""

import hashlib
from uuid import UUID

from django.db import transaction

from rag.chroma import TenantIndex
from rag.chunks import passages
from rag.embedding.encoder import embed
from rag.errors import BadDocument
from rag.models import Chunk, Collection, Document
from rag.types import IndexedPassage, KnowledgeHandle
from tenants.actions import record_audit
from tenants.columns import check_columns
from tenants.context import current_tenant_id
from warmline.kernel.errors import NotFound
from warmline.kernel.matching import match_key

MAX_CHARACTERS = 200_000


def add_document(title: str, *, text: str) -> UUID:
    """Let the bound tenant's agents know a text from now on; the document's id.

    The same text again changes nothing. Rows and vectors stand or fall together: if the index is
    away (`KnowledgeUnavailable`), nothing is kept. A vector whose rows did not commit after all is
    replaced when the document is added again.
    """
    title, text = title.strip(), text.strip()
    if not title or not text:
        raise BadDocument("a document needs a title and words")
    if len(text) > MAX_CHARACTERS:
        raise BadDocument(
            f"a document may have {MAX_CHARACTERS} characters; this one has {len(text)}"
        )
    check_columns(Document, {"title": title, "text": text})
    digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    with transaction.atomic():
        document, new = Document.objects.get_or_create(
            sha256=digest, defaults={"title": title, "text": text}
        )
        if new:
            _index(document)
            record_audit(
                action="knowledge.add", subject=str(document.id), detail={"title": title[:100]}
            )
    return document.id


def remove_document(document_id: str | UUID) -> None:
    """Forget a document of the bound tenant; `NotFound` when it has none of that id."""
    with transaction.atomic():
        document = Document.objects.filter(pk=document_id).first()
        if document is None:
            raise NotFound(f"no document {document_id}")
        handle = _handle()
        document.delete()
        TenantIndex(current_tenant_id()).delete_document(handle, str(document_id))
        record_audit(action="knowledge.remove", subject=str(document_id))


def reindex() -> int:
    """Send every passage of the bound tenant to a lost index again; how many there are."""
    Collection.objects.all().delete()
    count = 0
    for document in Document.objects.order_by("id"):
        count += _upsert(document, list(document.chunks.order_by("number")))
    return count


def _index(document: Document) -> None:
    texts = passages(document.text)
    chunks = [
        Chunk(document=document, number=number, text=text)
        for number, text in enumerate(texts, start=1)
    ]
    Chunk.objects.bulk_create(chunks)
    _upsert(document, chunks)


def _upsert(document: Document, chunks: list[Chunk]) -> int:
    # The title gives a short passage its subject; it is not shown in the text.
    # As questions are: the model folds case and accents itself, but knows no ligature.
    vectors = embed([match_key(f"{document.title}. {chunk.text}") for chunk in chunks])
    indexed = [
        IndexedPassage(
            id=str(chunk.id),
            document_id=str(document.id),
            title=document.title,
            text=chunk.text,
            vector=tuple(vector.tolist()),
        )
        for chunk, vector in zip(chunks, vectors, strict=True)
    ]
    TenantIndex(current_tenant_id()).upsert(_handle(), indexed)
    return len(indexed)


def _handle() -> KnowledgeHandle:
    """The bound tenant's collection, made on first use."""
    chroma_id = Collection.objects.values_list("chroma_id", flat=True).first()
    if chroma_id is None:
        handle = TenantIndex(current_tenant_id()).ensure()
        Collection.objects.get_or_create(defaults={"chroma_id": handle})
        return handle
    return KnowledgeHandle(str(chroma_id))
