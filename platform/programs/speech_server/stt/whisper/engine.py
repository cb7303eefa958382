"""Whisper as an engine: callers' audio is kept, and decoded when their utterance is over."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import numpy as np

from programs.speech_server.audio import TELEPHONE_HZ, Samples
from programs.speech_server.errors import SlotsFull
from programs.speech_server.stt.engine import Heard, Piece
from programs.speech_server.stt.whisper.decode_queue import DecodeQueue
from programs.speech_server.stt.whisper.model import MAX_WINDOW_S, WhisperModel
from programs.speech_server.stt.whisper.windows import windows

# A caller's text is waited for four seconds; a moment is left for its way.
TEXT_WITHIN_S: Final = 3.5
# Of a minute's speech, which is decoded in windows.
LONGEST_TEXT_S: Final = 20.0
# A hypothesis of the words so far is a decode of its own, 0.15 s of a core.
PARTIAL_EVERY_SAMPLES: Final = TELEPHONE_HZ


class WhisperEars:
    """One caller's utterance; nothing of it outlives the call."""

    def __init__(self, model: WhisperModel, queue: DecodeQueue, prompt: tuple[int, ...]) -> None:
        self._model = model
        self._queue = queue
        self._prompt = prompt
        self._audio: list[Samples] = []
        self._samples = 0
        self._looked_at = 0
        self._ahead: asyncio.Future[Heard] | None = None

    def expect(self, phrases: Sequence[str]) -> None:
        """From the next decode on."""
        self._prompt = self._model.prompt(phrases)

    async def begin(self) -> None:
        """A new utterance; a hypothesis of the last one is looked at no more."""
        self._audio, self._samples, self._looked_at, self._ahead = [], 0, 0, None

    async def feed(self, samples: Samples) -> None:
        """Kept until the utterance is over."""
        self._audio.append(samples)
        self._samples += len(samples)

    async def partial(self) -> str | None:
        """What a decode of the beginning has found, once; another one begins where nobody waits."""
        ahead = self._ahead
        if ahead is None:
            is_due = self._samples - self._looked_at >= PARTIAL_EVERY_SAMPLES
            if is_due and self._samples <= MAX_WINDOW_S * TELEPHONE_HZ:
                self._looked_at = self._samples
                look = partial(self._model.hear, np.concatenate(self._audio), self._prompt)
                self._ahead = await self._queue.run_if_idle(look)
            return None
        if not ahead.done():
            return None
        self._ahead = None
        return ahead.result().text

    async def finish(self) -> Heard:
        """The whole utterance's words."""
        whole = np.concatenate(self._audio) if self._audio else np.zeros(0, np.float32)
        await self.begin()
        texts: list[str] = []
        pieces: list[Piece] = []
        began = time.monotonic()
        within_s = TEXT_WITHIN_S if len(whole) <= MAX_WINDOW_S * TELEPHONE_HZ else LONGEST_TEXT_S
        for window in windows(whole, at_most_s=MAX_WINDOW_S):
            heard = await self._queue.run(
                partial(self._model.hear, window, self._prompt),
                within_s=max(0.0, within_s - (time.monotonic() - began)),
            )
            texts.append(heard.text)
            pieces += heard.pieces
        return Heard(" ".join(text for text in texts if text), tuple(pieces))


class WhisperEngine:
    """One model for all callers, decoded by as many threads as there are cores to spare."""

    def __init__(self, model: str, *, slots: int, threads: int) -> None:
        self.model = model
        self._whisper = WhisperModel(model, threads=threads)
        self._queue = DecodeQueue(threads=threads, most_waiting=slots)
        self._slots = slots
        self._taken = 0

    @asynccontextmanager
    async def ears(self, phrases: Sequence[str] = ()) -> AsyncIterator[WhisperEars]:
        """Ears of no one else's; nothing is shared with another call but the model's weights."""
        if self._taken >= self._slots:
            raise SlotsFull(f"hear: 0 of {self._slots} slots free")
        self._taken += 1
        try:
            yield WhisperEars(self._whisper, self._queue, self._whisper.prompt(phrases))
        finally:
            self._taken -= 1

    async def learn(self, phrases: Sequence[str]) -> str:
        """Nothing to make ready: the words go before each utterance."""
        return "v" + hashlib.sha256("\n".join(phrases).encode()).hexdigest()[:16]

    async def close(self) -> None:
        """What is being decoded is finished."""
        self._queue.close()
