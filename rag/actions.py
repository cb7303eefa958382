"""The writes: documents and what becomes of them."""

import hashlib
from pathlib import PurePosixPath
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from rag import originals
from rag.chroma import Registered, TenantIndex
from rag.collection_actions import collection_of
from rag.errors import BadDocument, DocumentsAway
from rag.extraction.plain import visible
from rag.ingestion import arrivals, indexing
from rag.ingestion.arrivals import Content
from rag.ingestion.contents import digest
from rag.ingestion.run import ingest
from rag.models import Chunk, Collection, Document, Revision
from rag.originals import Readable, StoredDocument
from rag.types import INDEX_FORM, MAX_TITLE, RevisionState, SourceKind
from tenants.actions import record_audit
from tenants.columns import check_columns
from tenants.context import current_tenant_id
from warmline.kernel.errors import BadInput, Conflict, NotFound
from warmline.kernel.ids import TenantId
from warmline.kernel.outbound.addresses import parse_url

MAX_CHARACTERS = 200_000
_ROWS = 500


def add_document(title: str, *, text: str, collection_id: UUID | None = None) -> UUID:
    """Let the bound tenant's agents know a text from now on; the document's id.

    The same text again changes nothing. Rows and vectors stand or fall together: if the index is
    away (`KnowledgeUnavailable`), nothing is kept.
    """
    with transaction.atomic():
        document, new = arrivals.arrive(
            title, content=_text(text), collection=_chosen(collection_id)
        )
        if new:
            _record_added(document)
            revision_id = _latest(document).pk
            while ingest(revision_id, seconds=60):
                continue
            _require_ready(revision_id)
    return document.pk


def queue_text(title: str, *, text: str, collection_id: UUID | None = None) -> UUID:
    """The same by the jobs: the document's id at once, its answers when it is ready."""
    return _arrive(title, content=_text(text), collection_id=collection_id)


def queue_file(
    body: Readable,
    *,
    file_name: str,
    title: str = "",
    media_type: str = "",
    collection_id: UUID | None = None,
) -> UUID:
    """Keep an uploaded file and have the jobs read it; the document's id.

    Without a title it takes the file's own, or its name. `DocumentTooLarge` before more than the
    limit is written; what kind of file it is shows when it is read.
    """
    collection = _chosen(collection_id)
    content = _kept(body, file_name=file_name, media_type=media_type)
    try:
        document, new = arrivals.arrive(
            title.strip() or content.file_name or "Untitled",
            content=content,
            collection=collection,
        )
        if new:
            _record_added(document)
    except BaseException:
        # Whatever ended it, no row names the file.
        originals.remove(content.original, tenant_id=current_tenant_id())
        raise
    if not new:
        originals.remove(content.original, tenant_id=current_tenant_id())
    return document.pk


def queue_page(url: str, *, title: str = "", collection_id: UUID | None = None) -> UUID:
    """Have the jobs fetch a page of the public internet; the document's id.

    `BadAddress` for what is no address of one. Whether anybody answers there shows later.
    """
    content = _address(url, source=SourceKind.PAGE)
    return _arrive(
        title.strip() or content.url[:MAX_TITLE], content=content, collection_id=collection_id
    )


def queue_site(url: str, *, title: str = "", collection_id: UUID | None = None) -> UUID:
    """Have the jobs read a site map and add each of its pages; the id of its own document."""
    content = _address(url, source=SourceKind.SITE_MAP)
    return _arrive(
        title.strip() or content.url[:MAX_TITLE], content=content, collection_id=collection_id
    )


def change_document(
    document_id: UUID, *, title: str | None = None, collection_id: UUID | None = None
) -> None:
    """Change a document's title at once, or have the jobs move it to another collection."""
    with transaction.atomic():
        document = _document(document_id, locked=True)
        latest = _latest(document)
        if title is not None and " ".join(title.split()) != document.title:
            _rename(document, " ".join(title.split()), latest=latest)
        if collection_id is not None and collection_id != latest.collection_id:
            arrivals.replace(
                document,
                content=arrivals.content_of(latest),
                collection=collection_of(collection_id),
            )
        record_audit(action="document.change", subject=str(document_id))


