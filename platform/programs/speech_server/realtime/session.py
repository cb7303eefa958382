"""One caller's transcription session:
a reader that parses and a hearer that decodes while the caller speaks.
"""

import asyncio
import logging
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from aiohttp import ClientConnectionResetError, WSMsgType, web

from programs.speech_server.audio import TELEPHONE_HZ, Resampler, Samples, from_mulaw, from_pcm
from programs.speech_server.errors import BadRequest, SpeechFailed
from programs.speech_server.measures import FINAL_TEXT_SECONDS, HEARD_SECONDS
from programs.speech_server.realtime.events import (
    Answers,
    Append,
    BadEvent,
    Clear,
    ClientEvent,
    Commit,
    Format,
    Update,
    parse_event,
)
from programs.speech_server.realtime.partials import Settled
from programs.speech_server.stt.decoder import Decoder
from programs.speech_server.stt.language import Language
from programs.speech_server.stt.slots import DecoderSlots
from programs.speech_server.stt.vocabularies import Vocabularies
from warmline.kernel.errors import WarmlineError

LOG: Final = logging.getLogger("warmline.speech")
# past this the socket is read no further, and TCP holds the sender back
MAX_WAITING_EVENTS: Final = 256
IDLE_S: Final = 600.0
# decoded at once: fewer hops to a thread, a 6 ms tail at most
STEP_SAMPLES: Final = TELEPHONE_HZ * 60 // 1000
# of a burst, so that one call cannot hold a thread for long
BURST_SAMPLES: Final = 2 * TELEPHONE_HZ
MAX_UTTERANCE_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class _LanguageReady:
    language: Language


@dataclass(slots=True)
class _Utterance:
    """What is being said, from its first audio to its commit."""

    item: int
    waiting: list[Samples] = field(default_factory=list)
    waiting_samples: int = 0
    heard_samples: int = 0
    settled: Settled = field(default_factory=Settled)


