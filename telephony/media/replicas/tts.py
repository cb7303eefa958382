"""Text to speech: sentences into µ-law, streamed.

Where one replica died another takes the sentence up.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Final

import aiohttp
import msgspec

from inference.fleet.chat_requests import api_url, key_headers
from telephony.media.audio.mulaw import Downsampler
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
from warmline.kernel import roles
from warmline.kernel.agent import Voice

MAX_SENTENCE_BYTES: Final = 60 * 8000
CACHE_BYTES: Final = 8 * 1024 * 1024


TTS_DEADLINES: Final = Deadlines(first_s=2.5, between_s=1.2, total_s=30.0)
_REFUSALS: Final = frozenset({400, 415, 422})  # what an endpoint says that has no µ-law


class TtsCache:
    """Audio of sentences that are said again and again, such as greetings.

    The least used goes first.
    """

    def __init__(self, max_bytes: int = CACHE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._audio: OrderedDict[tuple[Voice, str], bytes] = OrderedDict()
        self.being_made: set[tuple[Voice, str]] = set()  # so that two calls do not make the same

    def get(self, voice: Voice, text: str) -> bytes | None:
        """The sentence in that voice, if it is kept."""
        audio = self._audio.get((voice, text))
        if audio is not None:
            self._audio.move_to_end((voice, text))
        return audio

    def keep(self, voice: Voice, text: str, audio: bytes) -> None:
        """Keep a whole sentence."""
        self._bytes += len(audio) - len(self._audio.pop((voice, text), b""))
        self._audio[voice, text] = audio
        while self._bytes > self._max_bytes and self._audio:
            _, dropped = self._audio.popitem(last=False)
            self._bytes -= len(dropped)


class TtsClient:
    """Asks the call's TTS replica."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        ladder: FailoverLadder,
        *,
        voice: Voice,
        cache: TtsCache,
        deadlines: Deadlines = TTS_DEADLINES,
    ) -> None:
        self._http = http
        self._ladder = ladder
        self._voice = voice
        self._deadlines = deadlines
        self._cache = cache
        self._linear_only: set[str] = set()  # endpoints that refused µ-law, by base URL

    async def stream(self, text: str, *, keep: bool = False) -> AsyncGenerator[bytes, None]:
        """The sentence's µ-law, piece by piece; `EveryRungFailed` when no replica finishes it.

        A second replica says the sentence again from its beginning, and what was given already is
        left out.
        """
        cached = self._cache.get(self._voice, text)
        if cached is not None:
            yield cached
            return
        given, began = bytearray(), asyncio.get_running_loop().time()
        for _ in range(self._ladder.attempts(roles.TTS)):
            endpoint = self._ladder.endpoint(roles.TTS)
            skip, asked_s = len(given), asyncio.get_running_loop().time()
            try:
                async with aclosing(self._attempt(endpoint, text)) as attempt:
                    async for piece in attempt:
                        if asked_s:
                            waited_s = asyncio.get_running_loop().time() - asked_s
                            self._ladder.waits.came(roles.TTS, endpoint, waited_s)
                            asked_s = 0.0
                        fresh = piece[skip:]
                        skip -= min(skip, len(piece))
                        if fresh:
                            given += fresh
                            yield fresh
            except REPLICA_FAULTS as error:
                self._ladder.failed(roles.TTS, endpoint, why(error))
                if asyncio.get_running_loop().time() - began > GIVE_UP_S:
                    break
                continue
            if keep:
                self._cache.keep(self._voice, text, bytes(given))
            return
        raise EveryRungFailed("speak: no replica finished the sentence")

    def ready(self, text: str) -> bytes | None:
        """The sentence's audio, if it is kept."""
        return self._cache.get(self._voice, text)

    async def make_ready(self, text: str) -> None:
        """Have the sentence's audio kept, unless it is, or another call is making it.

        `EveryRungFailed` as in `stream`.
        """
        key = (self._voice, text)
        if self.ready(text) is not None or key in self._cache.being_made:
            return
        self._cache.being_made.add(key)
        try:
            async with aclosing(self.stream(text, keep=True)) as pieces:
                async for _ in pieces:
                    pass
        finally:
            self._cache.being_made.discard(key)

    async def _attempt(self, endpoint: Endpoint, text: str) -> AsyncGenerator[bytes, None]:
        if endpoint.base_url not in self._linear_only:
            async with self._posted(endpoint, text, "pcmu") as stream:
                if stream.status not in _REFUSALS:
                    async with aclosing(_audio(stream, None)) as pieces:
                        async for piece in pieces:
                            yield piece
                    return
            self._linear_only.add(endpoint.base_url)
        async with (
            self._posted(endpoint, text, "pcm") as stream,
            aclosing(_audio(stream, Downsampler())) as pieces,
        ):
            async for piece in pieces:
                yield piece

    def _posted(
        self, endpoint: Endpoint, text: str, response_format: str
    ) -> AbstractAsyncContextManager[ResponseStream]:
        url = api_url(endpoint.base_url, "audio/speech")
        body = self._body(endpoint, text, response_format)
        headers = key_headers(url, key_for(endpoint, roles.TTS))
        return posted(self._http, url, body, deadlines=self._deadlines, headers=headers)

    def _body(self, endpoint: Endpoint, text: str, response_format: str) -> bytes:
        return msgspec.json.encode(
            {
                "model": endpoint.model,
                "input": text,
                "voice": self._voice.name,
                "speed": self._voice.speed,
                "response_format": response_format,
            }
        )


async def _audio(
    stream: ResponseStream, downsampler: Downsampler | None
) -> AsyncGenerator[bytes, None]:
    if stream.status != 200:
        raise BadStream(f"status {stream.status}")
    if stream.is_text:  # an error inside a 200 would be heard as noise
        raise BadStream("text in place of audio")
    total = 0
    async with aclosing(stream.pieces()) as pieces:
        async for piece in pieces:
            audio = downsampler.feed(piece) if downsampler else piece
            total += len(audio)
            if total > MAX_SENTENCE_BYTES:
                raise BadStream("over a minute of audio for one sentence")
            if audio:
                yield audio
    if not total:
        raise BadStream("no audio")
