"""The agent's own voice in what comes back, found by what was sent and taken out. Pure.

What was sent is known, so its echo is what a short filter makes of it: where in time is found by
cross-correlation, the filter by least squares over the last quarter of a second. Nothing has to
converge, so that the first syllable of a first echo does not interrupt the agent; an echo that
begins anew at another delay, as it does with each sentence, is found anew.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from telephony.carriers.wire import BYTES_PER_MS, FRAME_BYTES
from telephony.media.audio.mulaw import MULAW_SILENCE, loudness, to_linear, to_mulaw

Samples = npt.NDArray[np.float32]

# Echoes come back within 400 ms, and what we send is played within as long on a slow line.
MAX_DELAY_BYTES: Final = 775 * BYTES_PER_MS
FAINT_RMS: Final = 100  # nobody's voice, the detector says
WINDOW_BYTES: Final = 12 * FRAME_BYTES  # what a path is found in: with the delay one FFT of 8192
_FFT: Final = 8192
_BEFORE: Final = 24  # taps before the strongest lag
_TAPS: Final = 96  # 12 ms: a telephone band and a hybrid
_LOUD_FRAMES: Final = 6  # of speech before a path is looked for...
_AGAIN_FRAMES: Final = 2  # ...and so many until it is looked for again, twice as many each time
_AT_LEAST_AGAIN_FRAMES: Final = 32
_ALIKE: Final = 0.25  # the normalised correlation of speech with other speech stays below
_EXPLAINED: Final = 0.3  # of the energy may be left by a path that is believed
_LEFT_OVER: Final = 0.4  # an echo's rest, of its own level: what is below is silence
_KEPT_BYTES: Final = WINDOW_BYTES + MAX_DELAY_BYTES + FRAME_BYTES


class EchoCanceller:
    """What the caller's line carries without what the agent says.

    Costs nothing while the agent is silent and next to nothing while what comes back is faint.
    """

    def __init__(self) -> None:
        self._now = 0  # of the line, in bytes received
        self._sent = bytearray()  # on the line's time, from `_sent_from` on
        self._sent_from = 0
        self._near = bytearray()  # the last of what was received
        self._loud = 0  # frames lately
        self._wait = 0
        self._pause = _AGAIN_FRAMES
        self._delay = 0
        self._path: Samples | None = None

    def sent(self, mulaw: bytes) -> None:
        """Audio was sent: it is played after what was sent before, or now."""
        end = self._sent_from + len(self._sent)
        if end < self._now - _KEPT_BYTES:
            self._sent.clear()
            self._sent_from = end = self._now
        if end < self._now:
            self._pause, self._wait = _AGAIN_FRAMES, 0  # played anew: at another delay
            self._sent += MULAW_SILENCE * (self._now - end)
        self._sent += mulaw

    def cut(self) -> None:
        """What was sent and not played yet will not be."""
        del self._sent[max(0, self._now - self._sent_from) :]

    def clean(self, mulaw_frame: bytes) -> bytes:
        """A frame of the line without the agent's voice in it."""
        self._now += len(mulaw_frame)
        if self._sent_from + len(self._sent) + MAX_DELAY_BYTES < self._now or not self._sent:
            return mulaw_frame
        self._near += mulaw_frame
        if len(self._near) > 2 * WINDOW_BYTES:
            del self._near[:-WINDOW_BYTES]
            self._forget()
        linear = to_linear(mulaw_frame)
        if loudness(linear) < FAINT_RMS:
            self._loud = max(0, self._loud - 1)
            return mulaw_frame
        self._loud = min(self._loud + 1, 2 * _LOUD_FRAMES)
        near = np.frombuffer(linear, "<i2").astype(np.float32)
        rest = self._without_echo(near)
        if rest is None and self._looks():
            self._find_path()
            rest = self._without_echo(near)
        return mulaw_frame if rest is None else rest

    def _without_echo(self, near: Samples) -> bytes | None:
        """The frame's rest; None where the path does not explain it."""
        if self._path is None:
            return None
        start = self._now - len(near) - self._delay - len(self._path) + 1
        echo = np.convolve(
            self._played(start, len(near) + len(self._path) - 1), self._path, "valid"
        )
        rest = near - echo
        left, echoed, whole = (float(np.dot(x, x)) for x in (rest, echo, near))
        if left > whole:
            return None
        if left < _LEFT_OVER**2 * echoed:
            return MULAW_SILENCE * len(near)
        if left > 0.8 * whole:
            return None
        return to_mulaw(np.clip(rest, -32768, 32767).astype("<i2").tobytes())

    def _looks(self) -> bool:
        self._wait -= 1
        if self._loud < _LOUD_FRAMES or self._wait > 0 or len(self._near) < WINDOW_BYTES:
            return False
        # Who speaks without an echo is not searched for one over and over.
        self._wait = self._pause
        self._pause = min(2 * self._pause, _AT_LEAST_AGAIN_FRAMES)
        return True

    def _find_path(self) -> None:
        near = _samples(self._near[-WINDOW_BYTES:])
        first = self._now - len(near) - MAX_DELAY_BYTES
        played = self._played(first, len(near) + MAX_DELAY_BYTES)
        delay = _delay(near, played)
        if delay is None:
            return
        start = MAX_DELAY_BYTES - delay - (_TAPS - 1 - _BEFORE)
        rows = played[max(0, start) : start + len(near) + _TAPS - 1]
        if start < 0 or len(rows) < len(near) + _TAPS - 1:
            return
        path = _least_squares(rows, near)
        rest = near - np.convolve(rows, path, "valid")
        if float(np.dot(rest, rest)) < _EXPLAINED * float(np.dot(near, near)):
            self._path, self._delay, self._pause = path, delay - _BEFORE, _AGAIN_FRAMES

    def _played(self, start: int, length: int) -> Samples:
        """What was played from a place of the line's time on; silence where nothing was."""
        since = start - self._sent_from
        before, kept = max(0, -since), self._sent[max(0, since) : max(0, since + length)]
        samples = np.zeros(length, np.float32)
        samples[before : before + len(kept)] = _samples(kept)
        return samples

    def _forget(self) -> None:
        old = self._now - _KEPT_BYTES - WINDOW_BYTES - self._sent_from
        if old > 0:
            del self._sent[:old]
            self._sent_from += min(old, len(self._sent) + old)


