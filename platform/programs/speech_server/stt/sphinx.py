"""PocketSphinx as an engine: a decoder for each caller, language models for companies' words."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from programs.speech_server.audio import TELEPHONE_HZ, Samples
from programs.speech_server.errors import SpeechFailed
from programs.speech_server.stt.decoder import Decoder
from programs.speech_server.stt.engine import Heard
from programs.speech_server.stt.language_model import LanguageModel
from programs.speech_server.stt.slots import DecoderSlots
from programs.speech_server.stt.vocabularies import Vocabularies
from warmline.kernel.errors import WarmlineError

LOG: Final = logging.getLogger("warmline.speech")
# of a burst, so that one call cannot hold a thread for long
BURST_SAMPLES: Final = 2 * TELEPHONE_HZ


class SphinxEars:
    """One caller's decoder, lent for the call."""

    def __init__(
        self,
        decoder: Decoder,
        slots: DecoderSlots,
        vocabularies: Vocabularies,
        words: LanguageModel,
    ) -> None:
        self._decoder = decoder
        self._slots = slots
        self._vocabularies = vocabularies
        self._words = words
        self._building: asyncio.Task[None] | None = None

    def expect(self, phrases: Sequence[str]) -> None:
        """Until the phrases' model is built, utterances are decoded with the one before."""
        self.stop_building()
        self._building = asyncio.create_task(self._build(phrases), name="build vocabulary")

    def stop_building(self) -> None:
        """Wait for no model any more."""
        if self._building is not None:
            self._building.cancel()

    async def begin(self) -> None:
        """A new utterance, with the words that are ready by now."""
        words = self._words

        def begin() -> None:
            self._decoder.use(words)
            self._decoder.begin()

        await self._slots.compute(begin)

    async def feed(self, samples: Samples) -> None:
        """More of the utterance, decoded at once."""
        for start in range(0, len(samples), BURST_SAMPLES):
            piece = samples[start : start + BURST_SAMPLES]
            await self._slots.compute(partial(self._decoder.feed, piece))

    async def partial(self) -> str | None:
        """The best words at this moment."""
        return await self._slots.compute(self._decoder.partial)

    async def finish(self) -> Heard:
        """The utterance's words."""
        try:
            return Heard(await self._slots.compute(self._decoder.finish))
        except RuntimeError as error:  # what PocketSphinx raises
            raise SpeechFailed(f"the recogniser gave up: {error}") from error

    async def _build(self, phrases: Sequence[str]) -> None:
        try:
            self._words = await self._vocabularies.ready(phrases)
        except WarmlineError as error:
            LOG.warning("vocabulary not built: %s", error)


class SphinxEngine:
    """The smallest ears: they need no weights but their own wheel's."""

    model = "pocketsphinx"

    def __init__(
        self, receptionist: LanguageModel, *, slots: int, threads: int, cache: Path, folder: Path
    ) -> None:
        self._slots = DecoderSlots(receptionist, slots=slots, threads=threads)
        self._vocabularies = Vocabularies(receptionist, cache=cache, folder=folder)

    @asynccontextmanager
    async def ears(self, phrases: Sequence[str] = ()) -> AsyncIterator[SphinxEars]:
        """A decoder, best one that has the phrases loaded; their model is built first."""
        words = await self._vocabularies.ready(phrases)
        async with self._slots.slot(language=words.name) as decoder:
            ears = SphinxEars(decoder, self._slots, self._vocabularies, words)
            try:
                yield ears
            finally:
                ears.stop_building()

    async def warm(self, count: int) -> None:
        """Make decoders before they are asked for."""
        await self._slots.warm(count)

    async def learn(self, phrases: Sequence[str]) -> str:
        """Build the phrases' model."""
        return (await self._vocabularies.ready(phrases)).name

    async def close(self) -> None:
        """Stop what is being built, finish what is being heard."""
        await self._vocabularies.close()
        self._slots.close()
