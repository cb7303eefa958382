"""Shadow mode: a person answers the call, and the agent thinks along at every caller turn.

Nothing is spoken. The conversation the model sees is the real one: the person's words stand where
its own would.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog

from telephony.carriers.wire import Media
from telephony.media.audio.audio_input import AudioInput
from telephony.media.audio.endpointing import Endpointing, SpeechChange
from telephony.media.audio.key_entry import told
from telephony.media.metrics import SHADOW_TURNS_DROPPED
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.replicas.stt import SttStream
from telephony.media.session.call_resources import CallResources
from telephony.media.session.card_pause import storable, take_turn
from telephony.media.session.shadow_reply import ShadowReply
from telephony.media.session.watchdog import Watchdog
from telephony.media.speech.card_guard import CardGuard
from warmline.kernel import clock
from warmline.kernel.call import CallAnswered, CallerTurn, DtmfReceived, EndReason
from warmline.kernel.conversation import Conversation, Message, encode_conversation

log = structlog.get_logger()

WATCH_S: Final = 1.0
WAITING_TURNS: Final = 16
SPEAKERS: Final[dict[str, Literal["caller", "human"]]] = {"inbound": "caller", "outbound": "human"}


@dataclass(frozen=True, slots=True)
class EndedTurn:
    """A stretch of one side's speech, on the call's clock."""

    track: str
    began_ms: float
    ended_ms: float


class ShadowSession:
    """The agent listens to a caller and a person."""

    def __init__(self, resources: CallResources, *, stream_id: str) -> None:
        self._resources = resources
        self._stream_id = stream_id
        self._clock_ms = resources.clock_ms
        self._over: asyncio.Future[EndReason] = asyncio.get_running_loop().create_future()
        self._watchdog = Watchdog(resources.plan.agent.limits, clock_ms=resources.clock_ms)
        self._audio_inputs = {track: _audio_input(resources) for track in SPEAKERS}
        language = resources.plan.agent.language
        self._cards = {"inbound": resources.cards, "outbound": CardGuard(language)}
        self._turns: asyncio.Queue[EndedTurn] = asyncio.Queue(WAITING_TURNS)

    def media(self, message: Media) -> None:
        """Audio of the caller (inbound) or of the person (outbound)."""
        audio_input = self._audio_inputs.get(message.track)
        if audio_input is None:
            return
        now_ms = self._clock_ms()
        self._watchdog.audio_ms = now_ms
        recording = self._resources.recording
        record = recording.caller if message.track == "inbound" else recording.person
        record(message.payload, timestamp_ms=message.timestamp_ms, now_ms=now_ms)
        self._follow_speech(message.track, audio_input, audio_input.feed(message.payload))

    def _follow_speech(
        self, track: str, audio_input: AudioInput, changes: Sequence[SpeechChange]
    ) -> None:
        if "ended" in changes:
            self._turn_ended(track, audio_input)

    def _turn_ended(self, track: str, audio_input: AudioInput) -> None:
        if self._turns.full():
            SHADOW_TURNS_DROPPED.inc()
            log.warning(
                "turn not shadowed",
                call=self._resources.plan.call_id,
                track=track,
                waiting=WAITING_TURNS,
            )
            return
        self._turns.put_nowait(EndedTurn(track, audio_input.began_ms, audio_input.last_voice_ms))

    def mark(self, name: str) -> None:
        """Nothing is spoken, so no mark is ours."""

    def written(self, text: str) -> None:
        """Nobody writes to a person on the telephone."""

    def dtmf(self, digit: str) -> None:
        """A key was pressed: the caller says it."""
        audio_input = self._audio_inputs["inbound"]
        for key in filter(audio_input.keys.takes, digit):
            self._resources.journal.add(DtmfReceived(told(key)))
            self._follow_speech("inbound", audio_input, audio_input.press(key))

    def hang_up(self, reason: EndReason) -> None:
        """The call is over."""
        if not self._over.done():
            self._over.set_result(reason)

    async def run(self) -> EndReason:
        """From the first frame to the end; why it ended."""
        resources = self._resources
        worker, audience = resources.shared.worker, resources.plan.audience
        resumed = resources.epoch > 1
        resources.journal.add(CallAnswered(self._stream_id, worker, audience, resumed=resumed))
        self._watchdog.start()
        work: tuple[Coroutine[Any, Any, None], ...] = (
            *(audio_input.stt.run() for audio_input in self._audio_inputs.values()),
            self._follow(),
            self._watch(),
        )
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in work]
            reason = await self._over
            for task in tasks:
                task.cancel()
        return reason

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            alarm = self._watchdog.alarm()
            if alarm == "no_audio":
                self.hang_up("stream_lost")
            elif alarm == "too_long":
                self.hang_up("too_long")

    async def _follow(self) -> None:
        """Turn by turn, in the order in which they ended."""
        while True:
            turn = await self._turns.get()
            words = await self._text(self._audio_inputs[turn.track].stt)
            text = self._cards[turn.track].hear(words)
            if text:
                await self._take(turn, text)

    async def _text(self, stt: SttStream) -> str:
        try:
            text = await stt.text()
        except EveryRungFailed as error:
            log.error("nobody hears", call=self._resources.plan.call_id, why=str(error))
            text = ""
        stt.new_turn()
        return text

    async def _take(self, turn: EndedTurn, text: str) -> None:
        resources, speaker = self._resources, SPEAKERS[turn.track]
        if speaker == "caller":
            resources.turn += 1
        cards = self._cards[turn.track]
        for other in self._cards.values():
            other.mention(text)
        take_turn(
            resources, cards, turn=resources.turn, began_ms=turn.began_ms, ended_ms=turn.ended_ms
        )
        resources.journal.add(
            CallerTurn(resources.turn, text, turn.began_ms, turn.ended_ms, speaker)
        )
        if speaker == "human":
            resources.context.add([Message("assistant", text)])
        else:
            await ShadowReply(resources, text=text, ended_ms=turn.ended_ms).run()
        messages = tuple(storable(message, cards) for message in resources.context.messages)
        stored = Conversation(
            resources.turn, messages, self._clock_ms(), kept_at=clock.now().timestamp()
        )
        resources.journal.keep(encode_conversation(stored))


def _audio_input(resources: CallResources) -> AudioInput:
    endpointing = Endpointing(silence_ms=resources.plan.agent.limits.silence_ms)
    stt = SttStream(resources.plan, resources.ladder)
    return AudioInput(stt, endpointing, clock_ms=resources.clock_ms)
