"""Streamed chat completions of an LLM, moved to another replica wherever one fails, no word twice.

A first token that is later than nearly all others is asked of a second replica too; whichever is
first goes on.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import Any, Final

import aiohttp
import msgspec

from inference.fleet.credentials import bearer, model_at
from telephony.media.metrics import HEDGED
from telephony.media.replicas.completion import (
    Completion,
    CompletionRequest,
    Remainder,
    quickest,
)
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.errors import BadStream, EveryRungFailed
from telephony.media.replicas.failover_ladder import GIVE_UP_S, FailoverLadder
from telephony.media.replicas.http import (
    REPLICA_FAULTS,
    Deadlines,
    ResponseStream,
    key_for,
    posted,
    why,
)
from telephony.media.replicas.sse import CompletionReader
from warmline.kernel import roles
from warmline.kernel.conversation import Message
from warmline.kernel.vertical import Tool

MAX_TOKENS: Final = 96


_OWN_KEY: Final = partial(key_for, role=roles.LLM)
LLM_DEADLINES: Final = Deadlines(first_s=4.0, between_s=1.2, total_s=20.0)


class LlmClient:
    """Asks the call's LLM replica."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        ladder: FailoverLadder,
        *,
        tools: Sequence[Tool],
        deadlines: Deadlines = LLM_DEADLINES,
        key: Callable[[Endpoint], str | None] = _OWN_KEY,
    ) -> None:
        self._http = http
        self._ladder = ladder
        self._hedging = ladder.hedging
        self._tools = [tool.as_openai() for tool in tools]
        self._deadlines = deadlines
        self._key = key

    async def stream(
        self, messages: Sequence[Message], completion: Completion
    ) -> AsyncGenerator[str, None]:
        """Words as they come; `completion` fills on the way.

        What another replica continues begins where one stopped. Raises `EveryRungFailed` when
        nothing is left and nothing was said; after some words it ends early instead.
        """
        given, began = completion.text, asyncio.get_running_loop().time()
        for _ in range(self._ladder.attempts(roles.LLM)):
            try:
                endpoint = self._ladder.endpoint(roles.LLM)
            except EveryRungFailed:
                break
            completion.endpoint = endpoint
            try:
                async with aclosing(self._attempt(endpoint, messages, completion)) as attempt:
                    async for words in attempt:
                        completion.text += words
                        yield words
            except REPLICA_FAULTS as error:
                self._ladder.failed(roles.LLM, completion.endpoint, why(error))
                if asyncio.get_running_loop().time() - began > GIVE_UP_S:
                    break
                continue
            return
        if completion.text == given:
            raise EveryRungFailed("think: no replica gave an answer")

    async def _attempt(
        self, endpoint: Endpoint, messages: Sequence[Message], completion: Completion
    ) -> AsyncGenerator[str, None]:
        request = await self._quickest(endpoint, messages, completion)
        try:
            async with aclosing(request.words()) as stream:
                async for words in stream:
                    if words:
                        yield words
        finally:
            await request.close()
        completion.calls, completion.usage = request.reader.calls(), request.reader.usage

    async def _quickest(
        self, endpoint: Endpoint, messages: Sequence[Message], completion: Completion
    ) -> CompletionRequest:
        """The request whose first piece came first: the one to `endpoint`, or a second one once
        that is late.

        `completion.endpoint` is the replica of the request that is returned, or of the one whose
        fault is raised.
        """
        prefix = completion.text if completion.text.strip() else ""
        requests = [self._ask(endpoint, messages, prefix)]
        first = requests[0].first
        try:
            await asyncio.wait({first}, timeout=self._hedging.after_s(_pool(endpoint)))
            if not first.done():
                requests += self._hedge(endpoint, messages, prefix)
            while True:
                request = await quickest(requests)
                completion.endpoint = request.endpoint
                fault = request.first.exception()
                if fault is None:
                    requests.remove(request)
                    self._stay_with(request, late=requests)
                    return request
                if len(requests) == 1 or not isinstance(fault, REPLICA_FAULTS):
                    raise fault
                self._ladder.failed(roles.LLM, request.endpoint, why(fault))
                requests.remove(request)
        finally:
            for request in requests:
                await request.close()

    def _hedge(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str
    ) -> list[CompletionRequest]:
        """The same asked of a second replica, where there is one and the budget allows it."""
        second = self._ladder.second_endpoint(roles.LLM, besides=endpoint)
        if second is None or not self._hedging.spend():
            return []
        HEDGED.inc()
        return [self._ask(second, messages, prefix)]

    def _stay_with(self, request: CompletionRequest, *, late: Sequence[CompletionRequest]) -> None:
        for other in late:  # else the p99 would be taken over those that came only
            self._hedging.record(_pool(other.endpoint), other.waited_s)
        self._ladder.move(roles.LLM, request.endpoint)

    def _ask(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str
    ) -> CompletionRequest:
        reader = CompletionReader()
        return CompletionRequest(endpoint, self._pieces(endpoint, messages, prefix, reader), reader)

    async def _pieces(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str, reader: CompletionReader
    ) -> AsyncGenerator[str, None]:
        """The words of each piece as it comes.

        The first of any kind is passed on, so that its time is known.
        """
        loop = asyncio.get_running_loop()
        began, begun = loop.time(), False
        async with (
            self._posted(endpoint, messages, prefix) as (stream, remainder),
            aclosing(stream.pieces()) as pieces,
        ):
            async for packet in pieces:
                words = remainder.of(reader.feed(packet))
                if not begun:
                    self._hedging.record(_pool(endpoint), loop.time() - began)
                if words or not begun:
                    begun = True
                    yield words
                if reader.done:
                    break
        if not reader.done and not reader.finished:
            raise BadStream("the stream broke off")

    @asynccontextmanager
    async def _posted(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str
    ) -> AsyncIterator[tuple[ResponseStream, Remainder]]:
        """The answer's stream.

        An endpoint that cannot go on inside a message, as most hosted ones, gives it anew.
        """
        url, headers = f"{endpoint.base_url}/v1/chat/completions", bearer(self._key(endpoint))
        for begins_with in dict.fromkeys((prefix, "")):
            body = self._body(endpoint, messages, begins_with)
            async with posted(
                self._http, url, body, headers=headers, deadlines=self._deadlines
            ) as stream:
                if stream.status == 400 and begins_with:
                    continue
                if stream.status != 200:
                    raise BadStream(f"status {stream.status}")
                yield stream, Remainder("" if begins_with else prefix)
                return

    def _body(self, endpoint: Endpoint, messages: Sequence[Message], prefix: str) -> bytes:
        request: dict[str, Any] = {
            "model": model_at(endpoint.base_url, endpoint.model),
            "messages": messages,
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self._tools:
            request["tools"] = self._tools
        if prefix:
            # vLLM's way to go on inside an assistant message
            request["messages"] = [*messages, Message("assistant", prefix)]
            request |= {"continue_final_message": True, "add_generation_prompt": False}
        return msgspec.json.encode(request)


def _pool(endpoint: Endpoint) -> str:
    return f"{endpoint.region}/{endpoint.model}"