def replace_with_text(document_id: UUID, *, text: str) -> None:
    """Give a document another content; the one before answers until the jobs have done it."""
    _replace(document_id, _text(text))


def replace_with_file(
    document_id: UUID, *, body: Readable, file_name: str, media_type: str = ""
) -> None:
    """The same with a file."""
    _document(document_id)
    content = _kept(body, file_name=file_name, media_type=media_type)
    try:
        _replace(document_id, content)
    except BaseException:
        # Whatever ended it, no row names the file.
        originals.remove(content.original, tenant_id=current_tenant_id())
        raise


def replace_with_page(document_id: UUID, *, url: str = "") -> None:
    """The same with a page: another one, or its own as it is now."""
    latest = _latest(_document(document_id))
    address = url.strip() or latest.url
    if not address:
        raise BadInput("url: expected one, this document came from no page", field="url")
    source = SourceKind.PAGE
    if not url.strip() and latest.source == SourceKind.SITE_MAP:
        source = SourceKind.SITE_MAP
    _replace(document_id, _address(address, source=source))


def retry_document(document_id: UUID) -> None:
    """Have the jobs try a document again that failed; `Conflict` for one that did not."""
    document = _document(document_id)
    latest = _latest(document)
    failed = Revision.objects.filter(pk=latest.pk, state=RevisionState.FAILED)
    again = failed.update(
        state=RevisionState.QUEUED,
        problem="",
        advice="",
        claim=None,
        claimed_at=None,
        attempts=0,
        embedded=0,
    )
    if again != 1:
        raise Conflict("only a document that failed is tried again")
    record_audit(action="document.retry", subject=str(document_id))


def remove_document(document_id: str | UUID) -> None:
    """Forget a document of the bound tenant; `NotFound` when it has none of that id."""
    tenant_id = current_tenant_id()
    with transaction.atomic():
        document = _document(document_id, locked=True)
        index = TenantIndex(tenant_id)
        # From here on it does not answer, whatever comes of the rest.
        index.unregister([str(document.pk)])
        revisions = Revision.objects.filter(document=document)
        for collection in Collection.objects.filter(pk__in=revisions.values("collection_id")):
            if collection.chroma_id is not None:
                index.forget_document(collection.chroma_id, str(document.pk))
        names = set(revisions.exclude(original="").values_list("original", flat=True))
        Chunk.objects.filter(revision__document=document).delete()
        revisions.delete()
        document.delete()
        indexing.words_changed()
        record_audit(action="knowledge.remove", subject=str(document_id))
    transaction.on_commit(lambda: _remove_files(names, tenant_id), robust=True)


def reindex() -> int:
    """Send every passage of the bound tenant to a lost index again; how many there are."""
    Collection.objects.update(chroma_id=None)
    index = TenantIndex(current_tenant_id())
    count = 0
    live = Document.objects.exclude(live_id=None).values("live_id")
    for revision in Revision.objects.select_related("document").filter(pk__in=live).order_by("id"):
        chunks = revision.chunks.order_by("number")
        page = list(chunks[:_ROWS])
        while page:
            indexing.index_chunks(revision, page)
            count += len(page)
            page = list(chunks.filter(number__gt=page[-1].number)[:_ROWS])
        registered = Registered(str(revision.pk), revision.document.title)
        index.register(str(revision.document_id), registered)
        Revision.objects.filter(pk=revision.pk).update(index_form=INDEX_FORM)
    indexing.words_changed()
    return count


def _arrive(title: str, *, content: Content, collection_id: UUID | None) -> UUID:
    with transaction.atomic():
        document, new = arrivals.arrive(title, content=content, collection=_chosen(collection_id))
        if new:
            _record_added(document)
    return document.pk


