"""Stub hear, think and speak replicas on real loopback sockets, speaking the real wire formats.

They answer from a script after fixed delays, and misbehave on command. Load tests run them in a
process of their own (`python -m tests.fakes.replicas --port N`), so that the measured process pays
for its own work only.
"""

import argparse
import asyncio
import audioop
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
import uvloop
from aiohttp import ClientConnectionResetError, WSMsgType, web
from aiohttp.typedefs import Handler

Fault = Literal[
    "refuse", "no_token", "dies_midway", "stalls_midway", "garbage", "empty", "endless", "no_end"
]
PIECE_MS = 200


def tone(ms: int) -> bytes:
    """A 440 Hz tone in µ-law, so that the agent's voice is not silence."""
    samples = b"".join(
        int(8000 * math.sin(2 * math.pi * 440 * n / 8000)).to_bytes(2, "little", signed=True)
        for n in range(8000)
    )
    second = audioop.lin2ulaw(samples, 2)
    return (second * (ms // 1000 + 1))[: ms * 8]


@dataclass
class Script:
    """What the stubs say and when. `heard` is consumed turn by turn;
    `answer` sees the request's messages.
    """

    heard: list[str] = field(default_factory=lambda: ["hello there"])
    logprobs: list[float] = field(default_factory=list)  # of each text; none by default
    answer: Callable[[list[dict[str, Any]]], str | list[dict[str, Any]]] = lambda _: (
        "It is a stub. Anything else?"
    )
    stt_s: float = 0.0
    first_token_s: float = 0.0
    between_tokens_s: float = 0.0
    first_audio_s: float = 0.0
    ms_per_char: int = 15
    mulaw: bool = True
    takes_session: bool = True  # else the format of the audio is refused
    continues: bool = True  # takes `continue_final_message`; most hosted providers refuse it
    most_characters: int = 10**6  # of a request's messages; more is refused, as vLLM does
    faults: list[Fault] = field(default_factory=list)  # of the next chat requests, one each
    tts_faults: list[Fault] = field(default_factory=list)
    stt_faults: list[Fault] = field(default_factory=list)


class StubReplica:
    """All three roles on one port."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.requests: list[dict[str, Any]] = []
        self.spoken: list[str] = []
        self.heard_bytes: list[int] = []
        self.keys: list[tuple[str, str]] = []  # each request's path and Authorization
        self.url = ""
        self._turns = 0
        self._runner: web.AppRunner | None = None
        self._tone = tone(1000)

    async def start(self, port: int = 0) -> "StubReplica":
        """Listen on loopback."""
        app = web.Application(client_max_size=1 << 20, middlewares=[self._note_key])
        app.router.add_get("/health", self._health)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/audio/speech", self._speech)
        app.router.add_get("/v1/realtime", self._realtime)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Vanish, with every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response()

    @web.middleware
    async def _note_key(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.keys.append((request.path, request.headers.get("Authorization", "")))
        return await handler(request)

    # ---- think -----------------------------------------------------------------------------------

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        # a caller cut in, and the answer is not wanted any more
        with suppress(ConnectionResetError):
            return await self._answer(request, response)
        return response

    async def _answer(
        self, request: web.Request, response: web.StreamResponse
    ) -> web.StreamResponse:
        body = msgspec.json.decode(await request.read())
        self.requests.append(body)
        if body.get("continue_final_message") and not self.script.continues:
            return web.json_response(
                {"error": {"message": "unknown argument: continue_final_message"}}, status=400
            )
        length = sum(len(message.get("content") or "") for message in body["messages"])
        if length > self.script.most_characters:
            return web.json_response({"error": {"message": "maximum context length"}}, status=400)
        fault = self.script.faults.pop(0) if self.script.faults else None
        if fault == "refuse":
            return web.json_response({"error": "busy"}, status=503)
        if fault == "no_token":
            await asyncio.sleep(60)
        if not body.get("stream"):
            await asyncio.sleep(self.script.first_token_s)
            message = {"role": "assistant", "content": self.script.answer(body["messages"])}
            return web.json_response({"choices": [{"message": message}]})
        await response.prepare(request)
        await asyncio.sleep(self.script.first_token_s)
        if fault == "garbage":
            await response.write(b"data: {not json at all\n\n")
            return response
        answer: str | list[dict[str, Any]] = (
            "" if fault == "empty" else self.script.answer(body["messages"])
        )
        if isinstance(answer, str):
            await self._words(response, _rest_of(body, answer), fault)
        else:
            await self._event(response, {"delta": {"role": "assistant", "tool_calls": answer}})
        if fault in {"dies_midway", "no_end"}:
            if request.transport is not None:
                request.transport.close()
            return response
        await self._event(
            response,
            {"delta": {}, "finish_reason": "stop" if isinstance(answer, str) else "tool_calls"},
        )
        await response.write(
            b'data: {"choices":[],"usage":{"prompt_tokens":50,"completion_tokens":9}}\n\n'
        )
        await response.write(b"data: [DONE]\n\n")
        return response

    async def _words(self, response: web.StreamResponse, answer: str, fault: Fault | None) -> None:
        pieces = (
            [f" {word}" if n else word for n, word in enumerate(answer.split(" "))]
            if answer
            else []
        )
        for n, piece in enumerate(pieces):
            if fault == "dies_midway" and n >= len(pieces) // 2:
                return
            if fault == "stalls_midway" and n >= len(pieces) // 2:
                await asyncio.sleep(60)
            await self._event(response, {"delta": {"content": piece}})
            if self.script.between_tokens_s:
                await asyncio.sleep(self.script.between_tokens_s)
        while fault == "endless":
            await self._event(response, {"delta": {"content": " and on."}})
            await asyncio.sleep(0)

    async def _event(self, response: web.StreamResponse, choice: dict[str, Any]) -> None:
        await response.write(
            b"data: " + msgspec.json.encode({"choices": [{"index": 0, **choice}]}) + b"\n\n"
        )

    # ---- speak -----------------------------------------------------------------------------------

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/basic"})
        with suppress(ConnectionResetError):
            return await self._say(request, response)
        return response

    async def _say(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        body = msgspec.json.decode(await request.read())
        fault = self.script.tts_faults.pop(0) if self.script.tts_faults else None
        if fault == "refuse":
            return web.json_response({"error": "busy"}, status=503)
        if fault == "garbage":
            return web.json_response({"error": {"message": "no voice left"}})
        if body["response_format"] == "pcmu" and not self.script.mulaw:
            return web.json_response({"error": "response_format"}, status=400)
        self.spoken.append(body["input"])
        await response.prepare(request)
        await asyncio.sleep(self.script.first_audio_s)
        left_ms = self.script.ms_per_char * len(body["input"])
        while left_ms > 0:
            ms = min(PIECE_MS, left_ms)
            left_ms -= ms
            await response.write(
                bytes(ms * 48) if body["response_format"] == "pcm" else self._tone[: ms * 8]
            )
            if fault == "dies_midway":
                if request.transport is not None:
                    request.transport.close()
                return response
            if fault == "stalls_midway":
                await asyncio.sleep(60)
        return response

    # ---- hear ------------------------------------------------------------------------------------

    async def _realtime(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        heard = 0
        await socket.send_json({"type": "session.created", "session": {}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            event = msgspec.json.decode(message.data, type=dict[str, Any])
            if event["type"] == "session.update" and not self.script.takes_session:
                error = {"message": "expected pcm", "event_id": event.get("event_id")}
                await socket.send_json({"type": "error", "error": error})
            elif event["type"] == "input_audio_buffer.append":
                heard += len(event["audio"]) * 3 // 4
            elif event["type"] == "input_audio_buffer.commit":
                with suppress(ClientConnectionResetError):  # the caller hung up meanwhile
                    await self._transcribe(socket, heard)
                heard = 0
        return socket

    async def _transcribe(self, socket: web.WebSocketResponse, heard: int) -> None:
        fault = self.script.stt_faults.pop(0) if self.script.stt_faults else None
        if fault == "refuse":
            await socket.send_json({"type": "conversation.item.input_audio_transcription.failed"})
            return
        if fault == "dies_midway":
            await socket.close()
            return
        self.heard_bytes.append(heard)
        await asyncio.sleep(self.script.stt_s)
        text = self.script.heard[min(self._turns, len(self.script.heard) - 1)]
        self._turns += 1
        await socket.send_json(
            {"type": "input_audio_buffer.committed", "item_id": f"item_{self._turns}"}
        )
        kind = "conversation.item.input_audio_transcription.completed"
        completed: dict[str, Any] = {
            "type": kind,
            "item_id": f"item_{self._turns}",
            "transcript": text,
        }
        if self.script.logprobs:
            completed["logprobs"] = [{"token": "?", "logprob": n} for n in self.script.logprobs]
        await socket.send_json(completed)


def _rest_of(body: dict[str, Any], answer: str) -> str:
    """What is left of the answer after the words that a continuation begins with."""
    if not body.get("continue_final_message"):
        return answer
    prefix = body["messages"][-1]["content"]
    assert answer.startswith(prefix), f"{answer!r} is not continued by {prefix!r}"
    return answer[len(prefix) :]


def asks_tool(name: str, arguments: Any, id_: str = "call_1") -> list[dict[str, Any]]:
    """A tool call as a stub's answer."""
    return [
        {
            "index": 0,
            "id": id_,
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }
    ]


def main() -> None:
    """Serve a script for load tests until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--stt-s", type=float, default=0.1)
    parser.add_argument("--first-token-s", type=float, default=0.15)
    parser.add_argument("--first-audio-s", type=float, default=0.1)
    parser.add_argument("--reply-s", type=float, default=4.0)
    args = parser.parse_args()
    reply = (
        "This is the first sentence of an answer. "
        "And this is the second sentence of it, a longer one."
    )
    script = Script(
        heard=["are you open"],  # as the stubs of those it is measured beside
        stt_s=args.stt_s,
        first_token_s=args.first_token_s,
        first_audio_s=args.first_audio_s,
        ms_per_char=int(args.reply_s * 1000 / len(reply)),
        answer=lambda _: reply,
    )

    async def serve() -> None:
        await StubReplica(script).start(args.port)
        await asyncio.Event().wait()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


if __name__ == "__main__":
    main()
