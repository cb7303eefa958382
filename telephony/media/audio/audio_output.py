"""The agent's audio on one call: sentences synthesised, sent to the carrier, and what was heard of
them.

A sentence's audio goes out as it is synthesised, not frame by frame on a timer: an event loop that
stalls for a moment then cannot be heard, and `clear` empties the carrier's buffer whatever its
length. What lies ahead is bounded by `MAX_AHEAD_MS`, so that little synthesis is wasted when a
caller cuts in.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Final

from telephony.carriers.wire import FRAME_BYTES
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.audio.echo import EchoCanceller
from telephony.media.audio.mulaw import MULAW_SILENCE
from telephony.media.audio.playout import HeardSentence, Playout, SpokenSentence
from telephony.media.audio.recording import RecordingBuffer
from telephony.media.metrics import MARKS_LOST, UNDERRUNS
from telephony.media.replicas.tts import TtsClient
from verticals.spoken.speech import spoken_form

MAX_AHEAD_MS: Final = 8_000.0
MARK_GRACE_MS: Final = 3_000.0
_UNDERRUN_MS: Final = 20.0


class AudioOutput:
    """Says one sentence after the other; `cut` takes everything back that was not heard."""

    def __init__(
        self,
        carrier_stream: CarrierStream,
        tts: TtsClient,
        recording: RecordingBuffer,
        echo: EchoCanceller,
        *,
        language: str,
        clock_ms: Callable[[], float],
        on_sent: Callable[[SpokenSentence], None],
        on_heard: Callable[[HeardSentence], None],
    ) -> None:
        self._carrier_stream = carrier_stream
        self._tts = tts
        self._recording = recording
        self._echo = echo
        self._clock_ms = clock_ms
        self._on_sent = on_sent
        self._on_heard = on_heard
        self._language = language
        self._playout = Playout(language=language)
        self._marks = 0
        self._played = asyncio.Event()
        self._flows = asyncio.Event()  # nothing is held: audio may leave
        self._flows.set()
        self.answer_ends_ms = 0.0  # when the agent's own words end that were sent so far

    @property
    def ends_ms(self) -> float:
        """When everything sent so far has been played."""
        return self._playout.ends_ms

    @property
    def is_held(self) -> bool:
        """Nothing may leave: it is not known yet whether the caller means to stop it."""
        return not self._flows.is_set()

    @property
    def silent(self) -> bool:
        """Nothing is playing at the carrier, as far as marks and clock tell."""
        return self._playout.empty

    async def say(
        self, text: str, *, turn: int, index: int, gate: asyncio.Event, keep: bool = False
    ) -> bool:
        """Synthesise and send a sentence; false for one that has nothing to say (a rule, a fence).

        Nothing leaves before the gate opens; until then a little is prepared.
        """
        words = spoken_form(text, self._language)
        if not words:
            return False
        spoken: SpokenSentence | None = None
        async with aclosing(self._tts.stream(words, keep=keep)) as pieces:
            async for piece in pieces:
                if not gate.is_set():
                    await gate.wait()
                await self._flows.wait()
                if spoken is None:
                    spoken = self._begin(text, turn=turn, index=index, words=words)
                await self._send(spoken, piece)
        if spoken is not None:
            self._end(spoken)
        return True

    async def play(self, text: str, audio: bytes, *, turn: int, index: int) -> None:
        """Send audio that is ready, such as an apology when nothing else works."""
        await self._flows.wait()
        spoken = self._begin(text, turn=turn, index=index, words=text)
        await self._send(spoken, audio)
        self._end(spoken)

    async def interject(self, text: str, audio: bytes, *, turn: int, index: int) -> None:
        """Send short words for a caller who waits: whole, so that they stand between sentences."""
        await self._flows.wait()
        spoken = self._begin(text, turn=turn, index=index, words=text, meanwhile=True)
        await self._send(spoken, audio)
        self._end(spoken)

    async def flows(self) -> None:
        """Wait until nothing is held."""
        await self._flows.wait()

    async def played(self) -> None:
        """Wait until everything said has been played."""
        while not self._playout.empty:
            self._played.clear()
            await self._played.wait()

    def hold(self) -> list[HeardSentence]:
        """Silence at once, until `resume` or `cut`; what was heard so far of what is being said."""
        now_ms = self._clock_ms()
        self._flows.clear()
        if self._playout.empty:
            return []
        self._clear(now_ms)
        return self._playout.hold(now_ms)

    def resume(self) -> None:
        """Say on from where it was held."""
        now_ms = self._clock_ms()
        if self._playout.held:
            heard, again = self._playout.resume(now_ms)
            for sentence in heard:
                self._on_heard(sentence)
            for spoken, audio in again:
                self._send_again(spoken, audio)
        self._flows.set()
        self._played.set()

    def cut(self) -> list[HeardSentence]:
        """Silence at once; what was heard of each sentence that was on its way."""
        now_ms = self._clock_ms()
        if not self._playout.held and not self._playout.empty:
            self._clear(now_ms)
        heard = self._playout.cut(now_ms)
        self._flows.set()
        self._played.set()
        return heard

    def reached(self, mark: str) -> None:
        """The carrier returned a mark."""
        self._recording.marked(mark, now_ms=self._clock_ms())
        self._passed(mark)

    def _passed(self, mark: str) -> None:
        for heard in self._playout.reached(mark, now_ms=self._clock_ms()):
            self._on_heard(heard)
        if self._playout.empty:
            self._played.set()

    def tick(self) -> None:
        """Take marks that the carrier keeps to itself as reached, some time after their end."""
        overdue = self._playout.overdue(self._clock_ms(), grace_ms=MARK_GRACE_MS)
        if overdue is not None:
            MARKS_LOST.inc()
            self._passed(overdue)

    def _clear(self, now_ms: float) -> None:
        self._carrier_stream.clear()
        self._echo.cut()
        self._recording.cut(now_ms=now_ms)

    def _begin(
        self, text: str, *, turn: int, index: int, words: str, meanwhile: bool = False
    ) -> SpokenSentence:
        mark = self._new_mark(turn=turn, index=index)
        spoken = self._playout.begin(
            turn=turn, index=index, text=text, mark=mark, now_ms=self._clock_ms(), spoken=words
        )
        spoken.meanwhile = meanwhile
        self._on_sent(spoken)
        return spoken

    def _new_mark(self, *, turn: int, index: int) -> str:
        self._marks += 1
        return f"{turn}.{index}.{self._marks}"

    def _send_again(self, spoken: SpokenSentence, audio: bytes) -> None:
        # Another mark: the one before comes back for what was cleared.
        spoken.mark = self._new_mark(turn=spoken.turn, index=spoken.index)
        self._leaves(spoken, audio, now_ms=self._clock_ms())
        if spoken.complete:
            self._mark(spoken)

    async def _send(self, spoken: SpokenSentence, audio: bytes) -> None:
        now_ms = self._clock_ms()
        if spoken.sent_bytes and now_ms - self._playout.ends_ms > _UNDERRUN_MS:
            UNDERRUNS.inc()
        self._playout.sent(spoken, audio, now_ms=now_ms)
        if not spoken.meanwhile:
            self.answer_ends_ms = self._playout.ends_ms
        self._leaves(spoken, audio, now_ms=now_ms)
        ahead_ms = self._playout.ahead_ms(now_ms)
        if ahead_ms > MAX_AHEAD_MS:
            await asyncio.sleep((ahead_ms - MAX_AHEAD_MS) / 1000)

    def _leaves(self, spoken: SpokenSentence, audio: bytes, *, now_ms: float) -> None:
        self._carrier_stream.send_audio(audio)
        self._echo.sent(audio)
        self._recording.agent(spoken.mark, audio, now_ms=now_ms)

    def _end(self, spoken: SpokenSentence) -> None:
        spoken.complete = True
        if not self._playout.held:
            self._mark(spoken)

    def _mark(self, spoken: SpokenSentence) -> None:
        self._carrier_stream.mark(spoken.mark)
        # what fills its last frame
        self._echo.sent(MULAW_SILENCE * (-spoken.sent_bytes % FRAME_BYTES))
