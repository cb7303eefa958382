"""A caller on the carrier's wire:
sends frames in real time, plays what comes, returns marks when they are reached.
"""

import asyncio
import itertools
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import websockets

from tests.telephony.carriers.streams import StreamEnd, TwilioStream

VOICES = Path(__file__).parent / "voices"
SILENT_FRAME = b"\xff" * 160


def voice(name: str) -> bytes:
    """A caller's line as µ-law."""
    return (VOICES / f"{name}.ulaw").read_bytes()


class Caller:
    """One media stream, as the carrier opens it."""

    def __init__(
        self,
        url: str,
        *,
        call: str,
        token: str,
        tracks: tuple[str, ...] = ("inbound",),
        stream: Callable[[str], StreamEnd] = TwilioStream,
    ) -> None:
        self.stream_id = f"MZ{secrets.token_hex(16)}"
        self._stream = stream(self.stream_id)
        self._url = url
        self._parameters = {"call": call, "token": token}
        self._tracks = tracks
        self._say: dict[str, asyncio.Queue[bytes]] = {track: asyncio.Queue() for track in tracks}
        self._buffer: list[tuple[str, Any]] = []  # what the carrier has not played yet
        self._playing_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self.heard = bytearray()
        self.marks: list[str] = []
        self.told: list[dict[str, Any]] = []  # what a page is shown
        self.clears = 0
        self.first_audio_at: list[float] = []
        self.last_audio_at = 0.0
        self.closed = asyncio.Event()
        self.close_code: int | None = None
        self.socket: websockets.ClientConnection

    async def __aenter__(self) -> "Caller":
        self.socket = await websockets.connect(self._url, compression=None)
        if (connected := self._stream.connected()) is not None:
            await self.send(connected)
        await self.send(self.start_message())
        self._tasks = [
            asyncio.create_task(work()) for work in (self._talk, self._listen, self._play)
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket.close()

    def start_message(self) -> dict[str, Any]:
        """The carrier's start."""
        return self._stream.start(self._parameters, self._tracks)

    async def send(self, message: dict[str, Any] | bytes | str) -> None:
        """One message on the wire."""
        text = msgspec.json.encode(message).decode() if isinstance(message, dict) else message
        await self.socket.send(text)

    async def say(self, mulaw: bytes, *, track: str | None = None) -> None:
        """Speak, and return when the last frame was sent."""
        queue = self._say[track or self._tracks[0]]
        for start in range(0, len(mulaw), 160):
            queue.put_nowait(mulaw[start : start + 160])
        await queue.join()

    async def stop(self) -> None:
        """Hang up as the carrier tells it."""
        await self.send(self._stream.stop())

    async def press(self, digit: str) -> None:
        """Press a key."""
        await self.send(self._stream.dtmf(digit))

    async def quiet(self, *, for_s: float = 0.4, within_s: float = 15.0) -> None:
        """Wait until the agent has said something and then nothing for a while."""
        async with asyncio.timeout(within_s):
            while not self.heard or asyncio.get_running_loop().time() - self.last_audio_at < for_s:
                await asyncio.sleep(0.02)

    async def agent_speaks(self, *, within_s: float = 10.0) -> None:
        """Wait until audio of the agent is being played after now."""
        seen = len(self.heard)
        async with asyncio.timeout(within_s):
            while len(self.heard) == seen:
                await asyncio.sleep(0.01)

    async def _talk(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for n in itertools.count():
            for track, queue in self._say.items():
                said = not queue.empty()
                frame = queue.get_nowait() if said else SILENT_FRAME
                await self.send(self._stream.media(track, n, frame))
                if said:
                    queue.task_done()
            await asyncio.sleep(max(0.0, began + (n + 1) * 0.02 - loop.time()))

    async def _listen(self) -> None:
        try:
            async for raw in self.socket:
                kind, content = self._stream.read(raw)
                if kind == "clear":
                    self.clears += 1
                    dropped = [name for what, name in self._buffer if what == "mark"]
                    self._buffer.clear()
                    for name in dropped:
                        await self._return_mark(name)
                elif isinstance(content, dict):
                    self.told.append(content)
                else:
                    self._buffer.append((kind, content))
        except websockets.ConnectionClosed:
            pass
        self.close_code = self.socket.close_code
        self.closed.set()

    async def _play(self) -> None:
        loop = asyncio.get_running_loop()
        at = loop.time()
        while True:
            if not self._buffer:
                at = loop.time()
                await asyncio.sleep(0.005)
                continue
            kind, content = self._buffer.pop(0)
            if kind == "mark":
                self.marks.append(content)
                await self._return_mark(content)
                continue
            if loop.time() - self.last_audio_at > 0.2:
                self.first_audio_at.append(loop.time())
            self.heard += content
            self.last_audio_at = loop.time()
            at += len(content) / 8000
            await asyncio.sleep(max(0.0, at - loop.time()))
            self.last_audio_at = loop.time()

    async def _return_mark(self, name: str) -> None:
        await self.send(self._stream.mark(name))
