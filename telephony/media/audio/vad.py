"""Voice activity detection: whether a 20 ms frame holds the caller's voice, above what else the
line carries.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import webrtcvad

from telephony.media.audio.mulaw import SAMPLE_RATE_HZ, loudness, to_linear

# Below this a frame is line noise, whatever its spectrum (about -50 dBFS).
QUIET_RMS: Final = 100
# The tail of a word, 26 dB under the caller's own level, is silence already; WebRTC's detector
# holds on longer.
TAIL: Final = 0.05
# Who goes on 12 dB and more below the caller, for longer than his own faint syllables last, is
# somebody behind him.
FAINT: Final = 0.25
_FAINT_FRAMES: Final = 15
NEVER_OVER_FAINT: Final = 0.45  # of the caller's level, whoever is behind him
# A caller's level before he has spoken (-30 dBFS; telephones give -18 to -35): whoever talks on
# 12 dB below is behind him.
USUAL_RMS: Final = 1000.0
# Noise is the least level of 2.5 s, kept in parts of half a second: people breathe, a crowd does
# not. Its mean is some 4 dB above its least.
_PART_FRAMES: Final = 25
_PARTS: Final = 5
_MEAN_OVER_LEAST: Final = 1.6
_SMOOTH: Final = 0.3  # of a frame in the smoothed level: some 60 ms
_RISES, _FALLS = 0.15, 0.02  # of a frame in the caller's level
_FADES: Final = 0.99942  # a frame: 0.25 dB a second
_LEARNS_FAINT: Final = 0.1
_FORGETS_FAINT: Final = 0.999  # a frame of quiet: by half in 14 s


@dataclass(frozen=True, slots=True)
class Margins:
    """How far a voice stands above what is behind it: the noise, and a faint voice.

    Noise alone asks for `at_most` so much of the caller's own level: he would not be heard.
    """

    noise: float
    faint: float
    at_most: float


# To begin takes more than to go on: what lies behind a caller begins nothing, and holds no turn
# open either, yet his own sentence is not broken at its faint words.
BEGINNING: Final = Margins(noise=2.8, faint=5.0, at_most=0.8)
GOING_ON: Final = Margins(noise=2.2, faint=5.0, at_most=0.55)


class VoiceDetector:
    """WebRTC's detector, for what is loud enough to be the caller.

    His level is learned from his own speech and forgotten slowly (0.25 dB a second) while only
    fainter voices are there, so that somebody who stepped back is heard again.
    """

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(2)
        self._smoothed = 0.0
        self._least = float("inf")
        self._frames = 0
        self._parts: deque[float] = deque(maxlen=_PARTS)
        self._noise = 30.0
        self._level = self._proven_level = USUAL_RMS  # the caller's; of speech that had words
        self._faint_level = 0.0  # of voices behind the caller
        self._frames_since_caller = 0

    def is_voice(self, mulaw_frame: bytes, *, speaking: bool = False) -> bool:
        """Whether this frame of 160 bytes holds the voice of a caller who speaks, or begins to."""
        linear = to_linear(mulaw_frame)
        rms = loudness(linear)
        self._follow_noise(rms)
        if rms < QUIET_RMS:
            self._faint_level *= _FORGETS_FAINT
            return False
        if not self._vad.is_speech(linear, SAMPLE_RATE_HZ):
            return False
        floor = self._floor(GOING_ON if speaking else BEGINNING)
        self._follow_faint_voice(rms, floor)
        if rms < floor:
            self._level *= _FADES
            return False
        self._level += (rms - self._level) * (_RISES if rms > self._level else _FALLS)
        return True

    def had_words(self) -> None:
        """What was heard is the caller: this is his level."""
        self._proven_level = self._level

    def had_no_words(self) -> None:
        """What was heard is not the caller: what goes on now lies under the floor."""
        self._level = self._proven_level
        self._parts.clear()
        self._parts.append(self._smoothed)
        self._noise = self._smoothed * _MEAN_OVER_LEAST

    def _floor(self, margins: Margins) -> float:
        faint = min(self._faint_level * margins.faint, self._level * NEVER_OVER_FAINT)
        wanted = max(self._noise * margins.noise, self._level * TAIL, faint)
        return min(wanted, max(self._level * margins.at_most, self._noise * 1.2))

    def _follow_faint_voice(self, rms: int, floor: float) -> None:
        if rms >= max(floor, self._level * FAINT):
            self._frames_since_caller = 0
            return
        self._frames_since_caller += 1
        if self._frames_since_caller > _FAINT_FRAMES:
            self._faint_level += (rms - self._faint_level) * _LEARNS_FAINT

    def _follow_noise(self, rms: int) -> None:
        self._smoothed += (rms - self._smoothed) * _SMOOTH
        self._least = min(self._least, self._smoothed)
        self._frames += 1
        if self._frames == _PART_FRAMES:
            self._parts.append(self._least)
            self._least, self._frames = self._smoothed, 0
            self._noise = min(self._parts) * _MEAN_OVER_LEAST