def _samples(mulaw: bytes | bytearray) -> Samples:
    return np.frombuffer(to_linear(bytes(mulaw)), "<i2").astype(np.float32)


def _least_squares(played: Samples, near: Samples) -> Samples:
    """The filter that makes the most of `near` from `played`, which is a filter's length longer."""
    x = played.astype(np.float64)
    length, taps = len(near), len(played) - len(near) + 1
    late = x[::-1]  # tap n weighs what was played n samples ago
    square = np.empty((taps, taps))
    square[0] = square[:, 0] = np.correlate(x, x[taps - 1 :], "valid")[::-1]
    into, out = late[length : length + taps - 1], late[: taps - 1]
    # Each row is the one before it, its window moved by one sample.
    for n in range(1, taps):
        square[n, n:] = (
            square[n - 1, n - 1 : -1] + into[n - 1] * into[n - 1 :] - (out[n - 1] * out[n - 1 :])
        )
        square[n:, n] = square[n, n:]
    square[np.diag_indices(taps)] += 1e-3 * square.trace() / taps + 1.0
    wanted = np.correlate(x, near.astype(np.float64), "valid")[::-1]
    return np.linalg.solve(square, wanted).astype(np.float32)


def _delay(near: Samples, played: Samples) -> int | None:
    """By how much the line is behind what was played, if it resembles it."""
    # the difference of neighbours is whiter than speech: the peak is one
    near, played = np.diff(near), np.diff(played)
    spectrum = np.fft.rfft(played, _FFT) * np.conj(np.fft.rfft(near, _FFT))
    lags = len(played) - len(near) + 1
    alike = np.fft.irfft(spectrum, _FFT)[:lags]
    power = np.concatenate(([0.0], np.cumsum(played.astype(np.float64) ** 2)))
    energy = power[len(near) :][:lags] - power[:lags]
    alike = np.abs(alike) / np.sqrt(np.maximum(energy, 1.0) * max(float(np.dot(near, near)), 1.0))
    best = int(np.argmax(alike))
    return lags - 1 - best if alike[best] > _ALIKE else None
