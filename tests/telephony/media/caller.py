"""A caller on the carrier's wire:
sends frames in real time, plays what comes, returns marks when they are reached.
"""

import asyncio
import base64
import itertools
import secrets
from pathlib import Path
from typing import Any

import msgspec
import websockets

VOICES = Path(__file__).parent / "voices"
SILENT_FRAME = b"\xff" * 160


def voice(name: str) -> bytes:
    """A caller's line as µ-law."""
    return (VOICES / f"{name}.ulaw").read_bytes()


class Caller:
    """One media stream, as the carrier opens it."""

    def __init__(
        self, url: str, *, call: str, token: str, tracks: tuple[str, ...] = ("inbound",)
    ) -> None:
        self.stream_id = f"MZ{secrets.token_hex(16)}"
        self._url = url
        self._parameters = {"call": call, "token": token}
        self._tracks = tracks
        self._say: dict[str, asyncio.Queue[bytes]] = {track: asyncio.Queue() for track in tracks}
        self._buffer: list[tuple[str, Any]] = []  # what the carrier has not played yet
        self._playing_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._sequence = itertools.count(1)
        self.heard = bytearray()
        self.marks: list[str] = []
        self.clears = 0
        self.first_audio_at: list[float] = []
        self.last_audio_at = 0.0
        self.closed = asyncio.Event()
        self.close_code: int | None = None
        self.socket: websockets.ClientConnection

    async def __aenter__(self) -> "Caller":
        self.socket = await websockets.connect(self._url, compression=None)
        await self.send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
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
        start = {
            "streamSid": self.stream_id,
            "accountSid": "AC1",
            "callSid": "CA1",
            "tracks": list(self._tracks),
            "customParameters": self._parameters,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        return {
            "event": "start",
            "sequenceNumber": "1",
            "streamSid": self.stream_id,
            "start": start,
        }

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
        await self.send({"event": "stop", "streamSid": self.stream_id, "stop": {"callSid": "CA1"}})

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
                speaking = not queue.empty()
                frame = queue.get_nowait() if speaking else SILENT_FRAME
                media = {
                    "track": track,
                    "chunk": str(n + 1),
                    "timestamp": str(n * 20),
                    "payload": base64.b64encode(frame).decode(),
                }
                message = {
                    "event": "media",
                    "sequenceNumber": str(n + 2),
                    "streamSid": self.stream_id,
                    "media": media,
                }
                await self.send(message)
                if speaking:
                    queue.task_done()
            await asyncio.sleep(max(0.0, began + (n + 1) * 0.02 - loop.time()))

    async def _listen(self) -> None:
        try:
            async for raw in self.socket:
                message = msgspec.json.decode(raw)
                assert message["streamSid"] == self.stream_id
                if message["event"] == "media":
                    self._buffer.append(("media", base64.b64decode(message["media"]["payload"])))
                elif message["event"] == "mark":
                    self._buffer.append(("mark", message["mark"]["name"]))
                elif message["event"] == "clear":
                    self.clears += 1
                    dropped = [name for kind, name in self._buffer if kind == "mark"]
                    self._buffer.clear()
                    for name in dropped:
                        await self._return_mark(name)
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
        await self.send({"event": "mark", "streamSid": self.stream_id, "mark": {"name": name}})
