"""A call's audio as a file: checked on the way in, unguessably named, never half written."""

import asyncio
import re
import secrets
import struct
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from telephony.errors import BadRecording

# Both sides at 8 kHz and 16 bits are 32,000 bytes a second: this is a call of 35 minutes.
MAX_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
# RIFF, size, WAVE, "fmt ", its size, PCM, channels, rates, align, bits
_HEADER = struct.Struct("<4sI4s4sIHHIIHH")
_DATA = struct.Struct("<4sI")
_HEADER_BYTES = _HEADER.size + _DATA.size
_RATE, _ALIGN = 8000, 4
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording on disk. `name` is relative to the folder of recordings."""

    name: str
    size_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A part of a file: the first byte, and how many."""

    start: int
    length: int


def store(body: BinaryIO, *, folder: Path, tenant_id: str) -> StoredRecording:
    """Write a WAV file from a request's body, whole or not at all.

    `BadRecording` says what was expected; `OSError` when the disk is full.
    """
    home = folder / tenant_id
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{tenant_id}/{secrets.token_urlsafe(32)}.wav"
    part = folder / f"{name}.part"
    try:
        with part.open("xb") as file:
            size_bytes = _copy(body, file)
        seconds = _checked_seconds(part, size_bytes)
        part.rename(folder / name)
    finally:
        part.unlink(missing_ok=True)
    return StoredRecording(name, size_bytes, seconds)


def remove(name: str, *, folder: Path) -> None:
    """Remove a recording's file; none there is no error."""
    (folder / name).unlink(missing_ok=True)


def requested_span(header: str, *, size_bytes: int) -> ByteRange | None:
    """The part of a file that a Range header asks for (RFC 9110, section 14).

    None: the whole of it. What is no single range of bytes is ignored, as the RFC has it; one
    beyond the end is a `ValueError`.
    """
    asked = _RANGE.fullmatch(header.strip())
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        length = min(int(last), size_bytes)
        if not length:
            raise ValueError("range: expected at least one byte")
        return ByteRange(size_bytes - length, length)
    start = int(first)
    end = min(int(last), size_bytes - 1) if last else size_bytes - 1
    if start >= size_bytes or end < start:
        raise ValueError(f"range: expected a part of {size_bytes} bytes")
    return ByteRange(start, end - start + 1)


class JoinedRecording:
    """The parts of a recording as one WAV file, without their being copied."""

    def __init__(self, parts: Sequence[Path]) -> None:
        """`parts` as `store` wrote them, in order."""
        self._bodies = [(part, part.stat().st_size - _HEADER_BYTES) for part in parts]
        audio = sum(length for _, length in self._bodies)
        self._header = _HEADER.pack(
            b"RIFF",
            _HEADER_BYTES - 8 + audio,
            b"WAVE",
            b"fmt ",
            16,
            1,
            2,
            _RATE,
            _RATE * _ALIGN,
            _ALIGN,
            16,
        ) + _DATA.pack(b"data", audio)
        self.size_bytes = _HEADER_BYTES + audio

    async def read(self, span: ByteRange) -> AsyncIterator[bytes]:
        """The bytes of a part in pieces, read off the event loop.

        A reader who stops costs one piece.
        """
        if head := self._header[span.start : span.start + span.length]:
            yield head
        start, end = span.start - _HEADER_BYTES, span.start + span.length - _HEADER_BYTES
        for path, length in self._bodies:
            if start < length and end > 0:
                async for piece in _read(path, max(0, start), min(end, length)):
                    yield piece
            start, end = start - length, end - length


async def _read(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    """A WAV file's audio from byte `start` until `end`, in pieces."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        await asyncio.to_thread(file.seek, _HEADER_BYTES + start)
        left = end - start
        while left:
            piece = await asyncio.to_thread(file.read, min(_CHUNK_BYTES, left))
            if not piece:
                return
            left -= len(piece)
            yield piece
    finally:
        file.close()


def _copy(body: BinaryIO, file: BinaryIO) -> int:
    size_bytes = 0
    while piece := body.read(_CHUNK_BYTES):
        size_bytes += len(piece)
        if size_bytes > MAX_BYTES:
            raise BadRecording(f"recording: expected at most {MAX_BYTES} bytes")
        file.write(piece)
    return size_bytes


def _checked_seconds(path: Path, size_bytes: int) -> float:
    with path.open("rb") as file:
        start = file.read(_HEADER_BYTES)
    if len(start) < _HEADER_BYTES:
        raise BadRecording("recording: expected a WAV file, came less than its header")
    riff, _, wave, fmt, fmt_size, coding, channels, rate, _, align, bits = _HEADER.unpack_from(
        start
    )
    data, data_size = _DATA.unpack_from(start, _HEADER.size)
    if (riff, wave, fmt, data) != (b"RIFF", b"WAVE", b"fmt ", b"data") or fmt_size != 16:
        raise BadRecording(
            "recording: expected a plain WAV file: RIFF, WAVE, fmt of 16 bytes, data"
        )
    if (coding, channels, rate, align, bits) != (1, 2, _RATE, _ALIGN, 16):
        raise BadRecording("recording: expected PCM of 2 channels, 8000 Hz, 16 bits")
    present = size_bytes - _HEADER_BYTES
    if data_size != present or present % _ALIGN:
        raise BadRecording(
            f"recording: the header speaks of {data_size} bytes of audio, {present} came"
        )
    return present / (_RATE * _ALIGN)
