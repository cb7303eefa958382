"""Speaking for many calls with one eSpeak NG:
sentences wait in one bounded line, each call with one at a time.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from programs.speech_server.audio import Samples, from_pcm
from programs.speech_server.errors import SlotsFull
from programs.speech_server.tts import espeak

MAX_WAITING: Final = 64
# a long sentence is spoken in parts, so that others get their turn: 30 ms a part
MAX_PIECE_CHARS: Final = 240
_SENTENCE_END: Final = re.compile(r"(?<=[.!?;:])\s+|\n+")
_CLAUSE_END: Final = re.compile(r"(?<=,)\s+")


class Synthesiser:
    """One thread speaks; whoever asks gets samples at `rate_hz` as they are made."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="speak")
        self._waiting = 0
        self.rate_hz = espeak.rate_hz()

    async def speak(
        self, text: str, *, voice: str, words_per_minute: int
    ) -> AsyncIterator[Samples]:
        """The text's sound, piece by piece; SlotsFull when too many sentences wait already.

        Closing the iterator stops the synthesis within one piece (20 ms of sound).
        """
        for part in parts_of(text):
            if self._waiting >= MAX_WAITING:
                raise SlotsFull(f"speak: {MAX_WAITING} sentences wait already")
            async for samples in self._spoken(part, voice=voice, words_per_minute=words_per_minute):
                yield samples

    def close(self) -> None:
        """No more work; a sentence that runs is finished."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _spoken(
        self, part: str, *, voice: str, words_per_minute: int
    ) -> AsyncIterator[Samples]:
        loop = asyncio.get_running_loop()
        # Bounded by the part's length: a few hundred pieces at most.
        pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        left = threading.Event()

        def hear(pcm: bytes) -> bool:
            if not left.is_set():
                loop.call_soon_threadsafe(pieces.put_nowait, pcm)
            return not left.is_set()

        def work() -> None:
            if not left.is_set():
                espeak.synthesise(part, voice=voice, words_per_minute=words_per_minute, hear=hear)

        self._waiting += 1
        done = loop.run_in_executor(self._thread, work)
        done.add_done_callback(self._left_line(pieces))
        try:
            while (pcm := await pieces.get()) is not None:
                yield from_pcm(pcm)
            await done
        finally:
            left.set()
            with suppress(asyncio.CancelledError):
                done.cancel()

    def _left_line(
        self, pieces: "asyncio.Queue[bytes | None]"
    ) -> "Callable[[asyncio.Future[None]], None]":
        def left(done: "asyncio.Future[None]") -> None:
            self._waiting -= 1
            pieces.put_nowait(None)
            if not done.cancelled():
                done.exception()  # raised to the reader, if there is one still

        return left


def parts_of(text: str) -> list[str]:
    """Sentences, and of a long one its clauses, and of a long clause its words, in order."""
    parts: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        if len(sentence) <= MAX_PIECE_CHARS:
            parts.append(sentence)
            continue
        for clause in _CLAUSE_END.split(sentence):
            parts += _by_words(clause)
    return [part.strip() for part in parts if any(character.isalnum() for character in part)]


def _by_words(clause: str) -> list[str]:
    lines: list[str] = [""]
    for word in clause.split():
        for start in range(0, len(word), MAX_PIECE_CHARS):
            piece = word[start : start + MAX_PIECE_CHARS]
            if lines[-1] and len(lines[-1]) + 1 + len(piece) > MAX_PIECE_CHARS:
                lines.append("")
            lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines
