"""Decodes off the event loop: so many at once, the rest in the order in which they came."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from programs.speech_server.errors import SlotsFull

T = TypeVar("T")


class DecodeQueue:
    """Fair among callers: each waits with one piece of one utterance at a time."""

    def __init__(self, *, threads: int, most_waiting: int) -> None:
        self._threads = threads
        self._most_waiting = most_waiting
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="stt")
        self._free = asyncio.Semaphore(threads)
        self._running = 0
        self._waiting = 0

    async def run(self, work: Callable[[], T], *, within_s: float) -> T:
        """What the work comes to; `SlotsFull` when it cannot be there in time.

        Work that has begun goes on when its caller hangs up, and keeps its thread until it is done.
        """
        if self._waiting >= self._most_waiting:
            raise SlotsFull(f"hear: {self._waiting} utterances wait for {self._threads} threads")
        try:
            async with asyncio.timeout(within_s):
                self._waiting += 1
                try:
                    await self._free.acquire()
                finally:
                    self._waiting -= 1
                return await asyncio.shield(self._start(work))
        except TimeoutError:
            raise SlotsFull(f"hear: no text within {within_s:.1f} s") from None

    async def run_if_idle(self, work: Callable[[], T]) -> "asyncio.Future[T] | None":
        """Begin work that nobody needs, unless somebody else's would have to wait for it: of
        several threads one stays free.
        """
        if self._free.locked() or self._running >= max(1, self._threads - 1):
            return None
        await self._free.acquire()  # at once: it is not locked
        return self._start(work)

    def close(self) -> None:
        """No more work; what runs is finished."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        self._running += 1
        future.add_done_callback(self._done)
        return future

    def _done(self, future: "asyncio.Future[T]") -> None:
        self._running -= 1
        self._free.release()
        if not future.cancelled():
            future.exception()  # looked at: its caller may have hung up
