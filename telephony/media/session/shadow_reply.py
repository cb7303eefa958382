"""What the agent would have said and done at a turn of a shadowed call, or of a try.

Tools that write are not run: the reply stops where the model asks for one.
"""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Final, Protocol

import structlog

from telephony.media.replicas.completion import Completion
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.replicas.llm import LlmClient
from telephony.media.session.context import Context, caller_turn
from telephony.media.speech.put_through import put_through
from telephony.media.speech.sentences import SentenceCutter
from telephony.media.speech.tool_wishes import wishes
from telephony.media.speech.waterfall import Waterfall
from telephony.media.web_plane import Found, ToolResult
from verticals.spoken.card_numbers import masked
from warmline.kernel.call import (
    AgentSentence,
    CallPlan,
    Happening,
    Retrieved,
    ToolCalled,
    ToolReturned,
    TurnTimed,
)
from warmline.kernel.conversation import Message, ToolCall, tool_answered, tool_asked

log = structlog.get_logger()

TOOL_ROUNDS: Final = 4


class LooksUp(Protocol):
    """Where knowledge is looked up and tools are run: the web plane."""

    async def passages(self, query: str) -> Found:
        """What the tenant's knowledge has on this."""

    async def run_tool(self, call: ToolCall, *, said: Sequence[Message]) -> ToolResult:
        """Run a tool that only reads, for a conversation so far."""


class TakesEvents(Protocol):
    """Whoever is told what happens."""

    def add(self, happening: Happening) -> None:
        """This happened."""


class ThinkingResources(Protocol):
    """What an unheard reply needs of its call."""

    turn: int

    @property
    def plan(self) -> CallPlan: ...

    @property
    def clock_ms(self) -> Callable[[], float]: ...

    @property
    def context(self) -> Context: ...

    @property
    def llm(self) -> LlmClient: ...

    @property
    def web(self) -> LooksUp: ...

    @property
    def journal(self) -> TakesEvents: ...


class ShadowReply:
    """A reply that nobody hears; only what was really said stays in the conversation."""

    def __init__(self, resources: ThinkingResources, *, text: str, ended_ms: float) -> None:
        self._resources = resources
        self._text = masked(text, language=resources.plan.agent.language)
        self._messages: list[Message] = []
        self._completion = Completion()
        self._sentences = 0
        self._reading = {tool.name for tool in resources.plan.agent.tools if not tool.writes}
        self._waterfall = Waterfall(clock_ms=resources.clock_ms)
        self._waterfall.zero_ms = ended_ms

    async def run(self) -> None:
        """Have the model answer the turn unheard, and record its answer as events."""
        try:
            await self.think()
        except EveryRungFailed as error:
            log.error("nobody thinks", call=self._resources.plan.call_id, why=str(error))
        self._waterfall.measure()
        self._resources.journal.add(self.timed())

    async def think(self) -> None:
        """Have the model answer; its sentences and tools are events. Raises `EveryRungFailed`."""
        self._waterfall.reached("end_of_turn")
        self._waterfall.reached("final_text")
        by_rule = put_through(self._text, self._resources.plan)
        if by_rule is not None:
            self._resources.context.add([Message("user", self._text)])
            self._say([by_rule.words])
            self._called(by_rule.call, ran=False)
            return
        found = await self._retrieve()
        spoken = caller_turn(self._text, found.passages, out_of_reach=found.out_of_reach)
        self._messages = list(spoken)
        try:
            for _ in range(TOOL_ROUNDS):
                await self._round()
                if not await self._run_tools():
                    break
        finally:
            self._resources.context.add(spoken)

    def timed(self) -> TurnTimed:
        """When each stage was reached."""
        resources = self._resources
        return self._waterfall.timed(
            turn=resources.turn, completion=self._completion, region=resources.plan.region
        )

    async def _retrieve(self) -> Found:
        resources = self._resources
        if not resources.plan.agent.knowledge:
            return Found()
        found = await resources.web.passages(self._text)
        if found.passages or found.out_of_reach:
            self._waterfall.reached("retrieval")
            resources.journal.add(
                Retrieved(resources.turn, self._text, found.passages, found.out_of_reach)
            )
        return found

    async def _round(self) -> None:
        """One request to the model; its sentences are events."""
        self._completion = Completion()
        cutter = SentenceCutter(self._resources.plan.agent.language)
        request = self._resources.context.for_model(turn=self._messages)
        async with aclosing(self._resources.llm.stream(request, self._completion)) as stream:
            async for words in stream:
                self._waterfall.reached("first_token")
                self._say(cutter.feed(words))
        self._say(cutter.finish())  # an answer of one sentence is whole with its last word

    def _say(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self._waterfall.reached("first_sentence")
            self._resources.journal.add(
                AgentSentence(self._resources.turn, self._sentences, sentence)
            )
            self._sentences += 1

    async def _run_tools(self) -> bool:
        """Run the tools that only read; whether the model may go on with their results."""
        calls = wishes(self._completion.calls, self._resources.plan.agent.tools)
        if not calls:
            return False
        self._messages.append(tool_asked(calls, self._completion.text.strip()))
        goes_on = True
        for call in calls:
            if call.name in self._reading:
                await self._read(call)
            else:
                self._called(call, ran=False)
                goes_on = False
        return goes_on

    async def _read(self, call: ToolCall) -> None:
        resources = self._resources
        self._called(call, ran=True)
        said = resources.context.for_model(turn=self._messages)
        result = await resources.web.run_tool(call, said=said)
        self._messages.append(tool_answered(call, result.content))
        resources.journal.add(ToolReturned(resources.turn, call.id, result.ok, result.content))

    def _called(self, call: ToolCall, *, ran: bool) -> None:
        self._resources.journal.add(
            ToolCalled(self._resources.turn, call.id, call.name, call.arguments, ran=ran)
        )
