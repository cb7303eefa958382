"""A revision's passages into the index, and the step from one revision to the next."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from rag import originals
from rag.chroma import Registered, TenantIndex
from rag.embedding.encoder import embed_documents
from rag.embedding.weights import Floats
from rag.ingestion import claims
from rag.ingestion.announcements import announce_ready
from rag.ingestion.claims import Claim
from rag.models import Chunk, Collection, Document, Revision, WordIndex
from rag.types import INDEX_FORM, UNFINISHED, IndexedPassage, RevisionState
from tenants.context import current_tenant_id
from warmline.kernel.matching import match_key

BATCH: Final = 128  # half a second of two cores


def embed_onward(claim: Claim, *, until: float) -> bool:
    """Put a revision's passages into the index, from where it stands, until this time of
    `time.monotonic`, one batch at least; whether any are left.

    The next batch is embedded while this one is written. Done again after an unknown end it changes
    nothing: a passage has one id.
    """
    revision = Revision.objects.select_related("document").get(pk=claim.revision_id)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as ahead:
        rows = _following(revision, after=revision.embedded)
        vectors = ahead.submit(_vectors, revision, rows)
        while rows:
            written, embedded = rows, vectors.result()
            rows = _following(revision, after=written[-1].number)
            late = time.monotonic() > until
            if not late:
                vectors = ahead.submit(_vectors, revision, rows)
            _write(revision, written, embedded)
            claims.write(claim, embedded=written[-1].number, attempts=0)
            if late:
                return bool(rows)
    return False


def index_chunks(revision: Revision, chunks: Sequence[Chunk]) -> None:
    """Put these passages of a revision into its collection."""
    _write(revision, chunks, _vectors(revision, chunks))


def _following(revision: Revision, *, after: int) -> list[Chunk]:
    chunks = Chunk.objects.filter(revision=revision, number__gt=after)
    return list(chunks.order_by("number")[:BATCH])


def _vectors(revision: Revision, chunks: Sequence[Chunk]) -> Floats:
    # Title and headings give a short passage its subject; they are not shown in the text.
    # As questions are: the model folds case and accents itself, but knows no ligature.
    title = revision.document.title
    return embed_documents([match_key(subject_of(title, chunk)) for chunk in chunks])


def _write(revision: Revision, chunks: Sequence[Chunk], vectors: Floats) -> None:
    indexed = [
        IndexedPassage(
            id=str(chunk.id),
            document_id=str(revision.document_id),
            revision_id=str(revision.pk),
            title=revision.document.title,
            text=chunk.text,
            heading=chunk.heading,
            page=chunk.page,
            vector=vector,
        )
        for chunk, vector in zip(chunks, vectors, strict=True)
    ]
    TenantIndex(current_tenant_id()).upsert(place_of(revision.collection_id), indexed)


def subject_of(title: str, chunk: Chunk) -> str:
    """What a passage is found by: its words below its title and headings."""
    above = f"{title}. {chunk.heading}" if chunk.heading else title
    return f"{above}. {chunk.text}"


def place_of(collection_id: UUID) -> UUID:
    """A collection's own collection in Chroma, made on first use."""
    collection = Collection.objects.get(pk=collection_id)
    if collection.chroma_id is None:
        made = TenantIndex(current_tenant_id()).ensure(f"c-{collection_id}")
        # Saved, and not by an update: plans of calls are made of it, and hear of what is saved. Two
        # at once are given the same place.
        collection.chroma_id = made
        collection.save(update_fields=["chroma_id"])
        return made
    return collection.chroma_id


def go_live(claim: Claim) -> None:
    """Have a revision whose passages are all there answer in place of the one before, in one step.

    If it is not the document's latest any more, it is left behind.
    """
    with transaction.atomic():
        revision = claims.held(claim)
        document = Document.objects.select_for_update().get(pk=revision.document_id)
        if document.latest_id != revision.pk:
            claims.write(claim, state=RevisionState.SUPERSEDED, claim=None)
            return
        TenantIndex(current_tenant_id()).register(
            str(document.pk), Registered(str(revision.pk), document.title)
        )
        claims.write(
            claim,
            state=RevisionState.READY,
            index_form=INDEX_FORM,
            finished_at=Now(),
            claim=None,
            problem="",
            advice="",
        )
        Document.objects.filter(pk=document.pk).update(
            live_id=revision.pk, collection_id=revision.collection_id, updated_at=Now()
        )
        supersede_others(document, keep=revision.pk)
        words_changed()
        announce_ready(document, revision)


def supersede_others(document: Document, *, keep: UUID) -> None:
    """All other revisions of the document are replaced; whoever works on one of them stops."""
    Revision.objects.filter(document=document).exclude(pk=keep).update(
        state=RevisionState.SUPERSEDED, claim=None
    )


def supersede_unfinished(document: Document) -> None:
    """What is on its way gives way to something newer; what answers goes on."""
    Revision.objects.filter(document=document, state__in=UNFINISHED).update(
        state=RevisionState.SUPERSEDED, claim=None
    )


def clear_superseded(document_id: UUID) -> None:
    """Remove what replaced revisions of a document left: passages, vectors, files."""
    tenant_id = current_tenant_id()
    superseded = Revision.objects.filter(document_id=document_id, state=RevisionState.SUPERSEDED)
    for revision in superseded.exclude(pk__in=_live(document_id)):
        collection = Collection.objects.get(pk=revision.collection_id)
        if collection.chroma_id is not None:
            ids = map(str, revision.chunks.values_list("pk", flat=True))
            TenantIndex(tenant_id).forget(collection.chroma_id, list(ids))
        kept = Revision.objects.filter(original=revision.original).exclude(pk=revision.pk)
        if revision.original and not kept.exists():
            originals.remove(revision.original, tenant_id=tenant_id)
        with transaction.atomic():
            revision.chunks.all().delete()
            revision.delete()


def _live(document_id: UUID) -> Any:
    return Document.objects.filter(pk=document_id, live_id__isnull=False).values("live_id")


def words_changed() -> None:
    """The index of words no longer says what the documents do: the jobs make it anew."""
    if not WordIndex.objects.update(changed=F("changed") + 1):
        WordIndex.objects.get_or_create(defaults={"changed": 1})
