"""Endpoints' dialects on a real loopback socket: the files beside this one, packet by packet.

Several endpoints in one: what it answers is set by the test, request by request.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent
ENDPOINTS = tuple(
    sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0] != "_")
)
_LINE_ENDS = {"LF": b"\n", "CRLF": b"\r\n", "CR": b"\r"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; `says` are the endpoint's own words about its error."""

    status: str
    content_type: str
    body: bytes
    says: str = ""


def recorded(endpoint: str, kind: str) -> Answer:
    """The file of an endpoint: "reply", "tool_call", "reasoning" or "error"."""
    text = (FOLDER / endpoint / f"{kind}.http").read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    notes: dict[str, str] = {}
    for line in head.splitlines():
        name, _, value = line.removeprefix("# ").partition(": ")
        notes[name] = value
    status = next(line for line in head.splitlines() if line.startswith("HTTP/1.1 "))
    ends = _LINE_ENDS[notes["Line ends"]]
    return Answer(
        status.removeprefix("HTTP/1.1 "),
        notes["Content-Type"],
        body.encode().replace(b"\n", ends),
        notes.get("Says", ""),
    )


def sse(*chunks: Any, done: bool = True) -> Answer:
    """A stream of these chunks."""
    body = b"".join(b"data: " + msgspec.json.encode(chunk) + b"\n\n" for chunk in chunks)
    return Answer("200 OK", "text/event-stream", body + (b"data: [DONE]\n\n" if done else b""))


def refusal(error: Any, *, status: str = "400 Bad Request") -> Answer:
    """A refusal in JSON."""
    return Answer(status, "application/json", msgspec.json.encode(error))


@dataclass
class DialectServer:
    """Gives `answers` one after the other, the last one again and again."""

    answers: list[Answer] = field(default_factory=list)
    packet_bytes: int = 1 << 16
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def start(self) -> "DialectServer":
        """Listen on loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def stop(self) -> None:
        """Go away."""
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._take(reader)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            writer.write(
                f"HTTP/1.1 {answer.status}\r\nContent-Type: {answer.content_type}\r\n"
                "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
            )
            for start in range(0, len(answer.body), self.packet_bytes):
                packet = answer.body[start : start + self.packet_bytes]
                writer.write(b"%x\r\n%s\r\n" % (len(packet), packet))
                await writer.drain()
                await asyncio.sleep(0)
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.paths.append(first.split()[1])
        self.headers.append(headers)
        self.requests.append(msgspec.json.decode(body))
