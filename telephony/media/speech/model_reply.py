"""A reply of the model: knowledge, LLM, tools and speech, overlapping.

Nothing leaves before its gate opens.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Final
from zlib import crc32

from telephony.media.audio.audio_output import AudioOutput
from telephony.media.replicas.completion import Completion
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.session.call_resources import CallResources
from telephony.media.session.context import caller_turn
from telephony.media.speech import phrases
from telephony.media.speech.agent_speech import SpeechState
from telephony.media.speech.put_through import PutThrough, put_through
from telephony.media.speech.sentences import SentenceCutter
from telephony.media.speech.tool_wishes import no_such_tool, wishes
from telephony.media.speech.turn_budget import Wait
from telephony.media.speech.waiting_words import WaitingWords
from telephony.media.web_plane import ToolResult
from warmline.kernel.call import ToolCalled, ToolReturned
from warmline.kernel.conversation import Message, ToolCall, tool_answered, tool_asked
from warmline.kernel.vertical import TRANSFER_TO_PERSON

TOOL_ROUNDS: Final = 4
SENTENCES_AHEAD: Final = 4


class ModelReply(SpeechState):
    """Answers the words that the caller said."""

    def __init__(
        self,
        resources: CallResources,
        audio_output: AudioOutput,
        *,
        turn: int,
        text: str,
        waiting: WaitingWords,
    ) -> None:
        super().__init__(resources, audio_output, turn=turn, text=text)
        self.first_of_all: tuple[str, ...] = ()  # said before the model's words
        self._waiting = waiting
        self._messages: list[Message] = []
        self._final_from = 0  # the first sentence of the model's last request
        self._tools: set[asyncio.Task[ToolResult]] = set()

    @property
    def words_heard(self) -> str:
        """What the caller heard of this reply, in all."""
        words = [
            sentence.text
            for sentence in self._heard
            if sentence.text and sentence.index >= self._final_from
        ]
        return " ".join(words)

    def turn_messages(self) -> list[Message]:
        """What the caller said, the knowledge before it and the tools after it."""
        if self._messages or not self.text:
            return list(self._messages)
        return [Message("user", self.text)]

    async def settled(self) -> None:
        """Wait for the tools that ran when the reply was cut: the model must know what was done."""
        if self._tools:
            await asyncio.wait(self._tools)

    async def run(self) -> None:
        """Answer.

        Returns when the last words were sent; `EveryRungFailed` when no replica answers any more.
        """
        by_rule = put_through(self.text, self._resources.plan)
        if by_rule is not None:
            await self._put_through(by_rule)
            return
        if not self._messages and self.text:
            await self._retrieve()
            self._messages += caller_turn(self.text, self.passages, out_of_reach=self.out_of_reach)
        spoke = await self._round()
        for _ in range(TOOL_ROUNDS):
            if not self.completion.calls or self.end_reason is not None:
                break
            results = await self._run_tools(self.completion.calls)
            self.completion = Completion(endpoint=self.completion.endpoint)
            spoke = await self._say_results(results) or await self._round()
        if not spoke:
            await self._say_phrase(phrases.ONE_MOMENT if self.end_reason else phrases.SAY_AGAIN)
        if self.end_reason is None and phrases.ends_the_call(self.completion.text):
            if phrases.takes_leave(self.text):
                self.end_reason = "agent_said_goodbye"
            else:
                self.said_goodbye = True

    async def _put_through(self, by_rule: PutThrough) -> None:
        """To a person at once: what the web plane writes of it is not waited for."""
        self._messages.append(Message("user", self.text))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._run_tools([by_rule.call]))
            await self._say(by_rule.words)

    async def _retrieve(self) -> None:
        if not self._resources.plan.agent.knowledge:
            return
        self._waiting.wait = Wait("knowledge")
        asked = f"{self._resources.context.unanswered} {self.text}".strip()
        found = await self._resources.web.passages(asked)
        self.passages, self.out_of_reach = found.passages, found.out_of_reach
        self.waterfall.reached("retrieval")

    async def _round(self) -> bool:
        """One request to the model, spoken as it comes; whether there were words."""
        self._waiting.wait = Wait("model")
        sentences: asyncio.Queue[str | None] = asyncio.Queue(SENTENCES_AHEAD)
        try:
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(self._speak(sentences))
                await self._complete(sentences)
                await sentences.put(None)
        except ExceptionGroup as error:
            failed = error.subgroup(EveryRungFailed)
            if failed is None:
                raise
            raise EveryRungFailed(str(failed.exceptions[0])) from error
        return speaking.result()

    async def _complete(self, sentences: asyncio.Queue[str | None]) -> None:
        clause_first = self.sentences == 0
        cutter = SentenceCutter(self._resources.plan.agent.language, clause_first=clause_first)
        messages = self._resources.context.for_model(turn=self._messages)
        async with aclosing(self._resources.llm.stream(messages, self.completion)) as stream:
            async for words in stream:
                self.waterfall.reached("first_token")
                for sentence in cutter.feed(words):
                    self.waterfall.reached("first_sentence")
                    await sentences.put(sentence)
        for sentence in cutter.finish():
            self.waterfall.reached("first_sentence")
            await sentences.put(sentence)

    async def _speak(self, sentences: asyncio.Queue[str | None]) -> bool:
        first, self.first_of_all = self.first_of_all, ()
        for owed in first:
            await self._say(owed)
        self._final_from = self.sentences
        spoke, language = False, self._resources.plan.agent.language
        while (sentence := await sentences.get()) is not None:
            if self.out_of_reach and phrases.denies_knowing(sentence):
                # What could not be looked up is not denied, whatever the model makes of it.
                sentence = phrases.in_language(phrases.OUT_OF_REACH, language)
            spoke = await self._say(sentence) or spoke
        return spoke

    async def _say(self, sentence: str) -> bool:
        self._waiting.wait = Wait("speech")
        index, self.sentences = self.sentences, self.sentences + 1
        said = await self._audio_output.say(sentence, turn=self.turn, index=index, gate=self.gate)
        self._waiting.wait = Wait("model")
        return said

    async def _say_phrase(self, phrase: str) -> None:
        await self._say(phrases.in_language(phrase, self._resources.plan.agent.language))

    # ---- tools -----------------------------------------------------------------------------------

    async def _run_tools(self, calls: Sequence[ToolCall]) -> list[ToolResult]:
        """Run what the model asked for, once the turn is surely the agent's.

        A caller who cuts in stops no tool. Who would hear nothing before its answer is told at once
        what is being done.
        """
        await self.gate.wait()
        words = self.completion.text.strip()
        offered = self._resources.plan.agent.tools
        calls = [
            ToolCall(self._once(call), call.name, call.arguments) for call in wishes(calls, offered)
        ]
        self._messages.append(tool_asked(calls, words))
        results: list[ToolResult] = []
        for call in calls:
            task = asyncio.create_task(self._run_tool(call))
            self._tools.add(task)
            self._waiting.wait = Wait("tool", call.name)
            if self._is_silent_work(call):
                await self._waiting.say(since_ms=self.waterfall.zero_ms or 0.0)
            results.append(await asyncio.shield(task))
            self._tools.discard(task)
        return results

    def _is_silent_work(self, call: ToolCall) -> bool:
        """Whether a tool of the agent's runs before the caller has heard a word of this turn."""
        offered = {tool.name for tool in self._resources.plan.agent.tools} - {TRANSFER_TO_PERSON}
        return call.name in offered and not self.sentences

    async def _say_results(self, results: Sequence[ToolResult]) -> bool:
        """Say what tools have resolved, in place of the model's own words for it.

        False where one of them leaves it to the model.
        """
        if not all(result.say for result in results):
            return False
        self._final_from = self.sentences
        cutter = SentenceCutter(self._resources.plan.agent.language)
        said = " ".join(result.say for result in results)
        for sentence in [*cutter.feed(said), *cutter.finish()]:
            await self._say(sentence)
        return True

    def _once(self, call: ToolCall) -> str:
        """An idempotent id for the web plane: the same request in a turn is done once.

        Nine letters and digits, since Mistral's endpoints take no other.
        """
        return f"t{crc32(f'{self.turn} {call.name} {call.arguments}'.encode()):08x}"

    async def _run_tool(self, call: ToolCall) -> ToolResult:
        resources, tools = self._resources, self._resources.plan.agent.tools
        known = call.name == TRANSFER_TO_PERSON or any(tool.name == call.name for tool in tools)
        resources.journal.add(ToolCalled(self.turn, call.id, call.name, call.arguments, ran=known))
        if call.name == TRANSFER_TO_PERSON:
            # Before anything that takes time: a caller who cuts in now is put through all the same.
            resources.transferring, self.end_reason = True, "transferred"
            result = await resources.web.transfer(call)
        elif known:
            said = resources.context.for_model(turn=self._messages)
            result = await resources.web.run_tool(call, said=said)
        else:
            result = ToolResult(ok=False, content=no_such_tool(call.name, tools))
        self._messages.append(tool_answered(call, result.content))
        resources.journal.add(ToolReturned(self.turn, call.id, result.ok, result.content))
        return result
