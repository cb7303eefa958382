"""One answer of the agent: knowledge, model, tools and speech, overlapping;
nothing leaves before its gate opens.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Final
from zlib import crc32

from telephony.media.audio.audio_output import AudioOutput
from telephony.media.audio.playout import Heard
from telephony.media.replicas.ladder import EveryRungFailed
from telephony.media.replicas.llm import Answer
from telephony.media.session import phrases
from telephony.media.session.call_resources import CallResources
from telephony.media.session.context import (
    Conversation,
    Message,
    ToolCall,
    caller_turn,
    tool_answered,
    tool_asked,
)
from telephony.media.session.sentences import SentenceCutter
from telephony.media.session.waterfall import Waterfall
from telephony.media.web_plane import TOOL_FAILED, ToolResult
from warmline.kernel.call import EndReason, Passage, ToolCalled, ToolReturned

TOOL_ROUNDS: Final = 4
FILLER_AFTER_S: Final = 0.8
SENTENCES_AHEAD: Final = 4
TRANSFER: Final = "transfer_to_person"


class Reply:
    """Made for the words that the caller said (or to take up an earlier answer which a noise
    interrupted).
    """

    def __init__(
        self,
        parts: CallResources,
        mouth: AudioOutput,
        *,
        turn: int,
        text: str,
        takes_up: "Reply | None" = None,
    ) -> None:
        self.parts = parts
        self.turn = turn
        self.text = text
        self.gate = asyncio.Event()  # the turn is the agent's: words may leave, tools may run
        self.waterfall = Waterfall(clock_ms=parts.clock_ms)
        self.leaves: EndReason | None = None
        self._before = takes_up.words_heard if takes_up else ""
        self.answer = Answer(text=self._before)
        self.messages: list[Message] = takes_up.messages if takes_up else []
        self._mouth = mouth
        self._heard: list[Heard] = []
        self._index = takes_up.sentences if takes_up else 0
        self._final_from = self._index
        self._tools: set[asyncio.Task[None]] = set()
        self.passages: tuple[Passage, ...] = ()
        self.timed = False  # its waterfall is told
        self.committed = False  # its words are in the context

    @property
    def sentences(self) -> int:
        """How many have been begun."""
        return self._index

    # ---- what the session asks -------------------------------------------------------------------

    @property
    def words_heard(self) -> str:
        """What the caller heard of this answer, in all."""
        words = [
            heard.text for heard in self._heard if heard.text and heard.index >= self._final_from
        ]
        return " ".join([self._before, *words]).strip()

    def was_heard(self, heard: Heard) -> None:
        """A sentence of this answer was played, or cut."""
        self._heard.append(heard)

    async def settled(self) -> None:
        """Tools that were running when the answer was cut have come back:
        the world and the context agree.
        """
        if self._tools:
            await asyncio.wait(self._tools)

    # ---- the work --------------------------------------------------------------------------------

    async def run(self) -> None:
        """Answer. Returns when the last words were sent;
        `EveryRungFailed` when nobody answers any more.
        """
        if not self.messages and self.text:
            passages = await self._passages()
            self.messages += caller_turn(self.text, passages)
        said = await self._round()
        for _ in range(TOOL_ROUNDS):
            if not self.answer.calls:
                break
            await self._run_tools(self.answer.calls)
            self.answer = Answer(endpoint=self.answer.endpoint)
            said = await self._round()
        if not said and not self._before:
            await self._say(phrases.SAY_AGAIN)
        if self.leaves is None and phrases.ends_the_call(self.answer.text):
            self.leaves = "agent_said_goodbye"

    async def _passages(self) -> tuple[Passage, ...]:
        if not self.parts.plan.agent.knowledge:
            return ()
        passages = await self.parts.web.passages(self.text)
        self.waterfall.reached("retrieval")
        self.passages = passages
        return passages

    async def _round(self) -> bool:
        """One request to the model, spoken as it comes; whether there were words."""
        self._final_from = self._index
        sentences: asyncio.Queue[str | None] = asyncio.Queue(SENTENCES_AHEAD)
        try:
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(self._speak(sentences))
                await self._think(sentences)
                await sentences.put(None)
        except ExceptionGroup as several:
            failed = several.subgroup(EveryRungFailed)
            if failed is None:
                raise
            raise EveryRungFailed(str(failed.exceptions[0])) from several
        return speaking.result()

    async def _think(self, sentences: asyncio.Queue[str | None]) -> None:
        cutter = SentenceCutter()
        messages = self.parts.context.for_model(turn=self.messages)
        async with aclosing(self.parts.llm.stream(messages, self.answer)) as stream:
            async for words in stream:
                self.waterfall.reached("first_token")
                for sentence in cutter.feed(words):
                    self.waterfall.reached("first_sentence")
                    await sentences.put(sentence)
        for sentence in cutter.finish():
            self.waterfall.reached("first_sentence")
            await sentences.put(sentence)

    async def _speak(self, sentences: asyncio.Queue[str | None]) -> bool:
        said = False
        while (sentence := await sentences.get()) is not None:
            said = True
            await self._say(sentence)
        return said

    async def _say(self, sentence: str) -> None:
        index, self._index = self._index, self._index + 1
        await self._mouth.say(sentence, turn=self.turn, index=index, gate=self.gate)

    # ---- tools -----------------------------------------------------------------------------------

    async def _run_tools(self, calls: Sequence[ToolCall]) -> None:
        """Run what the model asked for, once the turn is surely the agent's.
        A caller who cuts in stops no tool.
        """
        await self.gate.wait()
        words = self.answer.text.strip()
        calls = [ToolCall(self._once(call), call.name, call.arguments) for call in calls]
        self.messages.append(tool_asked(calls, words))
        for call in calls:
            task = asyncio.create_task(self._run_tool(call))
            self._tools.add(task)
            if not words:
                await self._fill(task)
            await asyncio.shield(task)
            self._tools.discard(task)

    def _once(self, call: ToolCall) -> str:
        """The call's id with the web plane:
        the same request in the same turn is the same deed, whoever repeats it.
        """
        return f"turn{self.turn}_{crc32(f'{call.name} {call.arguments}'.encode()):08x}"

    async def _fill(self, task: "asyncio.Task[None]") -> None:
        done, _ = await asyncio.wait({task}, timeout=FILLER_AFTER_S)
        if not done and self._mouth.silent:
            await self._say(phrases.ONE_MOMENT)

    async def _run_tool(self, call: ToolCall) -> None:
        offered = any(tool.name == call.name for tool in self.parts.plan.agent.tools)
        self.parts.journal.add(
            ToolCalled(self.turn, call.id, call.name, call.arguments, ran=offered)
        )
        result = (
            await self.parts.web.run_tool(call)
            if offered
            else ToolResult(ok=False, content=TOOL_FAILED)
        )
        if call.name == TRANSFER and result.ok:
            self.leaves = "transferred"
        self.messages.append(tool_answered(call, result.content))
        self.parts.journal.add(ToolReturned(self.turn, call.id, result.ok, result.content))


class Utterance:
    """Words of our own: a greeting, a question into the silence, a last sentence."""

    def __init__(
        self,
        parts: CallResources,
        mouth: AudioOutput,
        *,
        turn: int,
        text: str,
        first_index: int = 0,
        leaves: EndReason | None = None,
        keep: bool = False,
    ) -> None:
        self.parts = parts
        self.turn = turn
        self.text = text
        self.leaves = leaves
        self.messages: list[Message] = []
        self.waterfall = Waterfall(clock_ms=parts.clock_ms)
        self.answer = Answer(text=text)
        self.gate = asyncio.Event()
        self.gate.set()
        self._mouth = mouth
        self._keep = keep
        self._first_index = first_index
        self._heard: list[Heard] = []
        self.timed = False
        self.committed = False
        cutter = SentenceCutter()
        self._sentences = [*cutter.feed(text), *cutter.finish()]

    @property
    def sentences(self) -> int:
        """How many there are, with those of the turn before them."""
        return self._first_index + len(self._sentences)

    @property
    def words_heard(self) -> str:
        """What the caller heard of it."""
        return " ".join(heard.text for heard in self._heard if heard.text)

    @property
    def unheard(self) -> str:
        """The sentences that were not wholly heard."""
        whole = {heard.index for heard in self._heard if heard.whole}
        left = [text for n, text in enumerate(self._sentences, self._first_index) if n not in whole]
        return " ".join(left)

    def was_heard(self, heard: Heard) -> None:
        """A sentence of it was played, or cut."""
        self._heard.append(heard)

    async def settled(self) -> None:
        """It runs no tools."""

    async def run(self) -> None:
        """Say it. Returns when the last words were sent."""
        for index, sentence in enumerate(self._sentences, self._first_index):
            await self._mouth.say(
                sentence, turn=self.turn, index=index, gate=self.gate, keep=self._keep
            )


def turn_messages(said: Reply | Utterance) -> list[Message]:
    """What a turn adds to the conversation before the agent's words;
    at least what the caller said.
    """
    if said.messages or isinstance(said, Utterance) or not said.text:
        return list(said.messages)
    return [Message("user", said.text)]


def conversation_now(
    parts: CallResources, unfinished: Sequence[Reply | Utterance | None]
) -> Conversation:
    """The conversation with the words of the moment:
    what is being said counts as far as it was heard.
    """
    messages = list(parts.context.messages)
    for said in unfinished:
        if said is None or said.committed:
            continue
        messages += turn_messages(said)
        if said.words_heard:
            messages.append(Message("assistant", said.words_heard))
    return Conversation(parts.turn, tuple(messages), parts.clock_ms())
