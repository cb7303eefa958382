"""TTS for many calls: for each engine one thread, with a bounded queue of one part of each call."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from programs.speech_server.audio import Samples
from programs.speech_server.errors import SlotsFull, SpeechFailed, where_it_failed
from programs.speech_server.metrics import PART_SECONDS, STOOD_IN
from programs.speech_server.tts.engine import Engine, Style
from programs.speech_server.tts.parts import parts_of

# Of parts, one a call: at 60 ms each the last one still comes before its deadline.
MAX_WAITING: Final = 24
# A part that has not begun by then is spoken by the engine that stands in: silence is worse.
BEGIN_S: Final = 1.5
LOG: Final = logging.getLogger("warmline.speech")


class Synthesiser:
    """Speaks with one engine, and with another what that one cannot."""

    def __init__(self, engine: Engine, *, stand_in: Engine) -> None:
        self._stand_in = _Lane(stand_in)
        self._lane = self._stand_in if engine is stand_in else _Lane(engine)

    async def synthesise(
        self, text: str, *, style: Style, model: str = ""
    ) -> AsyncGenerator[Samples, None]:
        """The text's sound at the style's rate; SlotsFull when too many parts wait already.

        A voice that the engine does not have, a part in which it fails and one that would wait too
        long are the stand-in's; so is everything where `model` names it. Closing the iterator stops
        the synthesis within one part.
        """
        own = self._lane.engine.speaks(style.voice) and model != self._stand_in.engine.name
        lane = self._lane if own else self._stand_in
        for part in parts_of(text, longest=lane.engine.max_part_chars):
            async for samples in self._spoken(part, lane=lane, style=style):
                yield samples

    def close(self) -> None:
        """No more work; a part that runs is finished."""
        for lane in {self._lane, self._stand_in}:
            lane.close()

    async def _spoken(
        self, part: str, *, lane: "_Lane", style: Style
    ) -> AsyncGenerator[Samples, None]:
        begun = False
        if lane is not self._stand_in:
            try:
                async for samples in lane.spoken(part, style=style):
                    begun = True
                    yield samples
                return
            except Exception as error:  # noqa: BLE001
                # A call may not fall silent for one part.
                cause = "full" if isinstance(error, SlotsFull) else "failed"
                STOOD_IN.labels(cause).inc()
                LOG.warning(
                    "%s: a part of %d characters is spoken by %s: %s",
                    lane.engine.name,
                    len(part),
                    self._stand_in.engine.name,
                    where_it_failed(error),
                )
        if not begun:
            async for samples in self._stand_in.spoken(part, style=style):
                yield samples


class _Lane:
    """One engine, its thread and who waits for it: first come, first served, one part a call."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tts")
        self._waiting = 0

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def spoken(self, part: str, *, style: Style) -> AsyncGenerator[Samples, None]:
        """The part's sound; SlotsFull if too many wait, SpeechFailed if it does not begin."""
        if self._waiting >= MAX_WAITING:
            raise SlotsFull(f"speak: {MAX_WAITING} parts wait already for {self.engine.name}")
        loop = asyncio.get_running_loop()
        # Bounded by the part's length: a few hundred pieces at most.
        pieces: asyncio.Queue[Samples | None] = asyncio.Queue()
        cancelled = threading.Event()

        def on_audio(samples: Samples) -> bool:
            if not cancelled.is_set():
                loop.call_soon_threadsafe(pieces.put_nowait, samples)
            return not cancelled.is_set()

        def work() -> None:
            if not cancelled.is_set():
                with PART_SECONDS.labels(self.engine.name).time():
                    self.engine.speak(part, style=style, on_audio=on_audio)

        self._waiting += 1
        synthesis = loop.run_in_executor(self._thread, work)
        synthesis.add_done_callback(self._leave_queue(pieces))
        deadline = time.monotonic() + BEGIN_S
        try:
            while (samples := await self._next(pieces, deadline)) is not None:
                deadline = time.monotonic() + BEGIN_S
                yield samples
            await synthesis
        finally:
            cancelled.set()
            with suppress(asyncio.CancelledError):
                synthesis.cancel()

    async def _next(
        self, pieces: "asyncio.Queue[Samples | None]", deadline: float
    ) -> Samples | None:
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await pieces.get()
        except TimeoutError as error:
            raise SpeechFailed(f"{self.engine.name} gave no sound for {BEGIN_S:g} s") from error

    def _leave_queue(
        self, pieces: "asyncio.Queue[Samples | None]"
    ) -> "Callable[[asyncio.Future[None]], None]":
        def leave(done: "asyncio.Future[None]") -> None:
            self._waiting -= 1
            pieces.put_nowait(None)
            if not done.cancelled():
                done.exception()  # raised to the reader, if there is one still

        return leave
