"""The one form of WAV file that a recording has, and which part of it a player asks for. Pure."""

import re
import struct
from dataclasses import dataclass

from telephony.errors import BadRecording

# RIFF, size, WAVE, "fmt ", its size, PCM, channels, rates, align, bits
_HEADER = struct.Struct("<4sI4s4sIHHIIHH")
_DATA = struct.Struct("<4sI")
HEADER_BYTES = _HEADER.size + _DATA.size
_RATE, _ALIGN = 8000, 4
BYTES_PER_MS = _RATE * _ALIGN // 1000
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A part of a file: the first byte, and how many."""

    start: int
    length: int


def header(audio_bytes: int) -> bytes:
    """The header of a file with so much audio."""
    riff_bytes = HEADER_BYTES - 8 + audio_bytes
    form = (1, 2, _RATE, _RATE * _ALIGN, _ALIGN, 16)
    return _HEADER.pack(b"RIFF", riff_bytes, b"WAVE", b"fmt ", 16, *form) + _DATA.pack(
        b"data", audio_bytes
    )


def checked_seconds(start: bytes) -> tuple[float, int]:
    """How long a file plays that begins so, and how many bytes it has by its own header.

    `BadRecording` says what was expected.
    """
    if len(start) < HEADER_BYTES:
        raise BadRecording("recording: expected a WAV file, came less than its header")
    riff, _, wave, fmt, fmt_size, coding, channels, rate, _, align, bits = _HEADER.unpack_from(
        start
    )
    data, audio_bytes = _DATA.unpack_from(start, _HEADER.size)
    if (riff, wave, fmt, data) != (b"RIFF", b"WAVE", b"fmt ", b"data") or fmt_size != 16:
        raise BadRecording(
            "recording: expected a plain WAV file: RIFF, WAVE, fmt of 16 bytes, data"
        )
    if (coding, channels, rate, align, bits) != (1, 2, _RATE, _ALIGN, 16):
        raise BadRecording("recording: expected PCM of 2 channels, 8000 Hz, 16 bits")
    if audio_bytes % _ALIGN:
        raise BadRecording(f"recording: expected whole samples, {audio_bytes} bytes are none")
    return audio_bytes / (_RATE * _ALIGN), HEADER_BYTES + audio_bytes


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
