"""A call's recording as its members hear it: its parts as one file, without their being copied."""

from collections.abc import AsyncIterator, Sequence

from telephony.calls import recording_store, wav
from telephony.calls.wav import HEADER_BYTES, ByteRange
from warmline.kernel.ids import TenantId


class JoinedRecording:
    """The parts of a recording as one WAV file; those that are gone are left out."""

    def __init__(self, names: Sequence[str], *, tenant_id: TenantId) -> None:
        """`names` as `recording_store.store` gave them, in order."""
        self._tenant_id = tenant_id
        self._parts: list[tuple[str, int]] = []
        for name in names:
            size_bytes = recording_store.size_of(name, tenant_id=tenant_id)
            if size_bytes is not None:
                self._parts.append((name, size_bytes - HEADER_BYTES))
        audio_bytes = sum(length for _, length in self._parts)
        self._header = wav.header(audio_bytes)
        self.size_bytes = HEADER_BYTES + audio_bytes
        self.is_gone = not self._parts

    async def read(self, span: ByteRange) -> AsyncIterator[bytes]:
        """The bytes of a part in pieces, read off the event loop."""
        if head := self._header[span.start : span.start + span.length]:
            yield head
        start, end = span.start - HEADER_BYTES, span.start + span.length - HEADER_BYTES
        for name, length in self._parts:
            if start < length and end > 0:
                pieces = recording_store.read(
                    name,
                    tenant_id=self._tenant_id,
                    start=HEADER_BYTES + max(0, start),
                    end=HEADER_BYTES + min(end, length),
                )
                async for piece in pieces:
                    yield piece
            start, end = start - length, end - length
