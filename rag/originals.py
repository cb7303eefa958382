"""Where uploaded documents lie as they came, and the indexes of words: the store that
`WARMLINE_DOCUMENTS` names.

Every name begins with its tenant's id, is drawn at random, and is opened for no other tenant.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol

import obstore
from django.conf import settings
from obstore.store import ObjectStore

from rag.errors import DocumentsAway, DocumentTooLarge, MisplacedDocument
from warmline.kernel import configuration
from warmline.kernel.ids import TenantId
from warmline.kernel.object_store import STORE_FAILURES, opened

_CHUNK_BYTES: Final = 256 * 1024
_NAME: Final = re.compile(r"[0-9a-f-]{36}/([A-Za-z0-9_-]{20,64}|words\.index)")
WORDS: Final = "words.index"


class Readable(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A file in the store. `sha256` is of its bytes, in hex."""

    name: str
    size_bytes: int
    sha256: str


def max_document_bytes() -> int:
    """How large a document may be."""
    return configuration.DOCUMENT_MB.value() * 1024 * 1024


def store(body: Readable, *, tenant_id: TenantId) -> StoredDocument:
    """Write a document whole or not at all, a piece at a time.

    `DocumentTooLarge` beyond the limit; `DocumentsAway` when the store does not take it.
    """
    name = f"{tenant_id}/{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256()
    sizes: list[int] = []
    try:
        obstore.put(_store(), name, _pieces(body, digest=digest, sizes=sizes))
    except STORE_FAILURES as error:
        raise DocumentsAway(f"no room for documents now ({type(error).__name__})") from error
    return StoredDocument(name, sum(sizes), digest.hexdigest())


def fetch(name: str, *, tenant_id: TenantId, into: BinaryIO) -> None:
    """Copy a tenant's document to a file; `MisplacedDocument` when it is gone."""
    try:
        into.writelines(obstore.get(_store(), confined(name, tenant_id=tenant_id)))
    except FileNotFoundError:
        raise MisplacedDocument("the uploaded file is gone from the store") from None
    except STORE_FAILURES as error:
        raise DocumentsAway(f"documents are away ({type(error).__name__})") from error


def remove(name: str, *, tenant_id: TenantId) -> None:
    """Remove a tenant's document; none there is no error."""
    try:
        obstore.delete(_store(), confined(name, tenant_id=tenant_id))
    except FileNotFoundError:
        return
    except STORE_FAILURES as error:
        raise DocumentsAway(f"document not removed ({type(error).__name__})") from error


def keep_words(raw: bytes, *, tenant_id: TenantId) -> None:
    """Put a tenant's index of words in place of the one before, in one step."""
    try:
        obstore.put(_store(), f"{tenant_id}/{WORDS}", raw)
    except STORE_FAILURES as error:
        raise DocumentsAway(f"no room for documents now ({type(error).__name__})") from error


def words_version(*, tenant_id: TenantId) -> str:
    """What tells one index of a tenant's words from the next; "" for none."""
    try:
        meta = obstore.head(_store(), f"{tenant_id}/{WORDS}")
    except FileNotFoundError:
        return ""
    except STORE_FAILURES as error:
        raise DocumentsAway(f"documents are away ({type(error).__name__})") from error
    return f"{meta['e_tag']} {meta['last_modified'].timestamp()} {meta['size']}"


def words(*, tenant_id: TenantId) -> bytes:
    """A tenant's index of words."""
    try:
        return bytes(obstore.get(_store(), f"{tenant_id}/{WORDS}").bytes())
    except FileNotFoundError:
        raise MisplacedDocument("the index of words is gone from the store") from None
    except STORE_FAILURES as error:
        raise DocumentsAway(f"documents are away ({type(error).__name__})") from error


def names(*, tenant_id: TenantId) -> Iterator[tuple[str, float]]:
    """The tenant's files in the store, each with the time that it was written at."""
    for page in obstore.list(_store(), prefix=tenant_id):
        for meta in page:
            yield meta["path"], meta["last_modified"].timestamp()


def remove_all(tenant_id: TenantId) -> int:
    """Remove everything that lies in a tenant's folder, named by a row or not; how much it was."""
    paths = [name for name, _ in names(tenant_id=tenant_id)]
    try:
        if paths:
            obstore.delete(_store(), paths)
    except STORE_FAILURES as error:
        raise DocumentsAway(f"documents not removed ({type(error).__name__})") from error
    return len(paths)


def count(tenant_id: TenantId) -> int:
    """How much lies in a tenant's folder."""
    return len(list(names(tenant_id=tenant_id)))


def confined(name: str, *, tenant_id: TenantId) -> str:
    """The name, if it is one that `store` gave for this tenant; else `MisplacedDocument`."""
    if not _NAME.fullmatch(name) or not name.startswith(f"{tenant_id}/"):
        raise MisplacedDocument("document: expected a name below its own tenant's folder")
    return name


def _store() -> ObjectStore:
    return opened(settings.DOCUMENTS, over_http=settings.RECORDINGS_OVER_HTTP)


def _pieces(body: Readable, *, digest: "hashlib._Hash", sizes: list[int]) -> Iterator[bytes]:
    most = max_document_bytes()
    total = 0
    while piece := body.read(_CHUNK_BYTES):
        total += len(piece)
        if total > most:
            raise DocumentTooLarge(f"document: expected at most {most // (1024 * 1024)} MB")
        digest.update(piece)
        sizes.append(len(piece))
        yield piece
