"""Telephone audio: 8 kHz µ-law in frames of 20 ms, and the recordings that callers speak with."""

import audioop
import json
import struct
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from warmline.kernel.errors import BadInput

RATE_HZ = 8000
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
    if not frame:
        return False
    return float(_AMPLITUDE[np.frombuffer(frame, np.uint8)].mean()) > VOICED_AMPLITUDE


@dataclass(frozen=True, slots=True)
class Clip:
    """Recorded speech: its words, and its frames up to the last voiced one."""

    text: str
    frames: tuple[bytes, ...]


def clip(text: str, mulaw: bytes) -> Clip:
    """A clip from raw µ-law without the silence around it: speech ends where the clip ends."""
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
    at, layout = 12, None
    while at + 8 <= len(raw):
        kind, length = raw[at : at + 4], struct.unpack_from("<I", raw, at + 4)[0]
        if kind == b"fmt ":
            layout = struct.unpack_from("<HHI", raw, at + 8)
        elif kind == b"data":
            if layout != (_WAVE_FORMAT_MULAW, 1, 8000):
                raise BadInput(f"{path.name}: expected 8 kHz mono µ-law, found {layout}")
            return raw[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise BadInput(f"{path.name}: no audio in it")


def write_wav(path: Path, mulaw: bytes) -> None:
    """An 8 kHz mono µ-law WAV file."""
    riff = struct.pack("<4sI4s", b"RIFF", 38 + len(mulaw), b"WAVE")
    # coding, channels, samples and bytes a second, bytes and bits a sample, no extension
    layout = struct.pack("<4sIHHIIHHH", b"fmt ", 18, _WAVE_FORMAT_MULAW, 1, 8000, 8000, 1, 8, 0)
    path.write_bytes(riff + layout + struct.pack("<4sI", b"data", len(mulaw)) + mulaw)


@cache
def voice(name: str) -> Clip:
    """A recording of the folder `voices` by its name; its words stand beside it in `lines.json`."""
    lines: dict[str, str] = json.loads((VOICES / "lines.json").read_text(encoding="utf-8"))
    if name not in lines:
        raise BadInput(f"voice {name!r}: expected one of {', '.join(sorted(lines))}")
    return clip(lines[name], read_wav(VOICES / f"{name}.wav"))


def recording(path: Path) -> Clip:
    """Somebody's own recording as a telephone carries it: a WAV file, PCM of 16 bits or µ-law.

    Any rate, mono or stereo. `BadInput` says what was expected.
    """
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            samples = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        if "unknown format" in str(error):
            return clip(path.stem, read_wav(path))
        raise BadInput(f"{path}: expected a WAV file ({error})") from error
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    if width != 2 or channels not in {1, 2} or not samples:
        raise BadInput(
            f"{path}: expected PCM of 16 bits, mono or stereo; found {width * 8} bits,"
            f" {channels} channels, {len(samples)} bytes"
        )
    if channels == 2:
        samples = audioop.tomono(samples, width, 0.5, 0.5)
    at_telephone_rate, _ = audioop.ratecv(samples, width, 1, rate, RATE_HZ, None)
    return clip(path.stem, audioop.lin2ulaw(at_telephone_rate, width))
