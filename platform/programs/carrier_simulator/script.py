"""What somebody on a telephone does: steps, and the phone that follows them. No clock, no I/O."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from programs.carrier_simulator.audio import FRAME_MS, SILENCE, Clip, is_voiced


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait until the other side spoke and was quiet for `quiet_ms`, at most `at_most_s`."""

    quiet_ms: int = 700
    at_most_s: float = 25.0


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a clip to its end."""

    clip: Clip


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Wait, at most `at_most_s`, until the other side spoke for `after_ms`; then speak a clip."""

    clip: Clip
    after_ms: int = 600
    at_most_s: float = 25.0


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys, one every 200 ms."""

    digits: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Be silent."""

    seconds: float


@dataclass(frozen=True, slots=True)
class EndCall:
    """End the call. A script without it waits for the other side to."""


ScriptStep = Listen | Say | Interrupt | Press | Stay | EndCall


@dataclass(slots=True)
class SpokenClip:
    """A clip that was spoken, and the first answer to it, in frames since the phone's first."""

    text: str
    started_frame: int
    ended_frame: int | None = None
    answered_frame: int | None = None

    @property
    def reply_ms(self) -> float | None:
        """From the last voiced frame to the first voiced one heard after it; None: unanswered."""
        if self.ended_frame is None or self.answered_frame is None:
            return None
        return (self.answered_frame - self.ended_frame) * FRAME_MS


# A pause within a sentence is shorter than this; after it, the other side has stopped.
_QUIET_FRAMES_OF_SPEECH = 10
_FRAMES_A_KEY = 10


@dataclass(slots=True)
class ScriptedPhone:
    """A phone whose user follows a script: `tick` takes a heard frame and gives the one said."""

    script: tuple[ScriptStep, ...]
    said: list[SpokenClip] = field(default_factory=list)
    keys: deque[str] = field(default_factory=deque)
    wants_to_hang_up: bool = False
    gave_up: list[str] = field(default_factory=list)
    frame: int = 0
    _speaking_frames: int = 0
    _quiet_frames: int = 0
    _heard_speech: bool = False
    _frames: Iterator[bytes] | None = None

    def tick(self, heard: bytes) -> bytes:
        """One frame in each direction."""
        if self._frames is None:
            self._frames = self._play()
        if is_voiced(heard):
            self._hear_speech()
        else:
            self._quiet_frames += 1
            if self._quiet_frames >= _QUIET_FRAMES_OF_SPEECH:
                self._speaking_frames = 0
        frame = next(self._frames, SILENCE)
        self.frame += 1
        return frame

    def _hear_speech(self) -> None:
        short_pause = self._quiet_frames < _QUIET_FRAMES_OF_SPEECH
        self._speaking_frames += 1 + self._quiet_frames if short_pause else 1
        self._quiet_frames, self._heard_speech = 0, True
        last = self.said[-1] if self.said else None
        if last is not None and last.ended_frame is not None and last.answered_frame is None:
            last.answered_frame = self.frame

    def _play(self) -> Iterator[bytes]:
        for step in self.script:
            match step:
                case Listen():
                    yield from self._listen(step)
                case Say():
                    yield from self._say(step.clip)
                case Interrupt():
                    yield from self._await_speech(step)
                    yield from self._say(step.clip)
                case Press():
                    for digit in step.digits:
                        self.keys.append(digit)
                        yield from (SILENCE,) * _FRAMES_A_KEY
                case Stay():
                    yield from (SILENCE,) * round(step.seconds * 1000 / FRAME_MS)
                case EndCall():
                    self.wants_to_hang_up = True
                    return

    def _listen(self, step: Listen) -> Iterator[bytes]:
        self._heard_speech = self._speaking_frames > 0
        for _ in range(round(step.at_most_s * 1000 / FRAME_MS)):
            if self._heard_speech and self._quiet_frames * FRAME_MS >= step.quiet_ms:
                return
            yield SILENCE
        self.gave_up.append(f"heard no end of speech in {step.at_most_s:g} s")

    def _await_speech(self, step: Interrupt) -> Iterator[bytes]:
        for _ in range(round(step.at_most_s * 1000 / FRAME_MS)):
            if self._speaking_frames * FRAME_MS >= step.after_ms:
                return
            yield SILENCE
        self.gave_up.append(f"heard no speech to interrupt in {step.at_most_s:g} s")

    def _say(self, clip: Clip) -> Iterator[bytes]:
        spoken = SpokenClip(clip.text, started_frame=self.frame)
        self.said.append(spoken)
        for index, frame in enumerate(clip.frames):
            if index == len(clip.frames) - 1:
                spoken.ended_frame = self.frame
                self._heard_speech = False
            yield frame
