"""Telephone audio: 8 kHz µ-law in frames of 20 ms, and the recordings that callers speak with."""

import json
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from warmline.kernel.errors import BadInput

FRAME_BYTES = 160
FRAME_MS = 20
SILENCE = b"\xff" * FRAME_BYTES
VOICES = Path(__file__).parent / "voices"

# Mean amplitude of 16-bit samples above which a frame counts as voice; line noise stays below 100.
VOICED_AMPLITUDE = 200
_WAVE_FORMAT_MULAW = 7


def _decoding_table() -> np.ndarray:
    """µ-law to 16-bit linear (ITU-T G.711)."""
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (code >> 4 & 7).astype(np.int32), (code & 15).astype(np.int32)
    magnitude = ((mantissa << 3) + 0x84 << exponent) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


LINEAR = _decoding_table()
_AMPLITUDE = np.abs(LINEAR.astype(np.int32))


def is_voiced(frame: bytes) -> bool:
    """Whether somebody speaks in this frame."""
    return (
        float(_AMPLITUDE[np.frombuffer(frame, np.uint8)].mean()) > VOICED_AMPLITUDE
        if frame
        else False
    )


@dataclass(frozen=True, slots=True)
class Clip:
    """Something a caller says: its words, and its frames up to the last voiced one."""

    text: str
    frames: tuple[bytes, ...]


def clip(text: str, mulaw: bytes) -> Clip:
    """A clip from raw µ-law, without the silence around it,
    so that speech ends where the clip ends.
    """
    padded = mulaw + b"\xff" * (-len(mulaw) % FRAME_BYTES)
    frames = [padded[at : at + FRAME_BYTES] for at in range(0, len(padded), FRAME_BYTES)]
    voiced = [index for index, frame in enumerate(frames) if is_voiced(frame)]
    if not voiced:
        raise BadInput(f"clip {text!r}: expected speech, found silence")
    return Clip(text, tuple(frames[max(0, voiced[0] - 2) : voiced[-1] + 1]))


def read_wav(path: Path) -> bytes:
    """The samples of an 8 kHz mono µ-law WAV file; `BadInput` says what was found instead."""
    raw = path.read_bytes()
    if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise BadInput(f"{path.name}: expected a WAV file")
    at, found = 12, None
    while at + 8 <= len(raw):
        kind, length = raw[at : at + 4], struct.unpack_from("<I", raw, at + 4)[0]
        if kind == b"fmt ":
            found = struct.unpack_from("<HHI", raw, at + 8)
        elif kind == b"data":
            if found != (_WAVE_FORMAT_MULAW, 1, 8000):
                raise BadInput(f"{path.name}: expected 8 kHz mono µ-law, found {found}")
            return raw[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise BadInput(f"{path.name}: no audio in it")


def write_wav(path: Path, mulaw: bytes) -> None:
    """An 8 kHz mono µ-law WAV file."""
    head = struct.pack(
        "<4sI4s4sIHHIIHHH",
        b"RIFF",
        38 + len(mulaw),
        b"WAVE",
        b"fmt ",
        18,
        7,
        1,
        8000,
        8000,
        1,
        8,
        0,
    )
    path.write_bytes(head + struct.pack("<4sI", b"data", len(mulaw)) + mulaw)


@cache
def voice(name: str) -> Clip:
    """A recording of the folder `voices` by its name; its words stand beside it in `lines.json`."""
    lines: dict[str, str] = json.loads((VOICES / "lines.json").read_text(encoding="utf-8"))
    if name not in lines:
        raise BadInput(f"voice {name!r}: expected one of {', '.join(sorted(lines))}")
    return clip(lines[name], read_wav(VOICES / f"{name}.wav"))
