"""From the spectra that hibari predicts to a waveform: a source and filter vocoder. Pure.

After `dsp.py` of hibari-tts 0.2.1 (Copyright 2026 Maureese Williams, Apache License 2.0), written
anew and changed: a speaker's pitch and resonances can be moved. Its sound S is, frame by frame,

    S = exp(harmonics) e^(iπ tanh(shift)) STFT(pulses) + exp(noise) Z + exp(rest) e^(i phase)

where the pulses follow the pitch and Z is Gaussian noise. A bin is 20 Hz wide at every rate: what a
telephone cannot carry is left out instead of made and filtered, which halves the time.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from programs.speech_server.tts.voices import Timbre

Floats = NDArray[np.float32]
Spectrum = NDArray[np.complex64]

RATE_HZ: Final = 24_000  # what the network was trained at
_FRAMES_A_SECOND: Final = 80
_OVERLAP: Final = 4  # frames that sound at any moment
_UNVOICED_BELOW_HZ: Final = 40.0
_HARMONICS_UP_TO: Final = 11 / 24  # of the rate
_TAPERED_FROM: Final = 0.45  # of a lower rate, so that nothing folds back
_LOUDEST: Final = 7.0  # of an exponent: above it is a fault of the network
_NOISE_SEED: Final = 0  # the same words sound the same each time


@dataclass(frozen=True, slots=True)
class Spectra:
    """What the network gives: five parts of 601 bins a frame, and the pitch in Hz a frame."""

    harmonics: Floats
    shift: Floats
    noise: Floats
    rest: Floats
    phase: Floats
    pitch: Floats


def wave_of(spectra: Spectra, timbre: Timbre, *, rate_hz: int = RATE_HZ) -> Floats:
    """The sound in −1…1 at 24 kHz or at a lower rate of whole bins, such as 8 kHz."""
    hop = rate_hz // _FRAMES_A_SECOND
    moved = _within(_moved(spectra, timbre), rate_hz)
    spectrum = _spectrum_of(_pulses(moved.pitch, rate_hz), len(moved.pitch), hop)
    spectrum *= _turned(np.float32(np.pi) * np.tanh(moved.shift), _exp(moved.harmonics))
    gaussian = np.random.default_rng(_NOISE_SEED).standard_normal(
        (*moved.noise.shape, 2), dtype=np.float32
    )
    spectrum += _exp(moved.noise) * gaussian.view(np.complex64)[..., 0]
    spectrum += _turned(moved.phase, _exp(moved.rest))
    if rate_hz < RATE_HZ:
        spectrum *= _taper(len(spectrum))
    return _overlapped(spectrum, hop) * np.float32(rate_hz / RATE_HZ)


def _within(spectra: Spectra, rate_hz: int) -> Spectra:
    """The bins that the rate can carry."""
    bins = rate_hz // _FRAMES_A_SECOND * _OVERLAP // 2 + 1
    return replace(
        spectra,
        harmonics=spectra.harmonics[:bins],
        shift=spectra.shift[:bins],
        noise=spectra.noise[:bins],
        rest=spectra.rest[:bins],
        phase=spectra.phase[:bins],
    )


def _taper(bins: int) -> Floats:
    """One per bin, falling to nothing at the highest."""
    share = np.linspace(0, 0.5, bins)  # of the rate
    falling = np.clip((0.5 - share) / (0.5 - _TAPERED_FROM), 0, 1)
    return (np.sin(np.pi / 2 * falling) ** 2).astype(np.float32)[:, None]


def _moved(spectra: Spectra, timbre: Timbre) -> Spectra:
    """The spectra of another speaker: envelopes stretched along the frequency, pitch scaled."""
    if timbre == Timbre():
        return spectra
    bins = len(spectra.harmonics)
    sources = np.minimum(np.arange(bins) / timbre.resonances, bins - 1)
    below = sources.astype(np.intp)
    above = np.minimum(below + 1, bins - 1)
    share = (sources - below).astype(np.float32)[:, None]

    def stretched(part: Floats) -> Floats:
        return part[below] * (1 - share) + part[above] * share

    return Spectra(
        stretched(spectra.harmonics),
        stretched(spectra.shift),
        stretched(spectra.noise),
        stretched(spectra.rest),
        spectra.phase,
        spectra.pitch * np.float32(timbre.pitch),
    )


def _exp(exponents: Floats) -> Floats:
    return np.exp(np.minimum(exponents, _LOUDEST))


def _turned(angles: Floats, magnitudes: Floats) -> Spectrum:
    """Complex numbers by angle and magnitude; twice as fast as a complex exponential."""
    turned = np.empty(angles.shape, np.complex64)
    np.multiply(np.cos(angles), magnitudes, out=turned.real)
    np.multiply(np.sin(angles), magnitudes, out=turned.imag)
    return turned


def _pulses(pitch_hz: Floats, rate_hz: int) -> Floats:
    """A train of pulses: each harmonic that the rate carries with amplitude one; none unvoiced.

    The sum of cos(h t) for h up to H is sin((H + 1/2) t) / (2 sin(t / 2)) - 1/2.
    """
    hop = rate_hz // _FRAMES_A_SECOND
    centres = (np.arange(len(pitch_hz)) + 0.5) * hop
    pitch = np.interp(np.arange(len(pitch_hz) * hop) + 0.5, centres, pitch_hz)
    voiced = pitch > _UNVOICED_BELOW_HZ
    pitch = np.maximum(pitch, _UNVOICED_BELOW_HZ)
    angle = (2 * np.pi * (np.cumsum(pitch / rate_hz) % 1.0)).astype(np.float32)
    highest = np.floor(_HARMONICS_UP_TO * rate_hz / pitch).astype(np.float32) + np.float32(0.5)
    divisor = 2 * np.sin(angle / 2)
    at_peak = np.abs(divisor) <= 2e-3  # where the quotient tends to H + 1/2
    quotient = np.sin(highest * angle) / np.where(at_peak, np.float32(1), divisor)
    pulses = np.where(at_peak, highest, quotient) - np.float32(0.5)
    return np.where(voiced, pulses, 0).astype(np.float32)


def _window(hop: int) -> Floats:
    return np.hanning(_OVERLAP * hop + 1)[:-1].astype(np.float32)  # periodic


def _spectrum_of(samples: Floats, frames: int, hop: int) -> Spectrum:
    """The short-time Fourier transform, in which a cosine's magnitude is its amplitude."""
    window = _window(hop)
    padded = np.pad(samples, len(window) // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(window))[::hop][:frames]
    spectrum: Spectrum = np.fft.rfft(windows * (window / hop), axis=1).T.astype(np.complex64)
    return spectrum


def _overlapped(spectrum: Spectrum, hop: int) -> Floats:
    """The inverse transform: windowed frames added where they overlap, evened by the windows."""
    window, frames = _window(hop), spectrum.shape[1]
    pieces = np.fft.irfft(spectrum.T, len(window), axis=1).astype(np.float32) * window
    blocks = pieces.reshape(frames, _OVERLAP, hop)
    weights = (window * window).reshape(_OVERLAP, hop)
    total: Floats = np.zeros((frames + _OVERLAP - 1, hop), np.float32)
    weight: Floats = np.zeros_like(total)
    for place in range(_OVERLAP):
        total[place : place + frames] += blocks[:, place]
        weight[place : place + frames] += weights[place]
    np.divide(total, np.maximum(weight, 1e-11), out=total)
    return total.reshape(-1)[len(window) // 2 :][: frames * hop]
