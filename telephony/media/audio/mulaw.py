"""Telephone audio: µ-law at 8 kHz, by tables in C. All functions are pure."""

import audioop
import math
from typing import Final

from telephony.carriers.wire import BYTES_PER_MS, FRAME_BYTES

MULAW_SILENCE: Final = b"\xff"
SAMPLE_RATE_HZ: Final = 8000
_FAINT_RMS: Final = 100  # nobody's voice, so its mean is of no interest
_LOOK_BACK_BYTES: Final = 400 * BYTES_PER_MS


def to_linear(mulaw: bytes) -> bytes:
    """16-bit little-endian samples of a piece of µ-law (ITU-T G.711)."""
    return audioop.ulaw2lin(mulaw, 2)


def to_mulaw(linear: bytes) -> bytes:
    """µ-law of 16-bit samples; an odd last byte is left out."""
    return audioop.lin2ulaw(linear[: len(linear) & ~1], 2)


def loudness(linear: bytes) -> int:
    """Root mean square of 16-bit samples around their mean, 0 to 32767; a held level is 0."""
    rms = audioop.rms(linear, 2)
    if rms < _FAINT_RMS:
        return rms
    mean = audioop.avg(linear, 2)
    return math.isqrt(max(0, rms * rms - mean * mean))


def duration_ms(mulaw_bytes: int) -> float:
    """How long that many bytes of µ-law play."""
    return mulaw_bytes / BYTES_PER_MS


def quietest_before(mulaw: bytes | bytearray, end: int) -> int:
    """The start of the quietest frame in the 400 ms before a byte: where words may be taken up.

    The latest of several; a place in whole frames.
    """
    frames = range(max(0, end - _LOOK_BACK_BYTES) // FRAME_BYTES, end // FRAME_BYTES)
    levels = [
        (audioop.rms(to_linear(bytes(mulaw[n * FRAME_BYTES : (n + 1) * FRAME_BYTES])), 2), -n)
        for n in frames
    ]
    return -min(levels)[1] * FRAME_BYTES if levels else 0


class Downsampler:
    """24 kHz linear to 8 kHz µ-law, piece by piece.

    A three-sample mean before the decimation (audioop's own) keeps the worst of what lies above 4
    kHz out; a replica that offers µ-law itself filters better and is preferred.
    """

    def __init__(self, from_hz: int = 24000) -> None:
        self._from_hz = from_hz
        self._state: tuple[int, tuple[tuple[int, int], ...]] | None = None
        self._rest = b""

    def feed(self, linear: bytes) -> bytes:
        """The µ-law of what can be converted so far."""
        whole = self._rest + linear
        even = len(whole) & ~1
        self._rest = whole[even:]
        if not even:
            return b""
        # weights 1 to 1: each output sample is smoothed with the one before it
        samples, self._state = audioop.ratecv(
            whole[:even], 2, 1, self._from_hz, SAMPLE_RATE_HZ, self._state, 1, 1
        )
        return audioop.lin2ulaw(samples, 2)


def stereo_wav(left_mulaw: bytes, right_mulaw: bytes) -> bytes:
    """A WAV of two µ-law sides: 8 kHz, 16 bit; the shorter side is filled with silence."""
    length = max(len(left_mulaw), len(right_mulaw))
    left = audioop.ulaw2lin(left_mulaw.ljust(length, MULAW_SILENCE), 2)
    right = audioop.ulaw2lin(right_mulaw.ljust(length, MULAW_SILENCE), 2)
    both = audioop.add(audioop.tostereo(left, 2, 1, 0), audioop.tostereo(right, 2, 0, 1), 2)
    size = len(both)
    return b"".join(
        (
            b"RIFF",
            (36 + size).to_bytes(4, "little"),
            b"WAVEfmt ",
            (16).to_bytes(4, "little"),
            (1).to_bytes(2, "little"),
            (2).to_bytes(2, "little"),
            SAMPLE_RATE_HZ.to_bytes(4, "little"),
            (SAMPLE_RATE_HZ * 4).to_bytes(4, "little"),
            (4).to_bytes(2, "little"),
            (16).to_bytes(2, "little"),
            b"data",
            size.to_bytes(4, "little"),
            both,
        )
    )
