"""What a revision was given as, into passages."""

import hashlib
import io
import tempfile
from pathlib import Path
from typing import Final

from django.db import transaction

from rag import originals
from rag.chunks import CutPassage, cut_blocks, passages
from rag.errors import MisplacedDocument
from rag.extraction.isolated import extract
from rag.extraction.plain import visible
from rag.extraction.types import Extracted, Unreadable
from rag.fetching.pages import fetch_page
from rag.ingestion import claims
from rag.ingestion.claims import Claim
from rag.models import Chunk, Document, Revision
from rag.quotas import check_passages
from rag.types import MAX_TITLE, RevisionState, SourceKind
from tenants.context import current_tenant_id

_ROWS: Final = 2000


def read_content(claim: Claim, revision: Revision) -> None:
    """Read what was given, cut it, and keep its passages: all of them or none.

    `Unreadable` says why it is not taken.
    """
    claims.write(claim, state=RevisionState.EXTRACTING)
    cut, pages, title = _cut(claim, revision)
    if not cut:
        raise Unreadable("There are no words in it.", advice="Give something with words in it.")
    with transaction.atomic():
        revision = claims.held(claim)
        check_passages(revision, wanted=len(cut))
        revision.chunks.all().delete()
        for start in range(0, len(cut), _ROWS):
            Chunk.objects.bulk_create(
                Chunk(
                    revision=revision,
                    number=number,
                    text=passage.text,
                    heading=passage.heading,
                    page=passage.page,
                )
                for number, passage in enumerate(cut[start : start + _ROWS], start=start + 1)
            )
        if title:
            _name_untitled(revision, title)
        claims.write(
            claim,
            state=RevisionState.EMBEDDING,
            pages=pages,
            passages=len(cut),
            embedded=0,
            attempts=0,
            problem="",
        )


def _cut(claim: Claim, revision: Revision) -> tuple[tuple[CutPassage, ...], int, str]:
    if revision.source == SourceKind.TEXT:
        return tuple(map(CutPassage, passages(visible(revision.text)))), 0, ""
    if revision.source == SourceKind.PAGE and not revision.original:
        _fetch(claim, revision)
    extracted = _extracted(revision)
    return cut_blocks(extracted.blocks), extracted.pages, extracted.title


def _extracted(revision: Revision) -> Extracted:
    with tempfile.TemporaryDirectory(prefix="warmline-document-") as folder:
        path = Path(folder) / "original"
        with path.open("wb") as file:
            try:
                originals.fetch(revision.original, tenant_id=current_tenant_id(), into=file)
            except MisplacedDocument:
                raise Unreadable(
                    "The uploaded file is gone from the store.", advice="Upload it again."
                ) from None
        return extract(path, name=revision.file_name, media_type=revision.media_type)


def _fetch(claim: Claim, revision: Revision) -> None:
    """Keep the page as it is now, so that a run that follows reads the same."""
    page = fetch_page(revision.url)
    stored = originals.store(io.BytesIO(page.body), tenant_id=current_tenant_id())
    claims.write(
        claim,
        original=stored.name,
        media_type=page.media_type[:100],
        size_bytes=stored.size_bytes,
        content_sha256=stored.sha256,
    )
    revision.refresh_from_db()


def _name_untitled(revision: Revision, title: str) -> None:
    """A document that was given by its address or file alone takes its own title."""
    document = Document.objects.get(pk=revision.document_id)
    if document.title not in {revision.url[:MAX_TITLE], revision.file_name[:MAX_TITLE]}:
        return
    title = title[:MAX_TITLE]
    sha256 = digest(title, content_sha256=revision.content_sha256, url=revision.url)
    same = Document.objects.filter(collection_id=document.collection_id, sha256=sha256)
    if not same.exclude(pk=document.pk).exists():
        Document.objects.filter(pk=document.pk).update(title=title, sha256=sha256)


def digest(title: str, *, content_sha256: str, url: str = "") -> str:
    """What tells whether the same was given before, in hex: a page by its address, anything else by
    its title and content.
    """
    told = url or f"{title}\n{content_sha256}"
    return hashlib.sha256(told.encode()).hexdigest()
