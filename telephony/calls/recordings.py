"""A call's recording as people hear it: its parts as one file, without their being copied."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from telephony.calls import queries, recording_store, wav
from telephony.calls.wav import BYTES_PER_MS, HEADER_BYTES, ByteRange
from tenants.context import current_tenant_id
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

log = structlog.get_logger()
_SILENCE = bytes(64 * 1024)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a recording: a file of the store, and its bytes, as its row has them."""

    name: str
    size_bytes: int
    starts_ms: int = 0


class JoinedRecording:
    """The parts of a recording as one WAV file.

    Its length is known from rows: the store is asked for nothing but the bytes that are read, and
    by then no connection is held. What lies between the parts and what the store has lost is
    silence.
    """

    def __init__(self, parts: Sequence[Part], *, tenant_id: TenantId) -> None:
        """`parts` as `recording_store.store` told them, in order."""
        self._tenant_id = tenant_id
        self._parts = _stretches(parts)
        audio_bytes = sum(length for _, length in self._parts)
        self._header = wav.header(audio_bytes)
        self.size_bytes = HEADER_BYTES + audio_bytes

    async def read(self, span: ByteRange) -> AsyncIterator[bytes]:
        """The bytes of a part in pieces, read off the event loop."""
        if head := self._header[span.start : span.start + span.length]:
            yield head
        start, end = span.start - HEADER_BYTES, span.start + span.length - HEADER_BYTES
        for name, length in self._parts:
            if start < length and end > 0:
                async for piece in self._read(name, max(0, start), min(end, length)):
                    yield piece
            start, end = start - length, end - length

    async def _read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        if not name:
            for piece in _silence(end - start):
                yield piece
            return
        pieces = recording_store.read(
            name, tenant_id=self._tenant_id, start=HEADER_BYTES + start, end=HEADER_BYTES + end
        )
        left = end - start
        try:
            async for piece in pieces:
                left -= len(piece)
                yield piece
        except FileNotFoundError:
            log.warning("recording lost", name=name)
            for piece in _silence(left):
                yield piece


def _stretches(parts: Sequence[Part]) -> list[tuple[str, int]]:
    """Names with the bytes of their audio, in order; no name is silence before the next part."""
    stretches: list[tuple[str, int]] = []
    end = 0
    for part in parts:
        silence = part.starts_ms * BYTES_PER_MS - end
        if silence > 0:
            stretches.append(("", silence))
        stretches.append((part.name, part.size_bytes - HEADER_BYTES))
        end += max(0, silence) + part.size_bytes - HEADER_BYTES
    return stretches


def _silence(size: int) -> Iterator[bytes]:
    while size > 0:
        yield _SILENCE[:size]
        size -= len(_SILENCE)


def recording_of(call_id: UUID) -> JoinedRecording:
    """The call's recording; `NotFound` when it has none."""
    parts = [
        Part(row.name, row.size_bytes, row.starts_ms) for row in queries.recordings_of(call_id)
    ]
    if not parts:
        raise NotFound(f"call {call_id}: no recording")
    return JoinedRecording(parts, tenant_id=current_tenant_id())


def streamed(recording: JoinedRecording, *, asked: str) -> HttpResponseBase:
    """The recording, whole or the part that a Range header asks for (RFC 9110, section 14)."""
    size_bytes = recording.size_bytes
    try:
        span = wav.requested_span(asked, size_bytes=size_bytes)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size_bytes}"})
    wanted = span or ByteRange(0, size_bytes)
    response = StreamingHttpResponse(
        recording.read(wanted), status=206 if span else 200, content_type="audio/wav"
    )
    if span:
        last = span.start + span.length - 1
        response["Content-Range"] = f"bytes {span.start}-{last}/{size_bytes}"
    response["Content-Length"] = str(wanted.length)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    return response
