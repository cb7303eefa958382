"""Endpointing: where speech starts, pauses and ends, in the audio's own time, not ours."""

from dataclasses import dataclass
from typing import Final, Literal

from telephony.carriers.wire import FRAME_MS
from telephony.media.audio.vad import VoiceDetector

SpeechChange = Literal["started", "paused", "ended"]

RESUME_FRAMES: Final = 2  # one voiced frame alone in a silence is a click
_HISTORY: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Endpointing:
    """How much voice begins speech, and how much silence pauses and ends it.

    Over the agent's own voice more is needed (`barge_in_ms`), so that neither a click nor an echo
    stops it.
    """

    onset_ms: int = 80
    barge_in_ms: int = 200
    pause_ms: int = 160
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


class Endpointer:
    """Feeds on frames; says when speech starts, pauses (a first guess at the end) and ends."""

    def __init__(self, endpointing: Endpointing) -> None:
        self._endpointing = endpointing
        self._vad = VoiceDetector()
        self._history = 0  # a bit a frame, the newest lowest: 1 is voiced
        self._onset = _Onset.of(endpointing.onset_ms)
        self._barge_in = _Onset.of(endpointing.barge_in_ms)
        self._voiced_frames = 0  # in a row, up to now
        self._paused = False
        self.speaking = False  # speech has started and has not ended yet
        self.silence_ms = 0
        self.ends_after_ms = endpointing.silence_ms  # of this silence, by what is known of it
        self.over_agent = False  # the agent speaks: speech now would be a barge-in

    def feed(self, mulaw_frame: bytes) -> SpeechChange | None:
        """What changed with this frame of 160 bytes, if anything."""
        voiced = self._vad.is_voice(mulaw_frame, speaking=self.speaking)
        if self.speaking:
            return self._while_speaking(voiced=voiced)
        self._history = (self._history << 1 | voiced) & _HISTORY
        return self._while_silent() if voiced else None

    def had_words(self) -> None:
        """What was heard was the caller's speech."""
        self._vad.had_words()

    def drop(self) -> None:
        """What was heard meant nothing: more of it begins anew."""
        self.speaking = False
        self._history = 0

    def drop_noise(self) -> None:
        """What was heard, and goes on, is no speech: it is not to begin again."""
        self._vad.had_no_words()
        self.drop()

    def _while_silent(self) -> SpeechChange | None:
        onset = self._barge_in if self.over_agent else self._onset
        if (self._history & onset.window).bit_count() < onset.frames:
            return None
        self.speaking, self._paused = True, False
        self.silence_ms = self._voiced_frames = 0
        self.ends_after_ms = self._endpointing.silence_ms
        return "started"

    def _while_speaking(self, *, voiced: bool) -> SpeechChange | None:
        self._voiced_frames = self._voiced_frames + 1 if voiced else 0
        if self._voiced_frames >= RESUME_FRAMES:
            return self._goes_on()
        self.silence_ms += FRAME_MS
        if self.silence_ms >= self.ends_after_ms:
            self.speaking = False
            self._history = 0
            return "ended"
        if not self._paused and self.silence_ms >= self._endpointing.pause_ms:
            self._paused = True
            return "paused"
        return None

    def _goes_on(self) -> SpeechChange | None:
        self.silence_ms = 0
        self.ends_after_ms = self._endpointing.silence_ms
        if not self._paused:
            return None
        self._paused = False
        return "started"
