"""The log-mel spectrogram that Whisper and smart-turn read: 80 bands, 100 frames a second. Pure.

As in OpenAI's `whisper/audio.py`: Hann windows of 25 ms every 10 ms, mel bands by Slaney, log10,
eight decades below the loudest at most, scaled to about -1 to 1.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 16_000
BANDS: Final = 80
HOP: Final = 160
_WINDOW: Final = 400
_TAPS: Final = 16  # to each side
_FLOOR: Final = 1e-10
_BREAK_HZ: Final = 1000.0  # linear below, logarithmic above
_STEP: Final = np.log(6.4) / 27.0

Samples = NDArray[np.float32]


def log_mel(samples: Samples) -> Samples:
    """(80, samples // 160) of float32, of samples at 16 kHz."""
    padded = np.pad(samples, _WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:-1]
    spectrum = np.fft.rfft(frames * _hann())
    power = spectrum.real**2 + spectrum.imag**2
    bands = np.log10(np.maximum(_filters() @ power.T, _FLOOR))
    scaled = (np.maximum(bands, bands.max() - 8.0) + 4.0) / 4.0
    return np.asarray(scaled, np.float32)


def doubled(samples: Samples) -> Samples:
    """The same sound at twice the rate, from 8 kHz to 16 kHz say.

    Without a filter what lies below 4 kHz would come again, mirrored, above it, and both models
    hear it: smart-turn took half-spoken words for the end of a turn.
    """
    between = np.convolve(np.pad(samples, (_TAPS - 1, _TAPS)), _halfway(), mode="valid")
    both = np.empty(2 * samples.size, np.float32)
    both[0::2], both[1::2] = samples, between[: samples.size]
    return both


@cache
def _halfway() -> Samples:
    """A windowed sinc that gives the value halfway between two samples."""
    places = np.arange(-_TAPS, _TAPS) + 0.5
    weights = np.sinc(places) * np.kaiser(2 * _TAPS, 6.0)
    return np.asarray(weights / weights.sum(), np.float32)


@cache
def _hann() -> Samples:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _filters() -> Samples:
    """Triangles of equal area, their corners equally far apart in mel."""
    corners = _hz(np.linspace(0.0, _mel(SAMPLE_RATE_HZ / 2), BANDS + 2))
    bins = np.linspace(0, SAMPLE_RATE_HZ / 2, _WINDOW // 2 + 1)
    slopes = corners[:, None] - bins[None, :]
    widths = np.diff(corners)
    rising, falling = -slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    area = 2.0 / (corners[2:] - corners[:-2])
    return (triangles * area[:, None]).astype(np.float32)


def _mel(hz: float) -> float:
    linear = hz * 3.0 / 200.0
    return linear if hz < _BREAK_HZ else float(15.0 + np.log(hz / _BREAK_HZ) / _STEP)


def _hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mels < 15.0, mels * 200.0 / 3.0, _BREAK_HZ * np.exp(_STEP * (mels - 15.0)))
