"""What is given to a collection becomes a document, or a document's next revision, and waits for
the jobs.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from rag.errors import BadDocument
from rag.ingestion.contents import digest
from rag.ingestion.indexing import supersede_unfinished
from rag.models import Collection, Document, Revision, WordIndex
from rag.quotas import check_documents
from rag.types import SourceKind
from tenants.actions import hold_tenant
from tenants.columns import check_columns


@dataclass(frozen=True, slots=True)
class Content:
    """What was given: a text, a stored file, or an address."""

    source: SourceKind
    content_sha256: str
    text: str = ""
    original: str = ""
    file_name: str = ""
    url: str = ""
    media_type: str = ""
    size_bytes: int = 0


def arrive(title: str, *, content: Content, collection: Collection) -> tuple[Document, bool]:
    """A document of this title with this content, and whether it is new.

    The same title and content again are the document that is there. `QuotaFull` when it would be
    one too many.
    """
    title = " ".join(title.split())
    if not title:
        raise BadDocument("title: expected one", field="title")
    check_columns(Document, {"title": title})
    sha256 = digest(title, content_sha256=content.content_sha256, url=content.url)
    with transaction.atomic():
        hold_tenant()
        present = Document.objects.filter(collection=collection, sha256=sha256).first()
        if present is not None:
            return present, False
        check_documents()
        document = Document.objects.create(title=title, sha256=sha256, collection=collection)
        WordIndex.objects.get_or_create()
        _give(document, content, collection)
    return document, True


def replace(document: Document, *, content: Content, collection: Collection) -> Revision:
    """Give a document its next content, or another place; the one before answers until then."""
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=document.pk)
        supersede_unfinished(document)
        document.sha256 = digest(
            document.title, content_sha256=content.content_sha256, url=content.url
        )
        return _give(document, content, collection)


def _give(document: Document, content: Content, collection: Collection) -> Revision:
    revision = Revision.objects.create(
        document=document,
        collection=collection,
        source=content.source,
        text=content.text,
        original=content.original,
        file_name=content.file_name,
        url=content.url,
        media_type=content.media_type,
        size_bytes=content.size_bytes,
        content_sha256=content.content_sha256,
    )
    Document.objects.filter(pk=document.pk).update(
        latest_id=revision.pk, sha256=document.sha256, updated_at=Now()
    )
    document.latest_id = revision.pk
    return revision


def content_of(revision: Revision) -> Content:
    """What a revision was given as, for another one."""
    return Content(
        SourceKind(revision.source),
        revision.content_sha256,
        text=revision.text,
        original=revision.original,
        file_name=revision.file_name,
        url=revision.url,
        media_type=revision.media_type,
        size_bytes=revision.size_bytes,
    )


def general() -> Collection:
    """The collection for what names none: the first that there is, made when there is none."""
    first = Collection.objects.order_by("id").first()
    if first is not None:
        return first
    made, _ = Collection.objects.get_or_create(name_key="general", defaults={"name": "General"})
    return made
