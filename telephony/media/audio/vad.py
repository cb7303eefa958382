"""Who is speaking: voice activity on 20 ms frames,
in the audio's own time, so that jitter changes nothing.
"""

from dataclasses import dataclass
from typing import Final, Literal

import webrtcvad

from telephony.media.audio.mulaw import loudness, to_linear
from telephony.media.audio.wire import FRAME_MS

Activity = Literal["started", "paused", "ended"]

# Below this a frame is line noise, whatever its spectrum (about -50 dBFS).
QUIET_RMS: Final = 100
# Speech stands at least this far above the noise of the line (9 dB).
ABOVE_NOISE: Final = 2.8
# The tail of a word, 26 dB under the speaker's own level, is silence already; WebRTC's detector
# holds on longer.
TAIL: Final = 0.05
_HISTORY: Final = (1 << 64) - 1
RESUME_FRAMES: Final = 2  # one voiced frame alone in a silence is a click


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How much voice begins speech, and how much silence pauses and ends it.

    Over the agent's own voice more is needed (`interrupt_ms`), so that neither a click nor an echo
    stops it.
    """

    onset_ms: int = 80
    interrupt_ms: int = 200
    pause_ms: int = 200
    silence_ms: int = 600


@dataclass(frozen=True, slots=True)
class _Onset:
    """So many voiced frames in a window two frames longer."""

    frames: int
    window: int

    @classmethod
    def of(cls, milliseconds: int) -> "_Onset":
        frames = min(max(1, milliseconds // FRAME_MS), 60)
        return cls(frames, (1 << frames + 2) - 1)


class VoiceActivity:
    """Feeds on frames; says when speech starts, pauses (a first guess at the end) and ends."""

    def __init__(self, sensitivity: Sensitivity) -> None:
        self._sensitivity = sensitivity
        self._vad = webrtcvad.Vad(2)
        self._history = 0  # a bit a frame, the newest lowest: 1 is voiced
        self._onset = _Onset.of(sensitivity.onset_ms)
        self._interrupt = _Onset.of(sensitivity.interrupt_ms)
        self._noise = 30.0
        self._level = 0.0
        self._run = 0
        self._speaking = False
        self._paused = False
        self.silence_ms = 0
        self.interrupting = False  # the agent speaks: be less easily started

    @property
    def speaking(self) -> bool:
        """Whether speech has started and has not ended yet."""
        return self._speaking

    def feed(self, mulaw_frame: bytes) -> Activity | None:
        """What changed with this frame of 160 bytes, if anything."""
        voiced = self._voiced(mulaw_frame)
        if self._speaking:
            return self._while_speaking(voiced=voiced)
        self._history = (self._history << 1 | voiced) & _HISTORY
        return self._while_silent() if voiced else None

    def _voiced(self, mulaw_frame: bytes) -> bool:
        linear = to_linear(mulaw_frame)
        rms = loudness(linear)
        if rms < QUIET_RMS or rms < self._noise * ABOVE_NOISE or rms < self._level * TAIL:
            self._settle_noise(rms)
            return False
        if not self._vad.is_speech(linear, 8000):
            self._settle_noise(rms)
            return False
        self._level = max(rms, self._level * 0.998)
        return True

    def _settle_noise(self, rms: int) -> None:
        # Falls at once, rises slowly: about two seconds to learn a louder line.
        self._noise = rms if rms < self._noise else self._noise + (rms - self._noise) * 0.01
        self._noise = max(self._noise, 10.0)
        self._level *= 0.998

    def _while_silent(self) -> Activity | None:
        onset = self._interrupt if self.interrupting else self._onset
        if (self._history & onset.window).bit_count() < onset.frames:
            return None
        self._speaking, self._paused, self.silence_ms, self._run = True, False, 0, 0
        return "started"

    def _while_speaking(self, *, voiced: bool) -> Activity | None:
        self._run = self._run + 1 if voiced else 0
        if self._run >= RESUME_FRAMES:
            self.silence_ms = 0
            if self._paused:
                self._paused = False
                return "started"
            return None
        self.silence_ms += FRAME_MS
        if self.silence_ms >= self._sensitivity.silence_ms:
            self._speaking = False
            self._history = 0
            return "ended"
        if not self._paused and self.silence_ms >= self._sensitivity.pause_ms:
            self._paused = True
            return "paused"
        return None
