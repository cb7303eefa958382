"""What the agent says as a track: a frame every 20 ms, marks where they are reached."""

import asyncio
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from aiortc import MediaStreamTrack
from av import AudioFrame

from telephony.carriers.wire import FRAME_BYTES, FRAME_MS
from telephony.media.audio.mulaw import SAMPLE_RATE_HZ, to_linear

SILENCE: Final = bytes(2 * FRAME_BYTES)
# A frame that left is heard once the way and the page's jitter buffer are behind it: browsers hold
# 40 to 120 ms of a steady stream.
HEARD_AFTER_S: Final = 0.1
LATE_S: Final = 0.2  # a loop that stalled for longer goes on from now: the gap is over


class AgentTrack(MediaStreamTrack):
    """Plays µ-law in real time; `reached` is told of a mark when the page has played up to it."""

    kind = "audio"

    def __init__(self, reached: Callable[[str], None]) -> None:
        super().__init__()
        self._reached = reached
        self._queue: deque[bytes | str] = deque()
        self._frames = 0
        self._due_s: float | None = None

    def play(self, mulaw: bytes) -> None:
        """A frame of 20 ms after everything before it; its caller bounds what lies ahead."""
        self._queue.append(mulaw)

    def mark(self, name: str) -> None:
        """A mark after everything before it."""
        self._queue.append(name)

    def clear(self) -> None:
        """Drop what is not played yet; its marks come back after whatever clears it is done.

        As with every carrier: a mark that came back within would count its sentence as heard.
        """
        marks = [item for item in self._queue if isinstance(item, str)]
        self._queue.clear()
        for name in marks:
            asyncio.get_running_loop().call_soon(self._reached, name)

    async def recv(self) -> AudioFrame:
        """The next 20 ms, when they are due: aiortc asks for them one after the other."""
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        if self._due_s is None or now_s - self._due_s > LATE_S:
            self._due_s = now_s
        if self._due_s > now_s:
            await asyncio.sleep(self._due_s - now_s)
        self._due_s += FRAME_MS / 1000
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME_BYTES)
        frame.planes[0].update(self._next(loop))
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = self._frames * FRAME_BYTES
        self._frames += 1
        return frame

    def _next(self, loop: asyncio.AbstractEventLoop) -> bytes:
        while self._queue:
            item = self._queue.popleft()
            if isinstance(item, bytes):
                return to_linear(item)
            loop.call_later(HEARD_AFTER_S, self._reached, item)
        return SILENCE
