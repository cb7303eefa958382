"""The speech server's HTTP side:
OpenAI's audio endpoints, health and metrics, for one role or both.
"""

import logging
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from aiohttp import ClientConnectionResetError, WSCloseCode, web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from programs.speech_server.errors import BadRequest, SlotsFull, error_object
from programs.speech_server.measures import (
    REFUSED,
    REGISTRY,
    REQUEST_SECONDS,
    REQUESTS,
    REQUESTS_RUNNING,
)
from programs.speech_server.realtime.events import Answers
from programs.speech_server.realtime.session import RealtimeSession
from programs.speech_server.stt.language import receptionist
from programs.speech_server.stt.requests import MAX_UPLOAD_BYTES, transcribe
from programs.speech_server.stt.slots import DecoderSlots
from programs.speech_server.stt.vocabularies import Vocabularies, checked
from programs.speech_server.tts.requests import parse_speech, say
from programs.speech_server.tts.synthesis import Synthesiser
from warmline.kernel import roles
from warmline.kernel.errors import WarmlineError

Role = Literal["hear", "speak", "both"]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

STT_MODEL: Final = "pocketsphinx-en-us"
TTS_MODEL: Final = "espeak-ng"
MAX_FRAME_BYTES: Final = 1024 * 1024
HEARTBEAT_S: Final = 15.0
LOG: Final = logging.getLogger("warmline.speech")


@dataclass(frozen=True, slots=True)
class Options:
    """What a server is started with; `cache` keeps the receptionist's model between starts."""

    role: Role
    slots: int
    threads: int
    cache: Path


@dataclass(frozen=True, slots=True)
class Ears:
    """What hearing needs, for as long as the server lives."""

    slots: DecoderSlots
    vocabularies: Vocabularies


EARS: Final = web.AppKey("ears", Ears)
MOUTH: Final = web.AppKey("mouth", Synthesiser)
MODELS: Final = web.AppKey("models", list[str])


def speech_app(options: Options) -> web.Application:
    """The application; it answers once its models are loaded,
    so an open socket means that it can hear and speak.
    """
    app = web.Application(middlewares=[_counted_and_answered], client_max_size=MAX_UPLOAD_BYTES)
    models = {roles.STT: [STT_MODEL], roles.TTS: [TTS_MODEL], "both": [STT_MODEL, TTS_MODEL]}[
        options.role
    ]
    app.router.add_get("/health", _health)
    app.router.add_get("/metrics", _metrics)
    app.router.add_get("/v1/models", _models)
    app[MODELS] = models
    if options.role != roles.TTS:
        app.cleanup_ctx.append(lambda app: _open_ears(app, options))
        app.router.add_get("/v1/realtime", _realtime, name="realtime")
        app.router.add_post("/v1/audio/transcriptions", _transcriptions, name="transcriptions")
        app.router.add_post("/v1/vocabularies", _vocabularies, name="vocabularies")
    if options.role != roles.STT:
        app.cleanup_ctx.append(_open_mouth)
        app.router.add_post("/v1/audio/speech", _speech, name="speech")
    return app


async def _open_ears(app: web.Application, options: Options) -> AsyncIterator[None]:
    language = receptionist(options.cache)
    slots = DecoderSlots(language, slots=options.slots, threads=options.threads)
    await slots.warm(min(2, options.slots))
    with tempfile.TemporaryDirectory(prefix="warmline-vocabularies-") as folder:
        vocabularies = Vocabularies(language, cache=options.cache, folder=Path(folder))
        app[EARS] = Ears(slots, vocabularies)
        yield
        await vocabularies.close()
        slots.close()


async def _open_mouth(app: web.Application) -> AsyncIterator[None]:
    mouth = Synthesiser()
    app[MOUTH] = mouth
    async for _ in mouth.speak("Ready.", voice="en-us", words_per_minute=200):
        pass
    yield
    mouth.close()


@web.middleware
async def _counted_and_answered(request: web.Request, handler: Answer) -> web.StreamResponse:
    kind = request.match_info.route.name
    if kind is None:
        return await handler(request)
    began, outcome = time.monotonic(), "failed"
    REQUESTS_RUNNING.inc()
    try:
        response = await handler(request)
        outcome = "served" if response.status < 400 else "refused"
        return response
    except WarmlineError as error:
        outcome = "refused"
        if isinstance(error, SlotsFull):
            REFUSED.inc()
        headers = {"Retry-After": "1"} if error.retryable else {}
        return web.json_response(
            {"error": error_object(error)}, status=error.http_status, headers=headers
        )
    except ClientConnectionResetError:
        outcome = "left"
        raise
    finally:
        REQUESTS_RUNNING.dec()
        REQUESTS.labels(kind, outcome).inc()
        REQUEST_SECONDS.labels(kind).observe(time.monotonic() - began)


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(
        body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )


async def _models(request: web.Request) -> web.Response:
    models = request.app[MODELS]
    listed = [
        {"id": model, "object": "model", "created": 0, "owned_by": "warmline"} for model in models
    ]
    return web.json_response({"object": "list", "data": listed})


async def _realtime(request: web.Request) -> web.StreamResponse:
    if request.query.get("intent", "transcription") != "transcription":
        raise BadRequest(
            "this server only transcribes: expected intent=transcription", param="intent"
        )
    ears = request.app[EARS]
    socket = web.WebSocketResponse(
        max_msg_size=MAX_FRAME_BYTES, heartbeat=HEARTBEAT_S, compress=False
    )
    if not socket.can_prepare(request).ok:
        raise BadRequest("expected a WebSocket upgrade", code="upgrade_required")
    await socket.prepare(request)  # aiohttp has set TCP_NODELAY on the connection
    try:
        async with ears.slots.slot() as decoder:
            session = RealtimeSession(
                socket, slots=ears.slots, decoder=decoder, vocabularies=ears.vocabularies
            )
            await session.run()
    except SlotsFull as full:
        REFUSED.inc()
        await socket.send_str(Answers(f"sess_{uuid.uuid4().hex[:20]}", STT_MODEL).error(full))
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=str(full).encode())
        return socket
    await socket.close()
    return socket


async def _transcriptions(request: web.Request) -> web.StreamResponse:
    ears = request.app[EARS]
    return await transcribe(request, slots=ears.slots, vocabularies=ears.vocabularies)


async def _vocabularies(request: web.Request) -> web.StreamResponse:
    """Make phrases ready before the call that needs them: answers once their model is built."""
    try:
        body = await request.json()
    except ValueError as broken:
        raise BadRequest("expected a JSON object", code="invalid_json") from broken
    phrases = body.get("phrases") if isinstance(body, dict) else None
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise BadRequest("expected a list of texts", param="phrases")
    language = await request.app[EARS].vocabularies.ready(checked(phrases))
    return web.json_response({"object": "vocabulary", "id": language.name, "phrases": len(phrases)})


async def _speech(request: web.Request) -> web.StreamResponse:
    return await say(request, await parse_speech(request), request.app[MOUTH])
