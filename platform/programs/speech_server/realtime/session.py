"""One caller's transcription session: a reader parses events while a transcriber decodes audio."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web

from programs.speech_server.audio import TELEPHONE_HZ, Resampler, Samples, from_mulaw, from_pcm
from programs.speech_server.errors import BadRequest, SpeechFailed, where_it_failed
from programs.speech_server.metrics import DECODED_SECONDS, TRANSCRIPT_SECONDS
from programs.speech_server.realtime.client_events import (
    AudioFormat,
    BadEvent,
    BufferAppend,
    BufferClear,
    BufferCommit,
    ClientEvent,
    SessionUpdate,
    parse_event,
)
from programs.speech_server.realtime.partial_transcript import PartialTranscript
from programs.speech_server.realtime.server_events import ServerEvents
from programs.speech_server.stt.engine import Ears
from warmline.kernel.errors import WarmlineError

LOG: Final = logging.getLogger("warmline.speech")
# past this the socket is read no further, and TCP holds the sender back
MAX_WAITING_EVENTS: Final = 256
IDLE_S: Final = 600.0
# decoded at once: fewer hops to a thread, a 6 ms tail at most
STEP_SAMPLES: Final = TELEPHONE_HZ * 60 // 1000
MAX_UTTERANCE_S: Final = 120.0


@dataclass(slots=True)
class _InputBuffer:
    """A turn's audio, from its first append to its commit."""

    item: int
    waiting: list[Samples] = field(default_factory=list)
    waiting_samples: int = 0
    decoded_samples: int = 0
    partial: PartialTranscript = field(default_factory=PartialTranscript)


