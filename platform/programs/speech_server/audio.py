"""The audio formats of the speech server: µ-law, 16-bit PCM, WAV, and any sample rate."""

import math
import struct
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from programs.speech_server.errors import BadRequest

TELEPHONE_HZ: Final = 8_000
Samples = NDArray[np.float32]  # -32768 to 32767, as 16-bit PCM counts

_HALF_WIDTH: Final = 16  # zero crossings on each side of the resampling filter
_PASSBAND: Final = 0.92  # of the lower rate's half, so that nothing folds back
_MULAW_BIAS: Final = 132
_MULAW_CLIP: Final = 32_635
# WAVE_FORMAT_PCM, _MULAW, _EXTENSIBLE: the last one's coding stands further on
_PCM, _MULAW, _EXTENSIBLE = 1, 7, 0xFFFE
_EXTENDED_CODING_AT: Final = 24
_LAYOUT_BYTES: Final = 16


class Resampler:
    """Changes a stream's sample rate by windowed-sinc interpolation, without waiting for more."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        common = math.gcd(from_hz, to_hz)
        self._up, self._down = to_hz // common, from_hz // common
        self._taps = _filter(self._up, self._down)
        self._width = self._taps.shape[1]
        self._pending: Samples = np.zeros(self._width // 2 - 1, np.float32)
        # the next output's place, in input samples times `up`, from the start of `pending`
        self._next = 0

    def feed(self, samples: Samples) -> Samples:
        """The output that these input samples complete."""
        if self._up == self._down:
            return samples
        self._pending = np.concatenate((self._pending, samples))
        # first place whose window is not here yet
        last = (len(self._pending) - self._width + 1) * self._up
        places = np.arange(self._next, max(self._next, last), self._down)
        if not len(places):
            return np.zeros(0, np.float32)
        starts, phases = np.divmod(places, self._up)
        windows = np.lib.stride_tricks.sliding_window_view(self._pending, self._width)
        resampled: Samples = np.einsum("ij,ij->i", windows[starts], self._taps[phases])
        self._next = int(places[-1]) + self._down
        used = self._next // self._up
        self._pending = self._pending[used:]
        self._next -= used * self._up
        return resampled

    def flush(self) -> Samples:
        """What is still in the filter when the stream ends."""
        if self._up == self._down:
            return np.zeros(0, np.float32)
        return self.feed(np.zeros(self._width // 2, np.float32))


@cache
def _filter(up: int, down: int) -> Samples:
    """One row of taps for each of the `up` phases, each row summing to one."""
    cutoff = _PASSBAND * min(1.0, up / down)
    half = math.ceil(_HALF_WIDTH / cutoff)
    offsets = np.arange(-half + 1, half + 1)[None, :] - (np.arange(up) / up)[:, None]
    taps = np.sinc(cutoff * offsets) * np.where(
        np.abs(offsets) < half, np.cos(np.pi * offsets / (2 * half)) ** 2, 0
    )
    rows: Samples = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return rows


def from_pcm(pcm: bytes) -> Samples:
    """16-bit little-endian PCM as samples; the length must be even."""
    return np.frombuffer(pcm, "<i2").astype(np.float32)


def to_pcm(samples: Samples) -> bytes:
    """Samples as 16-bit little-endian PCM, clipped."""
    return np.clip(np.rint(samples), -32_768, 32_767).astype("<i2").tobytes()


def from_mulaw(mulaw: bytes) -> Samples:
    """G.711 µ-law bytes as samples."""
    return _mulaw_values()[np.frombuffer(mulaw, np.uint8)]


def to_mulaw(samples: Samples) -> bytes:
    """Samples as G.711 µ-law bytes (ITU-T G.711, 14-bit segments on 16-bit input)."""
    whole = np.rint(np.clip(samples, -_MULAW_CLIP, _MULAW_CLIP)).astype(np.int32)
    magnitude = np.abs(whole) + _MULAW_BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(whole < 0, 0x80, 0)
    coded: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return coded.tobytes()


@cache
def _mulaw_values() -> Samples:
    code = ~np.arange(256) & 0xFF
    exponent, mantissa = (code >> 4) & 0x07, code & 0x0F
    magnitude = (((mantissa << 3) + _MULAW_BIAS) << exponent) - _MULAW_BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.float32)


def read_wav(file: bytes) -> tuple[Samples, int]:
    """A WAV file's first channel and its rate.

    BadRequest unless it is 16-bit PCM or µ-law at 8 to 48 kHz.
    """
    layout, sound = _chunks(file)
    coding, channels, rate_hz, bits = struct.unpack_from("<HHI6xH", layout)
    if coding == _EXTENSIBLE and len(layout) > _EXTENDED_CODING_AT + 1:
        (coding,) = struct.unpack_from("<H", layout, _EXTENDED_CODING_AT)
    if (
        (coding, bits) not in {(_PCM, 16), (_MULAW, 8)}
        or not channels
        or not TELEPHONE_HZ <= rate_hz <= 48_000
    ):
        description = f"{bits} bits of coding {coding}, {channels} channels at {rate_hz} Hz"
        raise BadRequest(
            f"expected 16-bit PCM or µ-law at 8 to 48 kHz, got {description}", param="file"
        )
    whole = sound[: len(sound) - len(sound) % (channels * bits // 8)]
    samples = from_pcm(whole) if coding == _PCM else from_mulaw(whole)
    return samples[::channels], rate_hz


def _chunks(file: bytes) -> tuple[bytes, bytes]:
    """The contents of "fmt " and "data", however long they claim to be.

    Source: RIFF, Multimedia Programming Interface and Data Specifications 1.0.
    """
    if file[:4] != b"RIFF" or file[8:12] != b"WAVE":
        raise BadRequest("expected a WAV file", param="file")
    at, layout = 12, b""
    while at + 8 <= len(file):
        kind, length = file[at : at + 4], int.from_bytes(file[at + 4 : at + 8], "little")
        if kind == b"fmt ":
            layout = file[at + 8 : at + 8 + length]
        elif kind == b"data" and len(layout) >= _LAYOUT_BYTES:
            return layout, file[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise BadRequest("expected a WAV file with its format and its sound", param="file")


def wav_header(rate_hz: int) -> bytes:
    """The header of a WAV stream of mono 16-bit PCM whose length is not known yet."""
    unknown = 0xFFFFFFFF
    riff = struct.pack("<4sI4s", b"RIFF", unknown, b"WAVE")
    # coding, channels, samples and bytes a second, bytes and bits a sample
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, rate_hz, 2 * rate_hz, 2, 16)
    return riff + layout + struct.pack("<4sI", b"data", unknown)
