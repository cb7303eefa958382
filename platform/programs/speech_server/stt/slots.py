"""A bounded set of decoders: a call holds one for as long as it lasts,
and whoever finds none is told so at once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from programs.speech_server.errors import SlotsFull
from programs.speech_server.stt.decoder import Decoder
from programs.speech_server.stt.language import Language

T = TypeVar("T")


class DecoderSlots:
    """At most `slots` decoders, computed by at most `threads` threads;
    PocketSphinx lets go of the interpreter lock.
    """

    def __init__(self, receptionist: Language, *, slots: int, threads: int) -> None:
        self._receptionist = receptionist
        self._slots = slots
        self._free: list[Decoder] = []
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="hear")
        self.taken = 0

    @asynccontextmanager
    async def slot(self, *, language: str = "") -> AsyncIterator[Decoder]:
        """A decoder, one that knows `language` already if there is one;
        SlotsFull at once when all are taken.
        """
        if self.taken >= self._slots:
            raise SlotsFull(f"hear: 0 of {self._slots} decoders free")
        self.taken += 1
        decoder: Decoder | None = None
        try:
            decoder = (
                self._pick(language)
                if self._free
                else await self.compute(lambda: Decoder(self._receptionist))
            )
            await self.compute(decoder.new_caller)
            yield decoder
        finally:
            self.taken -= 1
            if decoder is not None:
                self._free.append(decoder)

    async def compute(self, work: Callable[[], T]) -> T:
        """Run blocking decoder work in the threads;
        a cancelled caller still waits for its piece to end.
        """
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # The decoder may be given to the next call only once nothing computes on it: a piece
            # takes milliseconds.
            await asyncio.wait({running}, timeout=5.0)
            raise

    async def warm(self, count: int) -> None:
        """Make decoders before they are asked for."""
        while len(self._free) + self.taken < min(count, self._slots):
            self._free.append(await self.compute(lambda: Decoder(self._receptionist)))

    def close(self) -> None:
        """No more work; what runs is finished."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _pick(self, language: str) -> Decoder:
        for place, decoder in enumerate(self._free):
            if decoder.language == language:
                return self._free.pop(place)
        return self._free.pop()
