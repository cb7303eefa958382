"""Shadow mode: a person answers the call, and the agent thinks along at every caller turn.

Nothing is spoken. Tools that write are not run: the answer stops where the model asks for one. The
conversation the model sees is the real one: the person's words stand where its own would.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any, Final, Literal

import structlog

from telephony.media.audio.audio_input import AudioInput
from telephony.media.audio.vad import Sensitivity
from telephony.media.audio.wire import Media
from telephony.media.metrics import SCREEN_TURNS_DROPPED
from telephony.media.replicas.ladder import EveryRungFailed
from telephony.media.replicas.llm import Answer
from telephony.media.replicas.stt import SttStream
from telephony.media.session.call_resources import CallResources
from telephony.media.session.context import (
    Conversation,
    Message,
    ToolCall,
    caller_turn,
    encode_conversation,
    tool_answered,
    tool_asked,
)
from telephony.media.session.sentences import SentenceCutter
from telephony.media.session.waterfall import Waterfall
from warmline.kernel.call import (
    AgentSentence,
    CallAnswered,
    CallerTurn,
    Dtmf,
    EndReason,
    Retrieved,
    ToolCalled,
    ToolReturned,
)

log = structlog.get_logger()

WATCH_S: Final = 1.0
NO_AUDIO_S: Final = 20.0
TOOL_ROUNDS: Final = 4
WAITING_TURNS: Final = 16
SPEAKERS: Final[dict[str, Literal["caller", "human"]]] = {"inbound": "caller", "outbound": "human"}


class ShadowSession:
    """The agent listens to a caller and a person."""

    def __init__(self, parts: CallResources, *, stream_id: str) -> None:
        self.parts = parts
        self._stream_id = stream_id
        self._clock_ms = parts.clock_ms
        self._over: asyncio.Future[EndReason] = asyncio.get_running_loop().create_future()
        sensitivity = Sensitivity(silence_ms=parts.plan.agent.limits.silence_ms)
        self._ears = {
            track: AudioInput(
                SttStream(parts.plan, parts.ladder), sensitivity, clock_ms=parts.clock_ms
            )
            for track in SPEAKERS
        }
        self._turns: asyncio.Queue[tuple[str, float, float]] = asyncio.Queue(WAITING_TURNS)
        self._audio_ms = 0.0

    def media(self, message: Media) -> None:
        """Audio of the caller (inbound) or of the person (outbound)."""
        ear = self._ears.get(message.track)
        if ear is None:
            return
        self._audio_ms = self._clock_ms()
        if message.track == "inbound":
            self.parts.recording.caller(message.payload, at_ms=self._audio_ms)
        else:
            self.parts.recording.agent(message.payload, at_ms=self._audio_ms)
        for change in ear.feed(message.payload):
            if change == "ended":
                self._turn_ended(message.track, ear)

    def _turn_ended(self, track: str, ear: AudioInput) -> None:
        if self._turns.full():
            SCREEN_TURNS_DROPPED.inc()
            log.warning(
                "turn not shadowed",
                call=self.parts.plan.call_id,
                track=track,
                waiting=WAITING_TURNS,
            )
            return
        self._turns.put_nowait((track, ear.began_ms, ear.last_voice_ms))

    def mark(self, name: str) -> None:
        """Nothing is spoken, so no mark is ours."""

    def dtmf(self, digit: str) -> None:
        """A key was pressed."""
        self.parts.journal.add(Dtmf(digit))

    def hang_up(self, reason: EndReason) -> None:
        """The call is over."""
        if not self._over.done():
            self._over.set_result(reason)

    async def run(self) -> EndReason:
        """From the first frame to the end; why it ended."""
        parts = self.parts
        resumed = parts.epoch > 1
        parts.journal.add(
            CallAnswered(self._stream_id, parts.shared.worker, parts.plan.audience, resumed=resumed)
        )
        self._audio_ms = self._clock_ms()
        async with asyncio.TaskGroup() as group:
            work: tuple[Coroutine[Any, Any, None], ...] = (
                *(ear.hearing.run() for ear in self._ears.values()),
                self._follow(),
                self._watch(),
            )
            tasks = [group.create_task(one) for one in work]
            reason = await self._over
            for task in tasks:
                task.cancel()
        return reason

    async def _watch(self) -> None:
        began_ms = self._clock_ms()
        while True:
            await asyncio.sleep(WATCH_S)
            now_ms = self._clock_ms()
            if now_ms - self._audio_ms > NO_AUDIO_S * 1000:
                self.hang_up("stream_lost")
            elif now_ms - began_ms > self.parts.plan.agent.limits.max_seconds * 1000:
                self.hang_up("too_long")

    async def _follow(self) -> None:
        """Turn by turn, in the order in which they ended."""
        while True:
            track, began_ms, ended_ms = await self._turns.get()
            hearing = self._ears[track].hearing
            try:
                text = await hearing.text()
            except EveryRungFailed as nobody:
                log.error("nobody hears", call=self.parts.plan.call_id, why=str(nobody))
                text = ""
            hearing.new_turn()
            if not text:
                continue
            speaker = SPEAKERS[track]
            if speaker == "caller":
                self.parts.turn += 1
            self.parts.journal.add(CallerTurn(self.parts.turn, text, began_ms, ended_ms, speaker))
            if speaker == "human":
                self.parts.context.add([Message("assistant", text)])
            else:
                await self._think(text, ended_ms)
            stored = Conversation(self.parts.turn, self.parts.context.messages, self._clock_ms())
            self.parts.journal.keep(encode_conversation(stored))

    async def _think(self, text: str, ended_ms: float) -> None:
        """What the agent would have said and done;
        only what was really said stays in the conversation.
        """
        parts = self.parts
        waterfall = Waterfall(clock_ms=self._clock_ms)
        waterfall.zero_ms = ended_ms
        waterfall.reached("end_of_turn")
        waterfall.reached("final_text")
        passages = await parts.web.passages(text) if parts.plan.agent.knowledge else ()
        if passages:
            waterfall.reached("retrieval")
            parts.journal.add(Retrieved(parts.turn, text, passages))
        messages = caller_turn(text, passages)
        real = list(messages)
        answer, index = Answer(), 0
        try:
            for _ in range(TOOL_ROUNDS):
                answer = Answer()
                index = await self._round(messages, answer, waterfall, index)
                if not await self._tools(messages, answer):
                    break
        except EveryRungFailed as nobody:
            log.error("nobody thinks", call=parts.plan.call_id, why=str(nobody))
        parts.context.add(real)
        waterfall.measure()
        parts.journal.add(waterfall.timed(turn=parts.turn, answer=answer, region=parts.plan.region))

    async def _round(
        self, messages: list[Message], answer: Answer, waterfall: Waterfall, index: int
    ) -> int:
        cutter = SentenceCutter()
        sentences: list[str] = []
        request = self.parts.context.for_model(turn=messages)
        async with aclosing(self.parts.llm.stream(request, answer)) as stream:
            async for words in stream:
                waterfall.reached("first_token")
                sentences += cutter.feed(words)
                if sentences:
                    waterfall.reached("first_sentence")
        for sentence in (*sentences, *cutter.finish()):
            self.parts.journal.add(AgentSentence(self.parts.turn, index, sentence))
            index += 1
        return index

    async def _tools(self, messages: list[Message], answer: Answer) -> bool:
        """Run the tools that only read; whether the model may go on with their results."""
        if not answer.calls:
            return False
        writing = {tool.name for tool in self.parts.plan.agent.tools if tool.writes}
        reading = {tool.name for tool in self.parts.plan.agent.tools} - writing
        messages.append(tool_asked(answer.calls, answer.text.strip()))
        goes_on = True
        for call in answer.calls:
            if call.name in reading:
                await self._read(messages, call)
            else:
                self.parts.journal.add(
                    ToolCalled(self.parts.turn, call.id, call.name, call.arguments, ran=False)
                )
                goes_on = False
        return goes_on

    async def _read(self, messages: list[Message], call: ToolCall) -> None:
        self.parts.journal.add(
            ToolCalled(self.parts.turn, call.id, call.name, call.arguments, ran=True)
        )
        result = await self.parts.web.run_tool(call)
        messages.append(tool_answered(call, result.content))
        self.parts.journal.add(ToolReturned(self.parts.turn, call.id, result.ok, result.content))