class RealtimeSession:
    """Drives one WebSocket until the client leaves; it holds its ears for that long.

    `failed` is told of each utterance that failed for a reason of the server's own.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        *,
        ears: Ears,
        model: str,
        failed: Callable[[], None],
    ) -> None:
        self._socket = socket
        self._ears = ears
        self._failed = failed
        self._session_id = f"sess_{uuid.uuid4().hex[:20]}"
        self._server_events = ServerEvents(self._session_id, model)
        self._events: asyncio.Queue[ClientEvent] = asyncio.Queue(MAX_WAITING_EVENTS)
        self._format = AudioFormat()
        self._to_telephone = Resampler(self._format.rate_hz, TELEPHONE_HZ)
        self._phrases: tuple[str, ...] = ()
        self._gives_confidence = False
        self._buffer: _InputBuffer | None = None
        self._items = 0

    async def run(self) -> None:
        """Serve until the client closes, is silent for ten minutes, or is gone."""
        with suppress(ClientConnectionResetError, TimeoutError):
            await self._send(
                self._server_events.session("session.created", self._format, self._phrases)
            )
            try:
                await self._first_end_of(self._read(), self._transcribe())
            except (ClientConnectionResetError, TimeoutError):
                raise
            except Exception as error:  # noqa: BLE001
                # One caller's trouble: the server serves other companies' calls.
                LOG.error("session %s failed: %s", self._session_id, where_it_failed(error))
                failed = SpeechFailed("this session failed for a reason that nobody foresaw")
                await self._send(self._server_events.error(failed))
                await self._socket.close(code=WSCloseCode.INTERNAL_ERROR)

    async def _first_end_of(self, *work: Coroutine[Any, Any, None]) -> None:
        """Run until one of them ends, and raise what ended it."""
        tasks = [asyncio.create_task(coroutine) for coroutine in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive(timeout=IDLE_S)
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            try:
                if message.type is WSMsgType.BINARY:
                    raise BadEvent("expected text frames, got a binary one", code="invalid_frame")
                event = parse_event(message.data)
            except BadEvent as error:
                await self._send(self._server_events.error(error))
                continue
            await self._events.put(event)

    async def _transcribe(self) -> None:
        while True:
            event = await self._events.get()
            try:
                await self._apply(event)
            except BadRequest as error:
                await self._send(self._server_events.error(error))
            except WarmlineError as error:
                await self._fail(error)
            except ClientConnectionResetError:
                raise
            except Exception as error:  # noqa: BLE001
                # One utterance's trouble: the caller's next one may be heard.
                await self._fail(SpeechFailed(where_it_failed(error)))

    async def _apply(self, event: ClientEvent) -> None:
        match event:
            case BufferAppend():
                await self._append(event)
            case BufferCommit():
                await self._commit(event)
            case BufferClear():
                self._buffer = None
                await self._send(self._server_events.cleared())
            case SessionUpdate():
                await self._update(event)

    async def _append(self, event: BufferAppend) -> None:
        if not event.audio:
            return
        if not self._format.is_mulaw and len(event.audio) % 2:
            raise BadEvent(
                f"16-bit audio has an even length, got {len(event.audio)} bytes",
                param="audio",
                code="invalid_audio",
                event_id=event.event_id,
            )
        samples = from_mulaw(event.audio) if self._format.is_mulaw else from_pcm(event.audio)
        if self._buffer is None:
            await self._begin()
        assert self._buffer is not None
        samples = self._to_telephone.feed(samples)
        self._buffer.waiting.append(samples)
        self._buffer.waiting_samples += len(samples)
        if self._buffer.waiting_samples >= STEP_SAMPLES:
            await self._decode(self._buffer)
            await self._send_stable_words(self._buffer)
        if self._buffer.decoded_samples > MAX_UTTERANCE_S * TELEPHONE_HZ:
            await self._commit(BufferCommit(None))

    async def _begin(self) -> None:
        self._items += 1
        self._buffer = _InputBuffer(self._items)
        self._to_telephone = Resampler(self._format.rate_hz, TELEPHONE_HZ)
        await self._ears.begin()

    async def _decode(self, buffer: _InputBuffer) -> None:
        samples = np.concatenate(buffer.waiting)
        buffer.waiting, buffer.waiting_samples = [], 0
        buffer.decoded_samples += len(samples)
        DECODED_SECONDS.inc(len(samples) / TELEPHONE_HZ)
        await self._ears.feed(samples)

    async def _send_stable_words(self, buffer: _InputBuffer) -> None:
        if not buffer.partial.due(buffer.decoded_samples):
            return
        hypothesis = await self._ears.partial()
        words = "" if hypothesis is None else buffer.partial.newly_stable(hypothesis)
        if words:
            await self._send(self._server_events.delta(buffer.item, words))

    async def _commit(self, event: BufferCommit) -> None:
        buffer = self._buffer
        if buffer is None:
            raise BadEvent(
                "the buffer is empty: expected audio before the commit",
                code="input_audio_buffer_commit_empty",
                event_id=event.event_id,
            )
        with TRANSCRIPT_SECONDS.time():
            await self._send(self._server_events.committed(buffer.item))
            if buffer.waiting:
                await self._decode(buffer)
            heard = await self._ears.finish()
            self._buffer = None
            seconds = buffer.decoded_samples / TELEPHONE_HZ
            pieces = heard.pieces if self._gives_confidence else ()
            await self._send(
                self._server_events.completed(buffer.item, heard.text, pieces, seconds=seconds)
            )

    async def _update(self, event: SessionUpdate) -> None:
        if event.format is not None and event.format != self._format:
            if self._buffer is not None:
                raise BadEvent(
                    "the format can change only between turns: commit or clear first",
                    code="invalid_state",
                    event_id=event.event_id,
                )
            self._format = event.format
        if event.phrases is not None and event.phrases != self._phrases:
            self._phrases = event.phrases
            self._ears.expect(event.phrases)
        if event.gives_confidence is not None:
            self._gives_confidence = event.gives_confidence
        await self._send(
            self._server_events.session("session.updated", self._format, self._phrases)
        )

    async def _fail(self, error: WarmlineError) -> None:
        """The utterance is over, the session goes on; where the fault was the server's own, the
        recogniser is looked at.
        """
        LOG.warning("an utterance of %s failed: %s", self._session_id, error)
        if isinstance(error, SpeechFailed):
            self._failed()
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            await self._send(self._server_events.failed(buffer.item, error))
        else:
            await self._send(self._server_events.error(error))

    async def _send(self, event: str) -> None:
        await self._socket.send_str(event)
