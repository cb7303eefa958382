"""Thinking: streamed chat completions, moved to another replica wherever one fails, no word twice.

A first token that is later than nearly all others is asked of a second replica too; whichever is
first goes on.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import aiohttp
import msgspec

from inference.fleet.credentials import bearer, model_at
from telephony.media.metrics import HEDGED
from telephony.media.replicas.http import (
    REPLICA_FAULTS,
    BadStream,
    Deadlines,
    Stream,
    key_for,
    posted,
    why,
)
from telephony.media.replicas.ladder import GIVE_UP_S, Endpoint, EveryRungFailed, Ladder
from telephony.media.replicas.sse import CompletionReader, Usage
from telephony.media.session.context import Message, ToolCall
from warmline.kernel import roles
from warmline.kernel.vertical import Tool

MAX_TOKENS: Final = 96


_OWN_KEY: Final = partial(key_for, role=roles.LLM)
LLM_DEADLINES: Final = Deadlines(first_s=4.0, between_s=1.2, total_s=20.0)


@dataclass(slots=True)
class Answer:
    """What one request has come to; complete when `stream` ends."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    endpoint: Endpoint | None = None
    usage: Usage | None = None


class Asked:
    """One request under way; `first` is done when its first piece is there,
    which may hold no words.
    """

    def __init__(
        self, endpoint: Endpoint, pieces: AsyncGenerator[str, None], reader: CompletionReader
    ) -> None:
        self.endpoint, self.reader = endpoint, reader
        self._pieces = pieces
        self._began = asyncio.get_running_loop().time()
        self.first = asyncio.ensure_future(anext(pieces, ""))

    @property
    def waited_s(self) -> float:
        """Since it was asked."""
        return asyncio.get_running_loop().time() - self._began

    async def words(self) -> AsyncGenerator[str, None]:
        """All words, from the first on."""
        yield await self.first
        async for words in self._pieces:
            yield words

    async def close(self) -> None:
        """Stop it, wherever it is; the replica stops working on it."""
        self.first.cancel()
        await asyncio.gather(self.first, return_exceptions=True)
        await self._pieces.aclose()


class Remainder:
    """Of an answer that is given from its beginning again, what was not said before.
    Another answer is given whole.
    """

    def __init__(self, said: str) -> None:
        self._said, self._held, self._passing = said.strip(), "", not said.strip()

    def of(self, words: str) -> str:
        """What of the next words is new; nothing while it cannot be known yet."""
        if self._passing:
            return words
        self._held += words
        begun = self._held.lstrip()
        if len(begun) <= len(self._said) and self._said.startswith(begun):
            return ""
        self._passing = True
        return begun[len(self._said) :] if begun.startswith(self._said) else f" {begun}"


class LlmClient:
    """Asks the call's think replica."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        ladder: Ladder,
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
        self, messages: Sequence[Message], answer: Answer
    ) -> AsyncGenerator[str, None]:
        """Words as they come; `answer` fills on the way. What another replica continues begins
        where one stopped.

        Raises `EveryRungFailed` when nothing is left and nothing was said; after some words it ends
        early instead.
        """
        given, began = answer.text, asyncio.get_running_loop().time()
        for _ in range(self._ladder.attempts(roles.LLM)):
            try:
                endpoint = self._ladder.endpoint(roles.LLM)
            except EveryRungFailed:
                break
            answer.endpoint = endpoint
            try:
                async with aclosing(self._attempt(endpoint, messages, answer)) as attempt:
                    async for words in attempt:
                        answer.text += words
                        yield words
            except REPLICA_FAULTS as wrong:
                self._ladder.failed(roles.LLM, answer.endpoint, why(wrong))
                if asyncio.get_running_loop().time() - began > GIVE_UP_S:
                    break
                continue
            return
        if answer.text == given:
            raise EveryRungFailed("think: no replica gave an answer")

    async def _attempt(
        self, endpoint: Endpoint, messages: Sequence[Message], answer: Answer
    ) -> AsyncGenerator[str, None]:
        asked = await self._quicker(endpoint, messages, answer)
        try:
            async with aclosing(asked.words()) as stream:
                async for words in stream:
                    if words:
                        yield words
        finally:
            await asked.close()
        answer.calls, answer.usage = asked.reader.calls(), asked.reader.usage

    async def _quicker(
        self, endpoint: Endpoint, messages: Sequence[Message], answer: Answer
    ) -> Asked:
        """The request whose first piece came first: the one to `endpoint`, or a second one once
        that is late.

        `answer.endpoint` is the replica of the request that is returned, or of the one whose fault
        is raised.
        """
        prefix = answer.text if answer.text.strip() else ""
        asked = [self._ask(endpoint, messages, prefix)]
        try:
            await asyncio.wait({asked[0].first}, timeout=self._hedging.after_s(_pool(endpoint)))
            if not asked[0].first.done():
                other = self._ladder.another(roles.LLM, besides=endpoint)
                if other is not None and self._hedging.take():
                    HEDGED.inc()
                    asked.append(self._ask(other, messages, prefix))
            while True:
                await asyncio.wait(
                    {each.first for each in asked}, return_when=asyncio.FIRST_COMPLETED
                )
                best = next(
                    (each for each in asked if each.first.done() and not each.first.exception()),
                    None,
                )
                if best is not None:
                    asked.remove(best)
                    for late in asked:  # else the p99 would be taken over those that came only
                        self._hedging.took(_pool(late.endpoint), late.waited_s)
                    answer.endpoint = best.endpoint
                    self._ladder.move(roles.LLM, best.endpoint)
                    return best
                failed = next(each for each in asked if each.first.done())
                answer.endpoint = failed.endpoint
                fault = failed.first.exception()
                assert fault is not None
                if len(asked) == 1 or not isinstance(fault, REPLICA_FAULTS):
                    raise fault
                self._ladder.failed(roles.LLM, failed.endpoint, why(fault))
                asked.remove(failed)
        finally:
            for each in asked:
                await each.close()

    def _ask(self, endpoint: Endpoint, messages: Sequence[Message], prefix: str) -> Asked:
        reader = CompletionReader()
        return Asked(endpoint, self._pieces(endpoint, messages, prefix, reader), reader)

    async def _pieces(
        self, endpoint: Endpoint, messages: Sequence[Message], prefix: str, reader: CompletionReader
    ) -> AsyncGenerator[str, None]:
        """The words of each piece as it comes;
        the first of any kind is passed on, so that its time is known.
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
                    self._hedging.took(_pool(endpoint), loop.time() - began)
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
    ) -> AsyncIterator[tuple[Stream, Remainder]]:
        """The answer's stream. An endpoint that cannot go on inside a message,
        as most hosted ones, gives it anew.
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
