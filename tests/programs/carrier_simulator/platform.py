"""A small platform for the carrier to call:
answers its webhooks with given TwiML, and its streams with an agent.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from twilio.request_validator import RequestValidator

from programs.carrier_simulator.sound import is_voiced

ACCOUNT, TOKEN = "AC" + "0" * 32, "secret"
LOUD = bytes((0x10, 0x10, 0x90, 0x90)) * 40  # 20 ms that counts as speech
QUIET_FRAMES = 15

Agent = Callable[["Stream"], Awaitable[None]]


@dataclass
class Stream:
    """One media stream as the platform sees it."""

    socket: web.WebSocketResponse
    signed: bool
    messages: list[dict[str, Any]] = field(default_factory=list)

    async def receive(self) -> dict[str, Any] | None:
        """The next message; None at the end."""
        frame = await self.socket.receive(timeout=20)
        if frame.type is not WSMsgType.TEXT:
            return None
        message: dict[str, Any] = json.loads(frame.data)
        self.messages.append(message)
        return message

    async def send(self, event: str, **fields: Any) -> None:
        """One message of ours."""
        sid = next(each["streamSid"] for each in self.messages if each["event"] == "start")
        await self.socket.send_str(json.dumps({"event": event, "streamSid": sid, **fields}))

    async def speak(self, frames: int, mark: str) -> None:
        """Speech of that length, and a mark behind it."""
        await self.send("media", media={"payload": base64.b64encode(LOUD * frames).decode()})
        await self.send("mark", mark={"name": mark})

    def named(self, event: str) -> list[dict[str, Any]]:
        """What came of that kind."""
        return [message for message in self.messages if message["event"] == event]


@dataclass
class Platform:
    """`documents` by path; every request's form is kept with whether it was rightly signed."""

    documents: dict[str, str]
    agent: Agent
    forms: list[tuple[str, dict[str, str], bool]] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    url: str = ""

    def posted(self, path: str) -> list[dict[str, str]]:
        """The forms that came to a path."""
        return [form for to, form, _ in self.forms if to == path]

    async def answer(self, request: web.Request) -> web.Response:
        """A webhook."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers.get("X-Twilio-Signature", "")
        signed = RequestValidator(TOKEN).validate(f"{self.url}{request.path_qs}", form, signature)
        self.forms.append((request.path, form, signed))
        document = self.documents.get(request.path, "<Response/>")
        return web.Response(text=document.replace("ws://here", self.url.replace("http", "ws", 1)))

    async def listen(self, request: web.Request) -> web.WebSocketResponse:
        """A media stream."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        url = self.url.replace("http", "ws", 1) + request.path
        signed = RequestValidator(TOKEN).validate(
            url, {}, request.headers.get("X-Twilio-Signature", "")
        )
        stream = Stream(socket, signed)
        self.streams.append(stream)
        await self.agent(stream)
        await socket.close()
        return socket


@asynccontextmanager
async def serving(documents: dict[str, str], agent: Agent) -> AsyncIterator[Platform]:
    """The platform on a loopback port."""
    platform = Platform(documents, agent)
    app = web.Application()
    app.router.add_get("/media", platform.listen)
    app.router.add_post("/{path:.*}", platform.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        platform.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield platform
    finally:
        await runner.cleanup()


async def answers_each_turn(stream: Stream) -> None:
    """An agent that greets, then answers whenever the caller was heard and is quiet again."""
    heard, quiet, replies = False, 0, 0
    while (message := await stream.receive()) is not None:
        if message["event"] == "start":
            await stream.speak(20, "greeting")
        if message["event"] != "media":
            continue
        voiced = is_voiced(base64.b64decode(message["media"]["payload"]))
        heard, quiet = heard or voiced, 0 if voiced else quiet + 1
        if heard and quiet == QUIET_FRAMES:
            heard, replies = False, replies + 1
            await stream.speak(20, f"reply {replies}")


async def only_listens(stream: Stream) -> None:
    """An agent that takes everything in and says nothing."""
    while await stream.receive() is not None:
        await asyncio.sleep(0)
