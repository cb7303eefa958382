"""Where recordings lie: a folder of this machine, or a bucket of an S3-compatible store.

`WARMLINE_RECORDINGS` names it (`file://` and a path, or `s3://bucket/prefix`); a bucket's
credentials and endpoint are the usual `AWS_…` variables. Every name begins with its tenant's id,
and no name is opened for another tenant.
"""

import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import obstore
from django.conf import settings
from obstore.store import ObjectStore

from telephony.calls.wav import HEADER_BYTES, checked_seconds
from telephony.errors import BadRecording, MisplacedRecording, RecordingsAway
from warmline.kernel.ids import TenantId
from warmline.kernel.object_store import STORE_FAILURES, opened

# Both sides at 8 kHz and 16 bits are 32,000 bytes a second: this is a call of 35 minutes.
MAX_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_NAME = re.compile(r"[0-9a-f-]{36}/[A-Za-z0-9_-]{20,64}\.wav")


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording in the store. `sha256` is of the whole file, in hex."""

    name: str
    size_bytes: int
    seconds: float
    sha256: str


def store(body: BinaryIO, *, tenant_id: TenantId) -> StoredRecording:
    """Write a WAV file from a request's body, whole or not at all.

    `BadRecording` says what was expected; `RecordingsAway` when the store does not take it.
    """
    start = body.read(HEADER_BYTES)
    seconds, expected_bytes = checked_seconds(start)
    if expected_bytes > MAX_BYTES:
        raise BadRecording(f"recording: expected at most {MAX_BYTES} bytes")
    name = f"{tenant_id}/{secrets.token_urlsafe(32)}.wav"
    digest = hashlib.sha256()
    try:
        obstore.put(
            _store(), name, _whole(start, body, expected_bytes=expected_bytes, digest=digest)
        )
    except STORE_FAILURES as error:
        raise RecordingsAway(f"no room for recordings now ({type(error).__name__})") from error
    return StoredRecording(name, expected_bytes, seconds, digest.hexdigest())


def remove(name: str, *, tenant_id: TenantId) -> None:
    """Remove a tenant's recording; none there is no error.

    `RecordingsAway` when the store does not answer.
    """
    try:
        obstore.delete(_store(), confined(name, tenant_id=tenant_id))
    except FileNotFoundError:
        return
    except STORE_FAILURES as error:
        raise RecordingsAway(f"recording not removed ({type(error).__name__})") from error


def size_of(name: str, *, tenant_id: TenantId) -> int | None:
    """How many bytes the recording has, or None when it is gone.

    `RecordingsAway` when the store does not answer.
    """
    try:
        return obstore.head(_store(), confined(name, tenant_id=tenant_id))["size"]
    except FileNotFoundError:
        return None
    except STORE_FAILURES as error:
        raise RecordingsAway(f"recordings are away ({type(error).__name__})") from error


async def read(name: str, *, tenant_id: TenantId, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes of a recording from `start` until `end`, in pieces.

    A reader who stops costs one piece.
    """
    place = confined(name, tenant_id=tenant_id)
    while start < end:
        piece_bytes = min(_CHUNK_BYTES, end - start)
        piece = await obstore.get_range_async(_store(), place, start=start, length=piece_bytes)
        yield bytes(piece)
        start += piece_bytes


def remove_all(tenant_id: TenantId) -> int:
    """Remove everything that lies in a tenant's folder, named by a row or not; how much it was."""
    removed = 0
    try:
        for listed in obstore.list(_store(), prefix=f"{tenant_id}/"):
            paths = [entry["path"] for entry in listed]
            obstore.delete(_store(), paths)
            removed += len(paths)
    except STORE_FAILURES as error:
        raise RecordingsAway(f"recordings not removed ({type(error).__name__})") from error
    return removed


def count(tenant_id: TenantId) -> int:
    """How much lies in a tenant's folder, named by a row or not."""
    try:
        return sum(len(listed) for listed in obstore.list(_store(), prefix=f"{tenant_id}/"))
    except STORE_FAILURES as error:
        raise RecordingsAway(f"recordings are away ({type(error).__name__})") from error


def confined(name: str, *, tenant_id: TenantId) -> str:
    """The name, if it is one that `store` gave for this tenant; else `MisplacedRecording`."""
    if not _NAME.fullmatch(name) or not name.startswith(f"{tenant_id}/"):
        raise MisplacedRecording("recording: expected a name below its own tenant's folder")
    return name


def _store() -> ObjectStore:
    return opened(settings.RECORDINGS, over_http=settings.RECORDINGS_OVER_HTTP)


def _whole(
    start: bytes, body: BinaryIO, *, expected_bytes: int, digest: "hashlib._Hash"
) -> Iterator[bytes]:
    """The body's pieces; `BadRecording` when it is not as long as its header says."""
    came = 0
    piece = start
    while piece:
        came += len(piece)
        digest.update(piece)
        if came <= expected_bytes:
            yield piece
        piece = body.read(_CHUNK_BYTES)
    if came != expected_bytes:
        raise BadRecording(
            f"recording: the header speaks of {expected_bytes} bytes in all, {came} came"
        )
