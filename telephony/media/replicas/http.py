"""Streaming over a kept-open HTTP connection, with a deadline for each phase."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp

from inference.fleet.credentials import key_of
from inference.types import pool_name
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.errors import BadStream
from warmline.kernel.roles import Role

# What a replica may do to us; each means: ask another.
REPLICA_FAULTS = (BadStream, TimeoutError, aiohttp.ClientError, OSError)


MAX_REFUSAL_BYTES: Final = 64 * 1024
NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds for one request: to the first piece, from piece to piece, and in all."""

    first_s: float
    between_s: float
    total_s: float


class ResponseStream:
    """A response whose pieces are read one by one, each within its deadline."""

    def __init__(
        self, response: aiohttp.ClientResponse, deadlines: Deadlines, began_at: float
    ) -> None:
        self.status = response.status
        # Whether its end says so: a connection that breaks is not taken for the end.
        self.has_an_end = response.headers.get("Transfer-Encoding") == "chunked" or (
            "Content-Length" in response.headers
        )
        self.is_text = response.content_type.startswith("text/") or (
            response.content_type == "application/json"
        )
        self._response = response
        self._deadlines = deadlines
        self._began_at = began_at

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes.

        The clock stands while the reader is busy elsewhere; `TimeoutError` when too slow.
        """
        loop = asyncio.get_running_loop()
        wait_s = self._deadlines.first_s - (loop.time() - self._began_at)
        while True:
            if loop.time() - self._began_at > self._deadlines.total_s:
                raise TimeoutError
            async with asyncio.timeout(max(wait_s, 0.01)):
                piece = await self._response.content.readany()
            if not piece:
                return
            yield piece
            wait_s = self._deadlines.between_s

    async def refusal(self) -> bytes:
        """The body of an answer that refuses, as far as it is of a sensible size."""
        body = b""
        async with aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) > MAX_REFUSAL_BYTES:
                    break
        return body


def key_for(endpoint: Endpoint, role: Role) -> str | None:
    """The key that a fixed endpoint asks for; the pools' own replicas ask for none."""
    if not endpoint.fixed:
        return None
    return key_of(pool_name(endpoint.region, role, endpoint.model), endpoint.base_url)


@asynccontextmanager
async def posted(
    http: aiohttp.ClientSession,
    url: str,
    body: bytes,
    *,
    deadlines: Deadlines,
    headers: Mapping[str, str] = NO_HEADERS,
    began_at: float | None = None,
) -> AsyncIterator[ResponseStream]:
    """POST JSON and read the answer as a stream.

    Leaving early closes the connection: the replica stops working. `began_at`, on the loop's
    clock: since when the deadlines run, where it was asked before. A redirect is not followed: a
    key is shown to the address that it belongs to, and to no other.
    """
    now = asyncio.get_running_loop().time()
    began_at = now if began_at is None else began_at
    headers = {"Content-Type": "application/json", **headers}
    async with asyncio.timeout(max(deadlines.first_s - (now - began_at), 0.01)):
        try:
            response = await http.post(url, data=body, headers=headers, allow_redirects=False)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientConnectionResetError):
            # A kept-open connection that the replica was just closing says nothing about the
            # replica: ask it anew.
            response = await http.post(url, data=body, headers=headers, allow_redirects=False)
    async with response:
        yield ResponseStream(response, deadlines, began_at)


def why(error: BaseException) -> str:
    """A replica's fault in a few words, for an event and a log; never what was said."""
    return (
        "too slow" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"[:200]
    )