def _replace(document_id: UUID, content: Content) -> None:
    with transaction.atomic():
        document = _document(document_id, locked=True)
        arrivals.replace(document, content=content, collection=_latest(document).collection)
        record_audit(action="document.replace", subject=str(document_id))


def _rename(document: Document, title: str, *, latest: Revision) -> None:
    if not title:
        raise BadDocument("title: expected one", field="title")
    check_columns(Document, {"title": title})
    sha256 = digest(title, content_sha256=latest.content_sha256, url=latest.url)
    same = Document.objects.filter(collection_id=document.collection_id, sha256=sha256)
    if same.exclude(pk=document.pk).exists():
        raise Conflict("the same document is there under this title already")
    Document.objects.filter(pk=document.pk).update(title=title, sha256=sha256, updated_at=Now())
    document.title, document.sha256 = title, sha256
    if document.live_id is not None:
        TenantIndex(current_tenant_id()).register(
            str(document.pk), Registered(str(document.live_id), title)
        )
        indexing.words_changed()


def _text(text: str) -> Content:
    check_columns(Revision, {"text": text})
    text = visible(text).strip()
    if not text:
        raise BadDocument("text: expected words", field="text")
    if len(text) > MAX_CHARACTERS:
        raise BadDocument(
            f"text: a document may have {MAX_CHARACTERS} characters; this one has {len(text)}",
            field="text",
        )
    raw = text.encode()
    return Content(
        SourceKind.TEXT,
        hashlib.sha256(raw).hexdigest(),
        text=text,
        media_type="text/plain",
        size_bytes=len(raw),
    )


def _address(url: str, *, source: SourceKind) -> Content:
    address = str(parse_url(url.strip()))
    return Content(source, hashlib.sha256(address.encode()).hexdigest(), url=address)


def _kept(body: Readable, *, file_name: str, media_type: str) -> Content:
    stored: StoredDocument = originals.store(body, tenant_id=current_tenant_id())
    if stored.size_bytes == 0:
        originals.remove(stored.name, tenant_id=current_tenant_id())
        raise BadDocument("file: expected one that is not empty", field="file")
    return Content(
        SourceKind.FILE,
        stored.sha256,
        original=stored.name,
        file_name=plain_name(file_name),
        media_type=visible(media_type).partition(";")[0].strip().lower()[:100],
        size_bytes=stored.size_bytes,
    )


def plain_name(file_name: str) -> str:
    """A file's name as it is shown: without folders, without what does not show, its end kept."""
    name = PurePosixPath(visible(file_name).replace("\\", "/")).name.strip()
    if len(name) <= MAX_TITLE:
        return name
    ending = PurePosixPath(name).suffix[-20:]
    return name[: MAX_TITLE - len(ending)] + ending


def _chosen(collection_id: UUID | None) -> Collection:
    return arrivals.general() if collection_id is None else collection_of(collection_id)


def _document(document_id: str | UUID, *, locked: bool = False) -> Document:
    documents = Document.objects.select_for_update() if locked else Document.objects.all()
    document = documents.filter(pk=document_id).first()
    if document is None:
        raise NotFound(f"no document {document_id}")
    return document


def _latest(document: Document) -> Revision:
    assert document.latest_id is not None, "a document is made with its first revision"
    return Revision.objects.select_related("collection").get(pk=document.latest_id)


def _require_ready(revision_id: UUID) -> None:
    revision = Revision.objects.get(pk=revision_id)
    if revision.state == RevisionState.FAILED:
        raise BadDocument(f"{revision.problem} {revision.advice}")


def _record_added(document: Document) -> None:
    record_audit(
        action="knowledge.add", subject=str(document.pk), detail={"title": document.title[:100]}
    )


def _remove_files(names: set[str], tenant_id: TenantId) -> None:
    """What cannot be removed now is swept up later."""
    for name in names:
        try:
            originals.remove(name, tenant_id=tenant_id)
        except DocumentsAway:
            return
