"""A client of the realtime transcription socket, as the media plane is one."""

import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from programs.carrier_simulator.audio import voice

ANSWER_S = 60
COMPLETED = "conversation.item.input_audio_transcription.completed"
FAILED = "conversation.item.input_audio_transcription.failed"
DELTA = "conversation.item.input_audio_transcription.delta"
PCMU = {"type": "audio/pcmu"}
NUMBERS = {"3": "three", "9": "nine", "10": "ten", "150": "a hundred and fifty"}


class Caller:
    """One session; `events` keeps everything that the server sent."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []

    async def send(self, **event: Any) -> None:
        """One event."""
        await self.socket.send_str(json.dumps(event))

    async def configure(
        self, audio_format: dict[str, Any] = PCMU, **transcription: Any
    ) -> dict[str, Any]:
        """session.update, and the session as the server then has it."""
        listening = {"format": audio_format, "transcription": transcription, "turn_detection": None}
        await self.send(
            type="session.update", session={"type": "transcription", "audio": {"input": listening}}
        )
        return await self.until("session.updated")

    async def speak(self, audio: bytes, *, piece_bytes: int = 480) -> None:
        """Append audio in the pieces in which a call brings it."""
        for start in range(0, len(audio), piece_bytes):
            encoded = base64.b64encode(audio[start : start + piece_bytes]).decode()
            await self.send(type="input_audio_buffer.append", audio=encoded)

    async def text(self) -> str:
        """Commit, and the turn's words."""
        await self.send(type="input_audio_buffer.commit")
        completed = await self.until(COMPLETED)
        return plain(completed["transcript"])

    async def until(self, kind: str) -> dict[str, Any]:
        """The next event of that type; what comes before it is kept in `events`."""
        while True:
            event = json.loads(await self.socket.receive_str(timeout=ANSWER_S))
            self.events.append(event)
            if event["type"] == kind:
                return dict(event)
            assert event["type"] != "error" or kind == "error", event


@asynccontextmanager
async def calling(address: str) -> AsyncIterator[Caller]:
    """A session on its own connection."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{address}/v1/realtime?intent=transcription") as socket,
    ):
        yield Caller(socket)


def spoken(name: str) -> bytes:
    """A recording's µ-law, with a quarter of a second of a quiet line around it."""
    quiet = b"\xff" * 2000
    return quiet + b"".join(voice(name).frames) + quiet


def words(name: str) -> str:
    """What is said in it."""
    return plain(voice(name).text)


def plain(text: str) -> str:
    """The words alone, hours in letters: how they are written is each recogniser's own."""
    spelt = re.sub(r"\b\d+\b", lambda number: NUMBERS.get(number[0], number[0]), text.lower())
    return " ".join(re.findall(r"[a-z0-9']+", spelt))


def distance(heard: list[str], expected: list[str]) -> int:
    """How many words are wrong, missing or too many (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for n, word in enumerate(expected, start=1):
        before, row[0] = row[0], n
        for m, other in enumerate(heard, start=1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (word != other))
    return row[-1]
