"""How many requests are at work at once, how many wait for that, and for how long."""

import asyncio

from warmline.kernel.errors import Unavailable


class NoPlace(Unavailable):
    """Every place is taken, and the line is full or too slow."""


class TooMany(NoPlace):
    """The same, where it is the visitors' doing and not ours."""

    http_status = 429


class Places:
    """At most `many` are inside; at most `waiting` stand in line, each for `seconds` at most."""

    def __init__(
        self, many: int, *, waiting: int, seconds: float, refusal: type[NoPlace] = NoPlace
    ) -> None:
        self._refusal = refusal
        self.many = many
        self._inside = asyncio.Semaphore(many)
        self._most_waiting = waiting
        self._seconds = seconds
        self._waiting = 0

    async def take(self) -> None:
        """Wait for a place; `NoPlace` when there is none in time. Give it back by `leave`."""
        if self._inside.locked() and self._waiting >= self._most_waiting:
            raise self._refusal(f"{self._most_waiting} requests wait already")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._inside.acquire()
        except TimeoutError:
            raise self._refusal(f"no place within {self._seconds:g} s") from None
        finally:
            self._waiting -= 1

    def leave(self) -> None:
        """A place is free."""
        self._inside.release()
