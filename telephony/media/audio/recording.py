"""Both sides of one stream on the carrier's timeline, in memory until the end. Pure."""

from dataclasses import dataclass
from typing import Final

from telephony.carriers.wire import BYTES_PER_MS
from telephony.media.audio.carrier_clock import CarrierClock
from telephony.media.audio.mulaw import MULAW_SILENCE, duration_ms, stereo_wav
from telephony.media.audio.recorded_agent import RecordedAgent
from telephony.media.audio.recorded_track import RecordedTrack

# Besides its frames' own time: the agent's last sentence may still be playing when they end.
_OVERHANG_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class FinishedRecording:
    """A stream's audio as a WAV file, and when it began: milliseconds of the call's clock."""

    wav: bytes
    seconds: float
    starts_ms: float


class RecordingBuffer:
    """The audio of a stream so far: left the caller, right the agent, or the person in shadow mode.

    At most `max_seconds` of each: what comes later is left out. `now_ms` is the call's clock.
    """

    def __init__(self, *, max_seconds: int) -> None:
        self._limit = max_seconds * 1000 * BYTES_PER_MS
        self._clock = CarrierClock()
        self._caller = RecordedTrack(limit=self._limit)
        self._person = RecordedTrack(limit=self._limit)
        self._agent = RecordedAgent(limit=self._limit)
        self._blanks: list[tuple[float, float]] = []

    def caller(self, mulaw: bytes, *, timestamp_ms: int | None, now_ms: float) -> None:
        """The caller's audio, at the carrier's time where that can be true."""
        self._place(self._caller, mulaw, timestamp_ms, now_ms)

    def person(self, mulaw: bytes, *, timestamp_ms: int | None, now_ms: float) -> None:
        """The audio of a person who talks with the caller, likewise."""
        self._place(self._person, mulaw, timestamp_ms, now_ms)

    def agent(self, mark: str, mulaw: bytes, *, now_ms: float) -> None:
        """Audio of the agent was sent; `mark` follows the last of it."""
        self._agent.sent(mark, mulaw, now_ms=now_ms)

    def marked(self, mark: str, *, now_ms: float) -> None:
        """The carrier returned a mark."""
        if self._agent.knows(mark):
            self._agent.returned(mark, self._clock.moment(now_ms))

    def cut(self, *, now_ms: float) -> None:
        """The carrier's buffer was cleared: what it had not played was not heard."""
        self._agent.cleared(now_ms)

    def round_trip(self, ms: float) -> None:
        """How long a message takes to the carrier's edge and back."""
        self._agent.round_trip(ms)

    def blank(self, *, from_ms: float, until_ms: float) -> None:
        """Leave both sides out between two moments of the call's clock."""
        self._blanks.append((from_ms, until_ms))

    def finished(self) -> FinishedRecording:
        """Stereo, 8 kHz, 16 bit. Takes milliseconds a minute: call it off the audio path."""
        left = self._caller.audio
        right = self._person.audio or self._agent_audio(len(left))
        sides = [self._without_blanks(side) for side in (left, right)]
        seconds = duration_ms(max(map(len, sides))) / 1000
        return FinishedRecording(stereo_wav(*sides), seconds, self._clock.offset_ms)

    def _place(
        self, track: RecordedTrack, mulaw: bytes, timestamp_ms: int | None, now_ms: float
    ) -> None:
        length_ms = duration_ms(len(mulaw))
        at_ms = self._clock.place(timestamp_ms, length_ms=length_ms, now_ms=now_ms)
        track.place(mulaw, at_ms=at_ms, now_ms=self._clock.now_at(now_ms))

    def _agent_audio(self, caller_bytes: int) -> bytes:
        limit = min(self._limit, caller_bytes + _OVERHANG_MS * BYTES_PER_MS)
        return self._agent.audio(offset_ms=self._clock.offset_ms, limit=limit)

    def _without_blanks(self, side: bytes) -> bytes:
        if not self._blanks:
            return side
        audio = bytearray(side)
        for from_ms, until_ms in self._blanks:
            start, end = (
                min(max(0, int(ms - self._clock.offset_ms)) * BYTES_PER_MS, len(audio))
                for ms in (from_ms, until_ms)
            )
            audio[start:end] = MULAW_SILENCE * (end - start)
        return bytes(audio)
