"""Thinking: streamed chat completions, moved to another replica wherever one fails, no word twice."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import msgspec

from telephony.media.context import Message, ToolCall
from telephony.media.http import REPLICA_FAULTS, BadStream, Deadlines, posted, why
from telephony.media.replicas import Endpoint, EveryRungFailed, Ladder
from telephony.media.sse import CompletionReader, Usage
from warmline.kernel.vertical import Tool

MAX_TOKENS: Final = 96
MAX_ATTEMPTS: Final = 4


THINK_DEADLINES: Final = Deadlines(first_s=4.0, between_s=1.2, total_s=20.0)


@dataclass(slots=True)
class Answer:
    """What one request has come to; complete when `stream` ends."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    endpoint: Endpoint | None = None
    usage: Usage | None = None


class Thinker:
    """Asks the call's think replica."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        ladder: Ladder,
        *,
        tools: Sequence[Tool],
        deadlines: Deadlines = THINK_DEADLINES,
        key: Callable[[Endpoint], str | None],
    ) -> None:
        self._http = http
        self._ladder = ladder
        self._tools = [tool.as_openai() for tool in tools]
        self._deadlines = deadlines
        self._key = key

    async def stream(self, messages: Sequence[Message], answer: Answer) -> AsyncGenerator[str, None]:
        """Words as they come; `answer` fills on the way. What another replica continues begins where one stopped.

        Raises `EveryRungFailed` when nothing is left and nothing was said; after some words it ends early instead.
        """
        given = answer.text
        for _ in range(MAX_ATTEMPTS):
            try:
                endpoint = self._ladder.endpoint("think")
            except EveryRungFailed:
                break
            answer.endpoint = endpoint
            try:
                async with aclosing(self._attempt(endpoint, messages, answer)) as attempt:
                    async for words in attempt:
                        answer.text += words
                        yield words
            except REPLICA_FAULTS as wrong:
                self._ladder.failed("think", endpoint, why(wrong))
                continue
            return
        if answer.text == given:
            raise EveryRungFailed("think: no replica gave an answer")

    async def _attempt(
        self, endpoint: Endpoint, messages: Sequence[Message], answer: Answer
    ) -> AsyncGenerator[str, None]:
        body = self._body(endpoint, messages, answer.text if answer.text.strip() else "")
        key = self._key(endpoint)
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        reader = CompletionReader()
        url = f"{endpoint.base_url}/v1/chat/completions"
        async with posted(self._http, url, body, headers=headers, deadlines=self._deadlines) as stream:
            if stream.status != 200:
                raise BadStream(f"status {stream.status}")
            async with aclosing(stream.pieces()) as pieces:
                async for packet in pieces:
                    words = reader.feed(packet)
                    if words:
                        yield words
                    if reader.done:
                        break
        if not reader.done and not reader.finished:
            raise BadStream("the stream broke off")
        answer.calls, answer.usage = reader.calls(), reader.usage

    def _body(self, endpoint: Endpoint, messages: Sequence[Message], prefix: str) -> bytes:
        request: dict[str, Any] = {
            "model": endpoint.model,
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
