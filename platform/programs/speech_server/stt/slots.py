"""A bounded set of decoders: a call holds one while it lasts, and is refused where none is free."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from programs.speech_server.errors import SlotsFull
from programs.speech_server.stt.decoder import Decoder
from programs.speech_server.stt.language_model import LanguageModel

T = TypeVar("T")


class DecoderSlots:
    """At most `slots` decoders, run by `threads` threads: PocketSphinx releases the GIL."""

    def __init__(self, receptionist: LanguageModel, *, slots: int, threads: int) -> None:
        self._receptionist = receptionist
        self._slots = slots
        self._free: list[Decoder] = []
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="stt")
        self.taken = 0

    @asynccontextmanager
    async def slot(self, *, language: str = "") -> AsyncIterator[Decoder]:
        """A free decoder, best one that has `language` loaded; SlotsFull when all are taken."""
        if self.taken >= self._slots:
            raise SlotsFull(f"hear: 0 of {self._slots} decoders free")
        self.taken += 1
        decoder: Decoder | None = None
        try:
            decoder = self._pick(language) if self._free else await self._new_decoder()
            await self.compute(decoder.new_caller)
            yield decoder
        finally:
            self.taken -= 1
            if decoder is not None:
                self._free.append(decoder)

    async def compute(self, work: Callable[[], T]) -> T:
        """Run blocking decoder work in a thread; a cancelled caller still waits for it to end."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # The decoder may be given to the next call only once nothing computes on it: a piece
            # takes milliseconds.
            await asyncio.wait({future}, timeout=5.0)
            raise

    async def warm(self, count: int) -> None:
        """Make decoders before they are asked for."""
        while len(self._free) + self.taken < min(count, self._slots):
            self._free.append(await self._new_decoder())

    def close(self) -> None:
        """No more work; what runs is finished."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _new_decoder(self) -> Decoder:
        return await self.compute(lambda: Decoder(self._receptionist))

    def _pick(self, language: str) -> Decoder:
        for place, decoder in enumerate(self._free):
            if decoder.language == language:
                return self._free.pop(place)
        return self._free.pop()