class RealtimeSession:
    """Drives one WebSocket until the client leaves; it holds its decoder for that long."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        *,
        slots: DecoderSlots,
        decoder: Decoder,
        vocabularies: Vocabularies,
    ) -> None:
        self._socket = socket
        self._slots = slots
        self._decoder = decoder
        self._vocabularies = vocabularies
        self._answers = Answers(f"sess_{uuid.uuid4().hex[:20]}", "pocketsphinx-en-us")
        self._events: asyncio.Queue[ClientEvent | _LanguageReady] = asyncio.Queue(
            MAX_WAITING_EVENTS
        )
        self._format = Format()
        self._to_telephone = Resampler(self._format.rate_hz, TELEPHONE_HZ)
        self._phrases: tuple[str, ...] = ()
        self._learning: asyncio.Task[None] | None = None
        self._language = vocabularies.receptionist
        self._utterance: _Utterance | None = None
        self._items = 0

    async def run(self) -> None:
        """Until the client closes, is silent for ten minutes, or is gone."""
        with suppress(ClientConnectionResetError, TimeoutError):
            await self._send(self._answers.session("session.created", self._format, self._phrases))
            hearer = asyncio.create_task(self._hear(), name="hear")
            try:
                await self._read(hearer)
            finally:
                tasks = [task for task in (hearer, self._learning) if task is not None]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, hearer: "asyncio.Task[None]") -> None:
        while not hearer.done():
            message = await self._socket.receive(timeout=IDLE_S)
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            try:
                if message.type is WSMsgType.BINARY:
                    raise BadEvent("expected text frames, got a binary one", code="invalid_frame")
                event = parse_event(message.data)
            except BadEvent as wrong:
                await self._send(self._answers.error(wrong))
                continue
            await self._events.put(event)

    async def _hear(self) -> None:
        while True:
            event = await self._events.get()
            try:
                await self._take(event)
            except (BadRequest, SpeechFailed) as wrong:
                await self._send(self._answers.error(wrong))
            except RuntimeError as broken:  # what PocketSphinx raises
                await self._fail(SpeechFailed(f"the recogniser gave up: {broken}"))

    async def _take(self, event: ClientEvent | _LanguageReady) -> None:
        match event:
            case Append():
                await self._append(event)
            case Commit():
                await self._commit(event)
            case Clear():
                self._utterance = None
                await self._send(self._answers.cleared())
            case Update():
                await self._update(event)
            case _LanguageReady():
                self._language = event.language
                if self._utterance is None:
                    await self._slots.compute(lambda: self._decoder.use(event.language))

    async def _append(self, event: Append) -> None:
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
        if self._utterance is None:
            await self._begin()
        assert self._utterance is not None
        samples = self._to_telephone.feed(samples)
        self._utterance.waiting.append(samples)
        self._utterance.waiting_samples += len(samples)
        if self._utterance.waiting_samples >= STEP_SAMPLES:
            await self._decode(self._utterance)
            await self._send_settled(self._utterance)
        if self._utterance.heard_samples > MAX_UTTERANCE_S * TELEPHONE_HZ:
            await self._commit(Commit(None))

    async def _begin(self) -> None:
        self._items += 1
        self._utterance = _Utterance(self._items)
        self._to_telephone = Resampler(self._format.rate_hz, TELEPHONE_HZ)
        language = self._language

        def begin() -> None:
            self._decoder.use(language)
            self._decoder.begin()

        await self._slots.compute(begin)

    async def _decode(self, utterance: _Utterance) -> None:
        samples = np.concatenate(utterance.waiting)
        utterance.waiting, utterance.waiting_samples = [], 0
        utterance.heard_samples += len(samples)
        HEARD_SECONDS.inc(len(samples) / TELEPHONE_HZ)
        for start in range(0, len(samples), BURST_SAMPLES):
            piece = samples[start : start + BURST_SAMPLES]
            await self._slots.compute(lambda piece=piece: self._decoder.feed(piece))  # type: ignore[misc]

    async def _send_settled(self, utterance: _Utterance) -> None:
        if not utterance.settled.due(utterance.heard_samples):
            return
        words = utterance.settled.more(await self._slots.compute(self._decoder.so_far))
        if words:
            await self._send(self._answers.delta(utterance.item, words))

    async def _commit(self, event: Commit) -> None:
        utterance = self._utterance
        if utterance is None:
            raise BadEvent(
                "the buffer is empty: expected audio before the commit",
                code="input_audio_buffer_commit_empty",
                event_id=event.event_id,
            )
        with FINAL_TEXT_SECONDS.time():
            await self._send(self._answers.committed(utterance.item))
            if utterance.waiting:
                await self._decode(utterance)
            transcript = await self._slots.compute(self._decoder.finish)
            self._utterance = None
            seconds = utterance.heard_samples / TELEPHONE_HZ
            await self._send(self._answers.completed(utterance.item, transcript, seconds=seconds))

    async def _update(self, event: Update) -> None:
        if event.format is not None and event.format != self._format:
            if self._utterance is not None:
                raise BadEvent(
                    "the format can change only between turns: commit or clear first",
                    code="invalid_state",
                    event_id=event.event_id,
                )
            self._format = event.format
        if event.phrases is not None and event.phrases != self._phrases:
            self._phrases = event.phrases
            if self._learning is not None:
                self._learning.cancel()
            self._learning = asyncio.create_task(
                self._learn(event.phrases), name="learn vocabulary"
            )
        await self._send(self._answers.session("session.updated", self._format, self._phrases))

    async def _learn(self, phrases: tuple[str, ...]) -> None:
        """Until the phrases' model is there, the call is heard with the receptionist's."""
        try:
            await self._events.put(_LanguageReady(await self._vocabularies.ready(phrases)))
        except WarmlineError as failed:
            LOG.warning("vocabulary not built: %s", failed)

    async def _fail(self, error: SpeechFailed) -> None:
        utterance, self._utterance = self._utterance, None
        if utterance is not None:
            await self._send(self._answers.failed(utterance.item, error))
        else:
            await self._send(self._answers.error(error))

    async def _send(self, event: str) -> None:
        await self._socket.send_str(event)
