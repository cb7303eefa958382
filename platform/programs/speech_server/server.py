"""The speech server over HTTP: OpenAI's audio endpoints, health and metrics, by role."""

import asyncio
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

from programs.speech_server.errors import (
    BadRequest,
    SlotsFull,
    SpeechFailed,
    error_object,
    where_it_failed,
)
from programs.speech_server.metrics import (
    REFUSED,
    REGISTRY,
    REQUEST_SECONDS,
    REQUESTS,
    REQUESTS_RUNNING,
)
from programs.speech_server.realtime.server_events import ServerEvents
from programs.speech_server.realtime.session import RealtimeSession
from programs.speech_server.stt.engines import SttOptions, stt_engine
from programs.speech_server.stt.fitness import Fitness
from programs.speech_server.stt.requests import MAX_UPLOAD_BYTES, transcribe
from programs.speech_server.stt.vocabularies import checked
from programs.speech_server.tts import espeak_ng, hibari
from programs.speech_server.tts.engine import Style
from programs.speech_server.tts.engines import load_engines
from programs.speech_server.tts.requests import PCM_HZ, parse_speech, stream_speech
from programs.speech_server.tts.synthesis import Synthesiser
from programs.speech_server.tts.voices import DEFAULT, VOICES
from warmline.kernel import roles
from warmline.kernel.errors import WarmlineError

SpeechRole = Literal["hear", "speak", "both"]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAX_FRAME_BYTES: Final = 1024 * 1024
HEARTBEAT_S: Final = 15.0
LOG: Final = logging.getLogger("warmline.speech")


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What a server is started with."""

    role: SpeechRole
    stt: SttOptions
    speak_model: str = hibari.MODEL


STT: Final = web.AppKey("stt", Fitness)
TTS: Final = web.AppKey("tts", Synthesiser)
MODELS: Final = web.AppKey("models", list[str])


def speech_app(options: ServerOptions) -> web.Application:
    """The application; it answers once its models are loaded, so an open port means ready."""
    app = web.Application(middlewares=[_count_and_answer_errors], client_max_size=MAX_UPLOAD_BYTES)
    app.router.add_get("/health", _health)
    app.router.add_get("/metrics", _metrics)
    app.router.add_get("/v1/models", _models)
    app[MODELS] = []
    if options.role != roles.TTS:
        app[MODELS].append(options.stt.model)
        app.cleanup_ctx.append(lambda app: _load_stt(app, options.stt))
        app.router.add_get("/v1/realtime", _realtime, name="realtime")
        app.router.add_post("/v1/audio/transcriptions", _transcriptions, name="transcriptions")
        app.router.add_post("/v1/vocabularies", _vocabularies, name="vocabularies")
    if options.role != roles.STT:
        app[MODELS] += dict.fromkeys((options.speak_model, espeak_ng.MODEL))
        app.cleanup_ctx.append(lambda app: _load_tts(app, options))
        app.router.add_post("/v1/audio/speech", _speech, name="speech")
    return app


async def _load_stt(app: web.Application, options: SttOptions) -> AsyncIterator[None]:
    with tempfile.TemporaryDirectory(prefix="warmline-vocabularies-") as folder:
        async with Fitness(await stt_engine(options, folder=Path(folder))) as fitness:
            app[STT] = fitness
            yield


async def _load_tts(app: web.Application, options: ServerOptions) -> AsyncIterator[None]:
    engine, stand_in = await asyncio.to_thread(load_engines, options.speak_model)
    synthesiser = Synthesiser(engine, stand_in=stand_in)
    app[TTS] = synthesiser
    style = Style(VOICES[DEFAULT], 1.0, PCM_HZ)
    for model in (engine.name, stand_in.name):
        async for _ in synthesiser.synthesise("Ready when you are.", style=style, model=model):
            pass
    yield
    synthesiser.close()


@web.middleware
async def _count_and_answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
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
    except web.HTTPException:
        outcome = "refused"
        raise
    except Exception as error:  # noqa: BLE001
        # One request's trouble: the server serves other companies' calls.
        LOG.error("%s failed: %s", kind, where_it_failed(error))
        failed = SpeechFailed("this request failed for a reason that nobody foresaw")
        return web.json_response({"error": error_object(failed)}, status=failed.http_status)
    finally:
        REQUESTS_RUNNING.dec()
        REQUESTS.labels(kind, outcome).inc()
        REQUEST_SECONDS.labels(kind).observe(time.monotonic() - began)


async def _health(request: web.Request) -> web.Response:
    """503 once the recogniser has not heard what is known to be said."""
    unfit = request.app[STT].unfit if STT in request.app else ""
    if unfit:
        return web.json_response({"status": "unfit", "because": unfit}, status=503)
    return web.json_response({"status": "ok"})


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(
        body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )


async def _models(request: web.Request) -> web.Response:
    listed = [
        {"id": model, "object": "model", "created": 0, "owned_by": "warmline"}
        for model in request.app[MODELS]
    ]
    return web.json_response({"object": "list", "data": listed})


async def _realtime(request: web.Request) -> web.StreamResponse:
    if request.query.get("intent", "transcription") != "transcription":
        raise BadRequest(
            "this server only transcribes: expected intent=transcription", param="intent"
        )
    stt = request.app[STT]
    socket = web.WebSocketResponse(
        max_msg_size=MAX_FRAME_BYTES, heartbeat=HEARTBEAT_S, compress=False
    )
    if not socket.can_prepare(request).ok:
        raise BadRequest("expected a WebSocket upgrade", code="upgrade_required")
    await socket.prepare(request)  # aiohttp has set TCP_NODELAY on the connection
    try:
        async with stt.engine.ears() as ears:
            session = RealtimeSession(
                socket, ears=ears, model=stt.engine.model, failed=stt.look_at_it
            )
            await session.run()
    except SlotsFull as error:
        REFUSED.inc()
        events = ServerEvents(f"sess_{uuid.uuid4().hex[:20]}", stt.engine.model)
        await socket.send_str(events.error(error))
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=str(error).encode())
        return socket
    await socket.close()
    return socket


async def _transcriptions(request: web.Request) -> web.StreamResponse:
    return await transcribe(request, request.app[STT].engine)


async def _vocabularies(request: web.Request) -> web.StreamResponse:
    """Build the language model of a call to come; answers once it is ready."""
    try:
        body = await request.json()
    except (ValueError, RecursionError) as error:
        raise BadRequest("expected a JSON object", code="invalid_json") from error
    phrases = body.get("phrases") if isinstance(body, dict) else None
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise BadRequest("expected a list of texts", param="phrases")
    name = await request.app[STT].engine.learn(checked(phrases))
    return web.json_response({"object": "vocabulary", "id": name, "phrases": len(phrases)})


async def _speech(request: web.Request) -> web.StreamResponse:
    return await stream_speech(request, await parse_speech(request), request.app[TTS])
