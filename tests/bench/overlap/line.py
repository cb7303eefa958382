"""A caller in a place: what is behind him is on his line, and so is what his loudspeaker plays."""

import asyncio
import audioop
import itertools
from typing import Any

from tests.telephony.media.caller import SILENT_FRAME, Caller


class LineCaller(Caller):
    """A caller whose line carries a background, over and over, and an echo of the agent."""

    def __init__(
        self,
        url: str,
        *,
        behind: bytes = b"",
        echo_db: float | None = None,
        delay_ms: int = 0,
        **stream: Any,
    ) -> None:
        super().__init__(url, **stream)
        self._behind = behind
        self._echo = None if echo_db is None else 10 ** (echo_db / 20)
        self._back = bytearray(SILENT_FRAME * (delay_ms // 20))
        self._latest = len(self._back)
        self._echoed = 0  # of what was heard
        self.spoke_at = 0.0
        self.cleared_at: list[float] = []
        self.heard_at_clear: list[int] = []

    async def __aenter__(self) -> "LineCaller":
        await super().__aenter__()
        self._tasks.append(asyncio.create_task(self._watch_clears()))
        return self

    async def say(self, mulaw: bytes, *, track: str | None = None) -> None:
        """Speak; `spoke_at` is when the first frame left."""
        self.spoke_at = 0.0
        await super().say(mulaw, track=track)

    async def _watch_clears(self) -> None:
        while True:
            if self.clears > len(self.cleared_at):
                self.cleared_at.append(asyncio.get_running_loop().time())
                self.heard_at_clear.append(len(self.heard))
            await asyncio.sleep(0.002)

    async def _talk(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        [(track, queue)] = self._say.items()
        for n in itertools.count():
            said = not queue.empty()
            frame = queue.get_nowait() if said else SILENT_FRAME
            if said and not self.spoke_at:
                self.spoke_at = loop.time()
            await self.send(self._stream.media(track, n, self._on_line(frame, n)))
            if said:
                queue.task_done()
            await asyncio.sleep(max(0.0, began + (n + 1) * 0.02 - loop.time()))

    def _on_line(self, frame: bytes, n: int) -> bytes:
        mixed = audioop.ulaw2lin(frame, 2)
        if self._behind:
            at = n * 160 % (len(self._behind) // 160 * 160)
            mixed = audioop.add(mixed, audioop.ulaw2lin(self._behind[at : at + 160], 2), 2)
        if self._echo is not None:
            back = audioop.ulaw2lin(self._comes_back(), 2)
            mixed = audioop.add(mixed, audioop.mul(back, 2, self._echo), 2)
        return audioop.lin2ulaw(mixed, 2)

    def _comes_back(self) -> bytes:
        """The frame of the agent's voice that has found its way back by now."""
        fresh = bytes(self.heard[self._echoed :])
        self._echoed += len(fresh)
        self._back += fresh
        if len(self._back) < self._latest + 160:
            self._back += SILENT_FRAME
        frame = bytes(self._back[:160])
        del self._back[:160]
        return frame
