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
from telephony.media.metrics import SHADOW_TURNS_DROPPED
from telephony.media.replicas.failover_ladder import EveryRungFailed
from telephony.media.replicas.llm import Completion
from telephony.media.replicas.stt import SttStream
from telephony.media.session.call_resources import CallResources
from telephony.media.session.context import caller_turn
from telephony.media.speech.sentences import SentenceCutter
from telephony.media.speech.waterfall import Waterfall
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
from warmline.kernel.conversation import (
    Conversation,
    Message,
    ToolCall,
    encode_conversation,
    tool_answered,
    tool_asked,
)

log = structlog.get_logger()

WATCH_S: Final = 1.0
NO_AUDIO_S: Final = 20.0
TOOL_ROUNDS: Final = 4
WAITING_TURNS: Final = 16
SPEAKERS: Final[dict[str, Literal["caller", "human"]]] = {"inbound": "caller", "outbound": "human"}


class ShadowSession:
    """The agent listens to a caller and a person."""

    def __init__(self, resources: CallResources, *, stream_id: str) -> None:
        self.resources = resources
        self._stream_id = stream_id
        self._clock_ms = resources.clock_ms
        self._over: asyncio.Future[EndReason] = asyncio.get_running_loop().create_future()
        sensitivity = Sensitivity(silence_ms=resources.plan.limits.silence_ms)
        self._audio_inputs = {
            track: AudioInput(
                SttStream(resources.plan, resources.ladder),
                sensitivity,
                clock_ms=resources.clock_ms,
            )
            for track in SPEAKERS
        }
        self._turns: asyncio.Queue[tuple[str, float, float]] = asyncio.Queue(WAITING_TURNS)
        self._audio_ms = 0.0

    def media(self, message: Media) -> None:
        """Audio of the caller (inbound) or of the person (outbound)."""
        audio_input = self._audio_inputs.get(message.track)
        if audio_input is None:
            return
        self._audio_ms = self._clock_ms()
        if message.track == "inbound":
            self.resources.recording.caller(message.payload, at_ms=self._audio_ms)
        else:
            self.resources.recording.agent(message.payload, at_ms=self._audio_ms)
        for change in audio_input.feed(message.payload):
            if change == "ended":
                self._turn_ended(message.track, audio_input)

    def _turn_ended(self, track: str, audio_input: AudioInput) -> None:
        if self._turns.full():
            SHADOW_TURNS_DROPPED.inc()
            log.warning(
                "turn not shadowed",
                call=self.resources.plan.call_id,
                track=track,
                waiting=WAITING_TURNS,
            )
            return
        self._turns.put_nowait((track, audio_input.began_ms, audio_input.last_voice_ms))

    def mark(self, name: str) -> None:
        """Nothing is spoken, so no mark is ours."""

    def dtmf(self, digit: str) -> None:
        """A key was pressed."""
        self.resources.journal.add(Dtmf(digit))

    def hang_up(self, reason: EndReason) -> None:
        """The call is over."""
        if not self._over.done():
            self._over.set_result(reason)

    async def run(self) -> EndReason:
        """From the first frame to the end; why it ended."""
        resources = self.resources
        resumed = resources.epoch > 1
        resources.journal.add(
            CallAnswered(
                self._stream_id, resources.shared.worker, resources.plan.audience, resumed=resumed
            )
        )
        self._audio_ms = self._clock_ms()
        async with asyncio.TaskGroup() as group:
            work: tuple[Coroutine[Any, Any, None], ...] = (
                *(audio_input.stt.run() for audio_input in self._audio_inputs.values()),
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
            elif now_ms - began_ms > self.resources.plan.limits.max_seconds * 1000:
                self.hang_up("too_long")

    async def _follow(self) -> None:
        """Turn by turn, in the order in which they ended."""
        while True:
            track, began_ms, ended_ms = await self._turns.get()
            stt = self._audio_inputs[track].stt
            try:
                text = await stt.text()
            except EveryRungFailed as error:
                log.error("nobody hears", call=self.resources.plan.call_id, why=str(error))
                text = ""
            stt.new_turn()
            if not text:
                continue
            speaker = SPEAKERS[track]
            if speaker == "caller":
                self.resources.turn += 1
            self.resources.journal.add(
                CallerTurn(self.resources.turn, text, began_ms, ended_ms, speaker)
            )
            if speaker == "human":
                self.resources.context.add([Message("assistant", text)])
            else:
                await self._think(text, ended_ms)
            stored = Conversation(
                self.resources.turn, self.resources.context.messages, self._clock_ms()
            )
            self.resources.journal.keep(encode_conversation(stored))

    async def _think(self, text: str, ended_ms: float) -> None:
        """What the agent would have said and done;
        only what was really said stays in the conversation.
        """
        resources = self.resources
        waterfall = Waterfall(clock_ms=self._clock_ms)
        waterfall.zero_ms = ended_ms
        waterfall.reached("end_of_turn")
        waterfall.reached("final_text")
        passages = await resources.web.passages(text) if resources.plan.knowledge else ()
        if passages:
            waterfall.reached("retrieval")
            resources.journal.add(Retrieved(resources.turn, text, passages))
        messages = caller_turn(text, passages)
        real = list(messages)
        answer, index = Completion(), 0
        try:
            for _ in range(TOOL_ROUNDS):
                answer = Completion()
                index = await self._round(messages, answer, waterfall, index)
                if not await self._tools(messages, answer):
                    break
        except EveryRungFailed as error:
            log.error("nobody thinks", call=resources.plan.call_id, why=str(error))
        resources.context.add(real)
        waterfall.measure()
        resources.journal.add(
            waterfall.timed(turn=resources.turn, answer=answer, region=resources.plan.region)
        )

    async def _round(
        self, messages: list[Message], answer: Completion, waterfall: Waterfall, index: int
    ) -> int:
        cutter = SentenceCutter()
        sentences: list[str] = []
        request = self.resources.context.for_model(turn=messages)
        async with aclosing(self.resources.llm.stream(request, answer)) as stream:
            async for words in stream:
                waterfall.reached("first_token")
                sentences += cutter.feed(words)
                if sentences:
                    waterfall.reached("first_sentence")
        for sentence in (*sentences, *cutter.finish()):
            self.resources.journal.add(AgentSentence(self.resources.turn, index, sentence))
            index += 1
        return index

    async def _tools(self, messages: list[Message], answer: Completion) -> bool:
        """Run the tools that only read; whether the model may go on with their results."""
        if not answer.calls:
            return False
        writing = {tool.name for tool in self.resources.plan.tools if tool.writes}
        reading = {tool.name for tool in self.resources.plan.tools} - writing
        messages.append(tool_asked(answer.calls, answer.text.strip()))
        goes_on = True
        for call in answer.calls:
            if call.name in reading:
                await self._read(messages, call)
            else:
                self.resources.journal.add(
                    ToolCalled(self.resources.turn, call.id, call.name, call.arguments, ran=False)
                )
                goes_on = False
        return goes_on

    async def _read(self, messages: list[Message], call: ToolCall) -> None:
        self.resources.journal.add(
            ToolCalled(self.resources.turn, call.id, call.name, call.arguments, ran=True)
        )
        result = await self.resources.web.run_tool(call)
        messages.append(tool_answered(call, result.content))
        self.resources.journal.add(
            ToolReturned(self.resources.turn, call.id, result.ok, result.content)
        )
