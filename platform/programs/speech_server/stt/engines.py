"""Which recogniser a server hears with, by the name of its model."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from programs.speech_server.errors import SlotsFull
from programs.speech_server.stt.engine import SttEngine, check
from programs.speech_server.stt.language_model import receptionist
from programs.speech_server.stt.sphinx import SphinxEngine
from programs.speech_server.stt.whisper.engine import WhisperEngine

SPHINX: Final = SphinxEngine.model
# The first is what a server hears with unless it is told.
HEAR_MODELS: Final = ("whisper-tiny.en", "whisper-base", SPHINX)
_WARM_DECODERS: Final = 2
_CHECKS: Final = 8  # of 3.5 s at most: half a minute


@dataclass(frozen=True, slots=True)
class SttOptions:
    """What the ears are started with; `cache` keeps PocketSphinx's model between starts."""

    model: str
    slots: int
    threads: int
    cache: Path


async def stt_engine(options: SttOptions, *, folder: Path) -> SttEngine:
    """The engine, once it has heard an utterance; what it builds meanwhile lies in `folder`.

    `ConfigurationError` when its weights are not as expected, `SpeechFailed` when it hears nothing.
    """
    engine: SttEngine
    if options.model == SPHINX:
        words = await asyncio.to_thread(receptionist, options.cache)
        sphinx = SphinxEngine(
            words,
            slots=options.slots,
            threads=options.threads,
            cache=options.cache,
            folder=folder,
        )
        await sphinx.warm(min(_WARM_DECODERS, options.slots))
        engine = sphinx
    else:
        engine = await asyncio.to_thread(
            lambda: WhisperEngine(options.model, slots=options.slots, threads=options.threads)
        )
    await _checked(engine)
    return engine


async def _checked(engine: SttEngine) -> None:
    """One that is late is asked again: a machine on which everything starts at once is slow."""
    for _ in range(_CHECKS - 1):
        try:
            return await check(engine)
        except SlotsFull:
            continue
    return await check(engine)
