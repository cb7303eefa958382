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

from inference.fleet.chat_requests import (
    MOST_TRIES,
    OPENING,
    REFUSALS,
    api_url,
    key_headers,
)
from inference.fleet.credentials import model_at
from telephony.media.metrics import HEDGED
from telephony.media.replicas.completion import (
    Completion,
    CompletionRequest,
    Remainder,
    quickest,
)
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.errors import BadStream, EndpointError, EveryRungFailed
from telephony.media.replicas.failover_ladder import GIVE_UP_S, FailoverLadder
from telephony.media.replicas.http import (
    REPLICA_FAULTS,
    Deadlines,
    ResponseStream,
    key_for,
    posted,
    why,
)
from telephony.media.replicas.read_by import as_read_by
from telephony.media.replicas.sse import CompletionReader, refusal_words
from warmline.kernel import roles
from warmline.kernel.conversation import Message
from warmline.kernel.vertical import Tool

MAX_TOKENS: Final = 96
MAX_SAID_CHARS: Final = 160  # of an endpoint's own words about its error
_CONTINUATION: Final = "continue_final_message"

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
        self._refused = ladder.refused
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
            self._ladder.waits.owed(roles.LLM, other.endpoint, other.waited_s)
        self._ladder.move(roles.LLM, request.endpoint)

    def _ask(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str
    ) -> CompletionRequest:
        inside = OPENING in self._refused.at(api_url(endpoint.base_url, "chat/completions"))
        reader = CompletionReader(inside=inside)
        return CompletionRequest(endpoint, self._pieces(endpoint, messages, prefix, reader), reader)

    async def _pieces(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str, reader: CompletionReader
    ) -> AsyncGenerator[str, None]:
        """The words of each piece as it comes.

        The first of any kind is passed on, so that its time is known; a comment is none.
        """
        async with aclosing(self._answer(endpoint, messages, prefix, reader)) as answer:
            async for words in answer:
                yield words
        url = api_url(endpoint.base_url, "chat/completions")
        self._refused.note(url, reasons_unopened=reader.unopened)
        if reader.out_of_tokens:
            # All of them went into reasoning: without a bound it comes to its words.
            self._refused.add(url, frozenset({"max_tokens", "max_completion_tokens"}))
            reader.begin_again()
            async with aclosing(self._answer(endpoint, messages, prefix, reader)) as answer:
                async for words in answer:
                    yield words

    async def _answer(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str, reader: CompletionReader
    ) -> AsyncGenerator[str, None]:
        """One answer's words, piece by piece."""
        loop = asyncio.get_running_loop()
        began, begun = loop.time(), False
        async with (
            self._posted(endpoint, messages, prefix) as (stream, remainder),
            aclosing(stream.pieces()) as pieces,
        ):
            async for packet in pieces:
                words = remainder.of(self._read(reader, packet, endpoint, messages))
                if not begun and reader.begun:
                    self._hedging.record(_pool(endpoint), loop.time() - began)
                    self._ladder.waits.came(roles.LLM, endpoint, loop.time() - began)
                    begun = True
                    yield words
                elif words:
                    yield words
                elif not begun and loop.time() - began > self._deadlines.first_s:
                    raise TimeoutError
                if reader.done:
                    break
            words = remainder.of(self._read(reader, None, endpoint, messages))
            if words:
                yield words
        whole = reader.done or reader.finished or (reader.begun and stream.has_an_end)
        if not whole:
            raise BadStream("the stream broke off")

    def _read(
        self,
        reader: CompletionReader,
        packet: bytes | None,
        endpoint: Endpoint,
        messages: Sequence[Message],
    ) -> str:
        """The words of a packet, or at the end (None) those held back.

        An endpoint's own words about its error are told without what was said to it.
        """
        try:
            return reader.finish() if packet is None else reader.feed(packet)
        except EndpointError as error:
            raise EndpointError(self._tellable(str(error), endpoint, messages)) from None

    @asynccontextmanager
    async def _posted(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str
    ) -> AsyncIterator[tuple[ResponseStream, Remainder]]:
        """The answer's stream.

        A field that the endpoint refuses is left out and asked again, within the deadline. One that
        cannot go on inside a message, as most hosted ones, gives it anew.
        """
        url = api_url(endpoint.base_url, "chat/completions")
        headers = key_headers(url, self._key(endpoint))
        began_at, continued = asyncio.get_running_loop().time(), prefix
        for _ in range(MOST_TRIES):
            if _CONTINUATION in self._refused.at(url):
                continued = ""
            body = self._refused.body(url, self._request(endpoint, messages, continued))
            async with posted(
                self._http,
                url,
                msgspec.json.encode(body),
                headers=headers,
                deadlines=self._deadlines,
                began_at=began_at,
            ) as stream:
                if stream.status == 200:
                    yield stream, Remainder("" if continued else prefix)
                    return
                refusal = await stream.refusal()
            refused = stream.status in REFUSALS
            if refused and self._refused.learn(url, body, refusal):
                continue
            if not (refused and continued):
                break
            continued = ""
        said = self._tellable(refusal_words(refusal), endpoint, messages)
        raise BadStream(f"status {stream.status}" + (f": {said}" if said else ""))

    def _tellable(self, said: str, endpoint: Endpoint, messages: Sequence[Message]) -> str:
        """An endpoint's words for an event and a log: without its key and what was said to it."""
        for secret in (self._key(endpoint), *(message.content for message in messages)):
            if secret and secret in said:
                said = said.replace(secret, "…")
        return said[:MAX_SAID_CHARS]

    def _request(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str
    ) -> dict[str, Any]:
        messages = as_read_by(endpoint.model, messages)
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
            request |= {_CONTINUATION: True, "add_generation_prompt": False}
        return request


def _pool(endpoint: Endpoint) -> str:
    return f"{endpoint.region}/{endpoint.model}"
