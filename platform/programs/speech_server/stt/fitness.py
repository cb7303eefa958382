"""Whether the recogniser still hears, looked at after each utterance that failed."""

import asyncio
import logging
from types import TracebackType
from typing import Final, Self

from programs.speech_server.errors import SlotsFull, where_it_failed
from programs.speech_server.stt.engine import SttEngine, check

LOG: Final = logging.getLogger("warmline.speech")
CHECK_S: Final = 20.0


class Fitness:
    """The engine, and why it is unfit to be sent calls, if it is; one look at a time."""

    def __init__(self, engine: SttEngine) -> None:
        self.engine = engine
        self.unfit = ""
        self._look: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._look is not None:
            self._look.cancel()
            await asyncio.gather(self._look, return_exceptions=True)
        await self.engine.close()

    def look_at_it(self) -> None:
        """An utterance failed: was it the utterance, or is it the engine?"""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._check(), name="check the recogniser")

    async def _check(self) -> None:
        try:
            async with asyncio.timeout(CHECK_S):
                await check(self.engine)
        except SlotsFull:
            return  # too busy to be looked at, which is no fault
        except Exception as error:  # noqa: BLE001
            # Whatever it was: calls are better sent elsewhere.
            self.unfit = f"it does not hear a known utterance: {where_it_failed(error)}"
            LOG.error("%s is unfit: %s", self.engine.model, self.unfit)
        else:
            self.unfit = ""
