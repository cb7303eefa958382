"""What the media plane asks of the web plane by the call's token: knowledge, tools, storage."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import aiohttp
import msgspec
import structlog

from telephony.media.metrics import IGNORED_ARGUMENTS, KNOWLEDGE_MISSES
from telephony.media.speech.tool_wishes import TRANSFERRING, problem
from warmline.kernel.call import CallPlan, EndReason, Passage
from warmline.kernel.circuit_breaker import CircuitBreaker
from warmline.kernel.conversation import Message, ToolCall
from warmline.kernel.tool_arguments import arguments_of, meant_name
from warmline.kernel.vertical import Tool

log = structlog.get_logger()

# It is there after 30 ms; what is late is waited for with a word to the caller.
KNOWLEDGE_S: Final = 2.5
TOOL_S: Final = 5.0
TRANSFER_S: Final = 1.0  # the caller waits for a person, not for our rows
RECORDING_S: Final = 30.0
END_S: Final = 1.0  # the caller hears nothing meanwhile
PASSAGES: Final = 3
# Of a conversation, for the check of what was said: all of nearly any call.
MOST_LINES: Final = 150
MOST_CHARACTERS: Final = 10_000
BREAK_AFTER: Final = 3  # misses in a row
BREAK_FOR_S: Final = 10.0

# The last one: arguments that are nested deeper than they can be written again.
TOOL_FAULTS: Final = (
    TimeoutError,
    aiohttp.ClientError,
    OSError,
    msgspec.MsgspecError,
    RecursionError,
)
TOOL_FAILED: Final = '{"status":"error"}'


class _Knowledge(msgspec.Struct):
    passages: tuple[Passage, ...]


class _ToolAnswer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw
    say: str = ""


class _Refusal(msgspec.Struct):
    error: str = ""


class Found(msgspec.Struct, frozen=True):
    """What knowledge has on a question; nothing may mean that it was `out_of_reach`."""

    passages: tuple[Passage, ...] = ()
    out_of_reach: bool = False


OUT_OF_REACH: Final = Found(out_of_reach=True)


class ToolResult(msgspec.Struct, frozen=True):
    """What the model is told, as JSON text; and what is said instead of its own words, if any."""

    ok: bool
    content: str
    say: str = ""


_knowledge = msgspec.json.Decoder(_Knowledge).decode
_tool_answer = msgspec.json.Decoder(_ToolAnswer).decode
_refusal = msgspec.json.Decoder(_Refusal).decode
_BAD_ARGUMENTS: Final = 422


def knowledge_breaker(*, clock_s: Callable[[], float] = time.monotonic) -> CircuitBreaker:
    """One for each process: knowledge that misses three times in a row is not asked for 10 s."""
    return CircuitBreaker(open_s=BREAK_FOR_S, failures=BREAK_AFTER, clock_s=clock_s)


class WebPlane:
    """The web plane as one call reaches it."""

    def __init__(
        self, http: aiohttp.ClientSession, plan: CallPlan, knowledge: CircuitBreaker
    ) -> None:
        self._http = http
        self._base = f"{plan.web_url.rstrip('/')}/internal/calls/{plan.call_id}"
        self._headers = {"Authorization": f"Bearer {plan.token}"}
        self._call_id = plan.call_id
        self._region = plan.region
        self._tools = {tool.name: tool for tool in plan.agent.tools}
        self._breaker = knowledge
        self._language = plan.agent.language

    async def passages(self, query: str) -> Found:
        """What the tenant's knowledge has on this; out of reach when it is away or failing."""
        if self._breaker.is_open:
            KNOWLEDGE_MISSES.labels("open").inc()
            return OUT_OF_REACH
        try:
            async with asyncio.timeout(KNOWLEDGE_S):
                body = {"query": query, "k": PASSAGES}
                async with self._http.post(
                    f"{self._base}/knowledge", json=body, headers=self._headers
                ) as response:
                    if response.status != 200:
                        raise aiohttp.ClientError(f"status {response.status}")
                    knowledge = _knowledge(await response.read())
        except (TimeoutError, aiohttp.ClientError, OSError, msgspec.MsgspecError) as error:
            self._breaker.failed()
            KNOWLEDGE_MISSES.labels("late" if isinstance(error, TimeoutError) else "failed").inc()
            log.warning("knowledge missed", call=self._call_id, why=type(error).__name__)
            return OUT_OF_REACH
        self._breaker.answered()
        return Found(knowledge.passages[:PASSAGES])

    async def run_tool(self, call: ToolCall, *, said: Sequence[Message]) -> ToolResult:
        """Run a tool once: asking again with the same id gives the same answer.

        What its arguments name must have been `said` in the conversation, or be known: the web
        plane asks for what nobody said. Failures are told to the model; arguments that do not fit
        with what was expected.
        """
        return await self._ask_tool(call, said=said, within_s=TOOL_S)

    async def transfer(self, call: ToolCall) -> ToolResult:
        """Record the wish for a person, if that can be done soon; it is granted in any case."""
        await self._ask_tool(call, said=(), within_s=TRANSFER_S)
        return ToolResult(ok=True, content=TRANSFERRING)

    async def _ask_tool(
        self, call: ToolCall, *, said: Sequence[Message], within_s: float
    ) -> ToolResult:
        arguments = arguments_of(call.arguments)
        tool = self._tools.get(call.name)
        if tool is not None and arguments:
            IGNORED_ARGUMENTS.inc(_unknown(arguments, tool))
        body = {
            "tool_call_id": call.id,
            "arguments": call.arguments if arguments is None else arguments,
            "conversation": [
                {"role": message.role, "content": (message.content or "")[:MOST_CHARACTERS]}
                for message in said[-MOST_LINES:]
            ],
            "language": self._language,
        }
        try:
            async with asyncio.timeout(within_s):
                url = f"{self._base}/tools/{call.name}"
                async with self._http.post(url, json=body, headers=self._headers) as response:
                    raw = await response.read()
            if response.status == 200:
                answer = _tool_answer(raw)
                return ToolResult(
                    ok=answer.ok,
                    content=bytes(answer.result).decode(errors="replace"),
                    say=answer.say,
                )
            log.warning("tool refused", call=self._call_id, tool=call.name, status=response.status)
            if response.status == _BAD_ARGUMENTS:
                return ToolResult(ok=False, content=problem(_refusal(raw).error))
        except TOOL_FAULTS as error:
            log.warning("tool failed", call=self._call_id, tool=call.name, why=type(error).__name__)
        return ToolResult(ok=False, content=TOOL_FAILED)

    async def tell_end(self, reason: EndReason) -> None:
        """Tell why the call ended when Redis cannot: the carrier's next verb depends on it."""
        try:
            async with asyncio.timeout(END_S):
                body = {"region": self._region, "reason": reason}
                async with self._http.post(
                    f"{self._base}/end", json=body, headers=self._headers
                ) as response:
                    if response.status != 204:
                        log.warning("end refused", call=self._call_id, status=response.status)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            log.warning("end not told", call=self._call_id, why=type(error).__name__)

    async def keep_recording(self, wav: bytes, *, epoch: int, starts_ms: float) -> bool:
        """Hand over the recording of an epoch of the call, which began at `starts_ms` of its clock.

        False when the web plane did not take it.
        """
        headers = {**self._headers, "Content-Type": "audio/wav"}
        try:
            async with asyncio.timeout(RECORDING_S):
                async with self._http.put(
                    f"{self._base}/recording/{epoch}",
                    params={"starts_ms": max(0, round(starts_ms))},
                    data=wav,
                    headers=headers,
                ) as response:
                    taken = response.status == 201
                    if not taken:
                        log.warning("recording refused", call=self._call_id, status=response.status)
                    return taken
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            log.warning("recording lost", call=self._call_id, why=type(error).__name__)
            return False


def _unknown(arguments: Mapping[str, object], tool: Tool) -> int:
    """How many of the arguments the tool does not know."""
    names = [parameter.name for parameter in tool.parameters]
    return sum(meant_name(name, names) is None for name in arguments)
