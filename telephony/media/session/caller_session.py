"""One call with a caller. One TaskGroup; hanging up ends all of it.

The carrier's messages come in by plain calls (`media`, `mark`, `dtmf`, `hang_up`), which never
wait.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from telephony.carriers.wire import Media
from telephony.media.audio.audio_input import AudioInput
from telephony.media.audio.audio_output import AudioOutput
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.audio.endpointing import Endpointing, SpeechChange
from telephony.media.audio.key_entry import told
from telephony.media.audio.playout import SpokenSentence
from telephony.media.replicas.stt import SttStream
from telephony.media.session.call_resources import CallResources
from telephony.media.session.card_pause import take_turn
from telephony.media.session.conversation import LiveConversation
from telephony.media.session.turn_machine import TurnEvent
from telephony.media.session.turn_taking import TurnTaking
from telephony.media.session.watchdog import Watchdog
from telephony.media.speech import phrases
from warmline.kernel.call import CallAnswered, DtmfReceived, EndReason

WATCH_S: Final = 0.5
# Hearing and thinking start ahead; the stop of a "t" or a "k" lasts up to 140 ms and is none.
PAUSE_MS: Final = 160
_EVENTS: Final[dict[SpeechChange, TurnEvent]] = {
    "started": "caller_starts",
    "paused": "caller_pauses",
    "ended": "caller_ends",
}


class CallerSession:
    """The agent talks with a caller."""

    def __init__(
        self,
        resources: CallResources,
        carrier_stream: CarrierStream,
        *,
        stream_id: str,
        tracks: tuple[str, ...],
    ) -> None:
        self._resources = resources
        self._stream_id = stream_id
        self._track = tracks[0] if tracks else "inbound"
        self._clock_ms = resources.clock_ms
        self._recording = resources.recording
        self._group: asyncio.TaskGroup
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchdog = Watchdog(resources.plan.agent.limits, clock_ms=resources.clock_ms)
        self._audio_input = _audio_input(resources)
        self._conversation = LiveConversation(resources)
        self._audio_output = AudioOutput(
            carrier_stream,
            resources.tts,
            resources.recording,
            self._audio_input.echo,
            language=resources.plan.agent.language,
            clock_ms=resources.clock_ms,
            on_sent=self._sent,
            on_heard=self._conversation.sentence_heard,
        )
        self._turns = TurnTaking(
            resources,
            self._audio_input,
            self._audio_output,
            self._conversation,
            watchdog=self._watchdog,
            spawn=self._spawn,
        )

    # ---- the carrier's side ----------------------------------------------------------------------

    def media(self, message: Media) -> None:
        """20 ms, or whatever the carrier sends, of the caller's voice."""
        if message.track != self._track:
            return
        now_ms = self._clock_ms()
        self._watchdog.audio_ms = now_ms
        self._recording.caller(message.payload, timestamp_ms=message.timestamp_ms, now_ms=now_ms)
        for change in self._audio_input.feed(message.payload):
            self._turns.apply(_EVENTS[change])

    def mark(self, name: str) -> None:
        """Playback reached a mark."""
        self._audio_output.reached(name)

    def dtmf(self, digit: str) -> None:
        """A key was pressed: the caller says it."""
        for key in filter(self._audio_input.keys.takes, digit):
            self._watchdog.caller_said()
            self._resources.journal.add(DtmfReceived(told(key)))
            for change in self._audio_input.press(key):
                self._turns.apply(_EVENTS[change])

    def written(self, text: str) -> None:
        """Words that the caller wrote: a whole turn."""
        if text:
            self._watchdog.caller_said()
            for change in self._audio_input.write(text):
                self._turns.apply(_EVENTS[change])

    def hang_up(self, reason: EndReason) -> None:
        """The call is over."""
        self._turns.hang_up(reason)

    def _sent(self, sentence: SpokenSentence) -> None:
        self._conversation.sentence_sent(sentence)
        if sentence.turn <= self._resources.turn:  # else the turn is still being heard
            self._turns.apply("agent_speaks")

    # ---- from the first frame to the end ---------------------------------------------------------

    async def run(self) -> EndReason:
        """From the first frame to the end; why it ended."""
        resources = self._resources
        worker, audience = resources.shared.worker, resources.plan.audience
        resumed = resources.epoch > 1
        resources.journal.add(CallAnswered(self._stream_id, worker, audience, resumed=resumed))
        self._watchdog.start()
        async with asyncio.TaskGroup() as self._group:
            self._spawn(self._audio_input.stt.run())
            self._spawn(self._watch())
            self._turns.apply("opened")
            reason = await self._turns.over
            for task in tuple(self._tasks):
                task.cancel()
        await self._finish()
        return reason

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """A task that ends with the call."""
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _finish(self) -> None:
        """What the caller heard to the last moment is in the transcript."""
        resources = self._resources
        if resources.cards.hears_card:  # and hung up before the turn was over
            take_turn(
                resources,
                resources.cards,
                turn=resources.turn + 1,
                began_ms=self._audio_input.began_ms,
                ended_ms=self._clock_ms(),
            )
        self._turns.speaker.cut()
        last = self._conversation.uncommitted or self._conversation.current
        if last is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(WATCH_S):
                    await last.settled()
        self._conversation.keep()

    async def _watch(self) -> None:
        turns = self._turns
        while True:
            await asyncio.sleep(WATCH_S)
            self._audio_output.tick()
            match self._watchdog.alarm(turn=self._resources.turn, listening=turns.listening):
                case "no_audio":
                    turns.hang_up("stream_lost")
                case "too_long":
                    turns.last_words(phrases.TIME_IS_UP, end_reason="too_long")
                case "no_words":
                    self._spawn(turns.hear_out())
                case "left":
                    turns.hang_up("agent_said_goodbye")
                case "still_there":
                    turns.speaker.speak(turns.speaker.phrase(phrases.STILL_THERE))
                case "nobody_there":
                    turns.last_words(phrases.NOBODY_THERE, end_reason="agent_said_goodbye")


def _audio_input(resources: CallResources) -> AudioInput:
    silence_ms = resources.plan.agent.limits.silence_ms
    endpointing = Endpointing(silence_ms=silence_ms, pause_ms=min(PAUSE_MS, silence_ms))
    stt = SttStream(resources.plan, resources.ladder)
    return AudioInput(stt, endpointing, clock_ms=resources.clock_ms)
