"""How far the carrier's media edge is from here: pings on the call's own socket, the least of a
few.

Whoever ends a WebSocket must answer a ping with a pong of the same content, as soon as it can (RFC
6455, sections 5.5.2 and 5.5.3). So the way is measured on which the audio goes, whatever is being
played, and in shadow mode too. A mark would not do: it comes back when playback reaches it, so that
the carrier's buffer and its playing clock would be in the figure, and a forked stream takes none.
The caller's own way to that edge is not in it.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from warmline.kernel.cancellation import not_cancelled
from warmline.kernel.clock import monotonic_ms

PROBE_S: Final = 60.0
# the least of them: what waited behind audio or for a busy process is only ever longer
PINGS: Final = 5
APART_S: Final = 0.2
PONG_S: Final = 2.0  # what takes longer is no round trip but a stall


class RoundTrips:
    """The round trips of one stream.

    `ping` sends a ping frame; `pong` is told of each pong frame that came.
    """

    def __init__(
        self, ping: Callable[[bytes], None], *, clock_ms: Callable[[], float] = monotonic_ms
    ) -> None:
        self._ping = ping
        self._clock_ms = clock_ms
        self._content = b""
        self._pong: asyncio.Future[float] | None = None

    def pong(self, content: bytes) -> None:
        """A pong came; one that answers no ping that is waited for counts for nothing."""
        if self._pong is not None and not self._pong.done() and content == self._content:
            self._pong.set_result(self._clock_ms())

    async def measure(self) -> float | None:
        """The least of a few round trips in milliseconds.

        None when the first ping was not answered in time.
        """
        least_ms: float | None = None
        for number in range(PINGS):
            if number:
                await asyncio.sleep(APART_S)
            took_ms = await self._once()
            if took_ms is None:
                break
            least_ms = took_ms if least_ms is None else min(least_ms, took_ms)
        return least_ms

    async def run(self, measured: Callable[[float], None], *, every_s: float) -> None:
        """Measure at once and again and again, for as long as the call lasts."""
        while not_cancelled():
            least_ms = await self.measure()
            if least_ms is not None:
                measured(least_ms)
            await asyncio.sleep(every_s)

    async def _once(self) -> float | None:
        # A content that nobody can know before the ping arrives: no pong comes too early, and a
        # late one is told apart.
        self._content = secrets.token_bytes(8)
        self._pong = asyncio.get_running_loop().create_future()
        sent_ms = self._clock_ms()
        self._ping(self._content)
        try:
            async with asyncio.timeout(PONG_S):
                return await self._pong - sent_ms
        except TimeoutError:
            return None
        finally:
            self._pong = None
