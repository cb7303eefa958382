"""One request for a chat completion under way, and what it has come to."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.sse import CompletionReader, Usage
from warmline.kernel.conversation import ToolCall


@dataclass(slots=True)
class Completion:
    """What the model's answer has come to; whole when `LlmClient.stream` ends."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    endpoint: Endpoint | None = None
    usage: Usage | None = None


class CompletionRequest:
    """One request under way.

    `first` is done when its first piece is there, which may hold no words.
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
        """Seconds since it was asked."""
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


async def quickest(requests: list[CompletionRequest]) -> CompletionRequest:
    """Wait for the first piece of any of them.

    A request that failed counts only where none else is done.
    """
    await asyncio.wait({request.first for request in requests}, return_when=asyncio.FIRST_COMPLETED)
    done = [request for request in requests if request.first.done()]
    for request in done:
        if not request.first.exception():
            return request
    return done[0]


class Remainder:
    """What is new in an answer that is given again from its beginning.

    A different answer is new from its first word.
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
