"""What nobody foresaw ends one utterance: told and logged, and the next one is heard."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from programs.speech_server.audio import Samples, from_mulaw
from programs.speech_server.errors import SpeechFailed
from programs.speech_server.realtime.session import RealtimeSession
from programs.speech_server.stt.decoder import Decoder
from programs.speech_server.stt.engine import Ears, Heard, SttEngine
from programs.speech_server.stt.engines import SttOptions, stt_engine
from programs.speech_server.stt.fitness import Fitness
from programs.speech_server.stt.language_model import LanguageModel, receptionist
from programs.speech_server.stt.slots import DecoderSlots
from tests.programs.speech_server.caller import FAILED, Caller, plain, spoken
from warmline.kernel import env

SECRET = "what the caller said"


@pytest.fixture(scope="module")
def language() -> LanguageModel:
    """The receptionist's model, which the other tests have built."""
    return receptionist(env.REPOSITORY / ".warmline" / "speech")


@pytest.fixture
def slots(language: LanguageModel) -> Iterator[DecoderSlots]:
    """One decoder: what happens to it happens to the next caller."""
    one = DecoderSlots(language, slots=1, threads=1)
    yield one
    one.close()


async def words_of_the_next(slots: DecoderSlots, language: LanguageModel) -> str:
    """What the decoder hears of the next company's caller."""
    async with slots.slot() as decoder:
        return await slots.compute(lambda: heard(decoder, language))


def heard(decoder: Decoder, language: LanguageModel) -> str:
    """One utterance from its beginning to its end."""
    decoder.use(language)
    decoder.begin()
    decoder.feed(from_mulaw(spoken("yes_please")))
    return decoder.finish()


async def test_an_utterance_that_was_left_does_not_reach_the_next_caller(
    slots: DecoderSlots, language: LanguageModel
) -> None:
    """Hung up in mid-word: the words are gone, the decoder is as new."""
    async with slots.slot() as decoder:
        decoder.begin()
        decoder.feed(from_mulaw(spoken("plumbing_booking")))
    assert await words_of_the_next(slots, language) == "yes please"


async def test_a_decoder_in_which_something_broke_off_is_made_anew(
    slots: DecoderSlots, language: LanguageModel, tmp_path: Path
) -> None:
    """In the middle of audio, and in the middle of loading a vocabulary."""
    async with slots.slot() as decoder:
        decoder.begin()
        with pytest.raises((TypeError, ValueError)):
            decoder.feed("no samples")  # type: ignore[arg-type]  # what a fault looks like
    assert await words_of_the_next(slots, language) == "yes please"
    (tmp_path / "gone.dict").write_text("gone G AO N\n", encoding="utf-8")
    gone = LanguageModel("gone", tmp_path / "gone.arpa", tmp_path / "gone.dict")
    async with slots.slot() as decoder:
        decoder.begin()
        with pytest.raises(RuntimeError):
            decoder.use(gone)
    assert await words_of_the_next(slots, language) == "yes please"


async def test_audio_that_is_too_short_for_words_is_no_fault(
    slots: DecoderSlots, language: LanguageModel
) -> None:
    """No sample, one, and fewer than the filter is wide."""
    for samples in (0, 1, 7):
        async with slots.slot() as decoder:
            decoder.begin()
            decoder.feed(from_mulaw(b"\xff" * samples))
            assert decoder.finish() == ""
    assert await words_of_the_next(slots, language) == "yes please"


class Breaking:
    """Ears that fail once, at whatever is asked of them, in a way that nobody foresaw."""

    def __init__(self, at: str, error: Exception) -> None:
        self._at = at
        self._error: Exception | None = error

    def expect(self, phrases: Sequence[str]) -> None:
        self._break("expect")

    async def begin(self) -> None:
        self._break("begin")

    async def feed(self, samples: Samples) -> None:
        self._break("feed")

    async def partial(self) -> str | None:
        self._break("partial")
        return None

    async def finish(self) -> Heard:
        self._break("finish")
        return Heard("yes please")

    def _break(self, step: str) -> None:
        if step == self._at and self._error is not None:
            error, self._error = self._error, None
            raise error


@asynccontextmanager
async def served(ears: Ears, *, failed: Callable[[], None]) -> AsyncIterator[Caller]:
    """A session of those ears."""

    async def realtime(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await RealtimeSession(socket, ears=ears, model="breaking", failed=failed).run()
        return socket

    app = web.Application()
    app.router.add_get("/v1/realtime", realtime)
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession() as http,
        http.ws_connect(str(server.make_url("/v1/realtime"))) as socket,
    ):
        yield Caller(socket)


@pytest.mark.parametrize("step", ["begin", "feed", "partial", "finish"])
@pytest.mark.parametrize(
    "error", [LookupError(SECRET), RuntimeError(SECRET), SpeechFailed("gave up"), OSError(SECRET)]
)
async def test_an_utterance_that_fails_ends_alone_and_is_looked_into(
    step: str, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever failed and wherever: it is told and logged without its words, and the caller's next
    utterance is heard in the same session.
    """
    looked: list[None] = []
    with caplog.at_level(logging.WARNING):
        async with served(Breaking(step, error), failed=lambda: looked.append(None)) as caller:
            await caller.configure()
            audio = base64.b64encode(spoken("yes_please")).decode()
            await caller.send(type="input_audio_buffer.append", audio=audio)
            if step == "finish":
                await caller.send(type="input_audio_buffer.commit")
            failed = await caller.until(FAILED)
            await caller.send(type="input_audio_buffer.append", audio=audio)
            assert await caller.text() == "yes please"
    assert failed["error"]["type"] == "server_error"
    assert SECRET not in json.dumps(failed)
    assert len(looked) == 1
    assert "an utterance of" in caplog.text
    assert SECRET not in caplog.text


async def test_ears_that_hear_no_more_are_said_to_be_unfit() -> None:
    """Calls are sent elsewhere until they hear again what is known to be said."""

    class Deaf:
        model = "deaf"
        text = ""

        @asynccontextmanager
        async def ears(self, phrases: Sequence[str] = ()) -> AsyncIterator[Ears]:
            ears = Breaking("never", LookupError())
            ears.finish = self.finish  # type: ignore[method-assign]
            yield ears

        async def finish(self) -> Heard:
            return Heard(self.text)

        async def learn(self, phrases: Sequence[str]) -> str:
            return ""

        async def close(self) -> None:
            pass

    deaf = Deaf()
    async with Fitness(deaf) as fitness:
        for deaf.text, unfit in (("", True), ("what time do you open", False)):
            fitness.look_at_it()
            async with asyncio.timeout(20):
                while bool(fitness.unfit) is not unfit:
                    await asyncio.sleep(0.01)


@pytest.mark.parametrize("model", ["whisper-tiny.en", "pocketsphinx"])
async def test_the_next_caller_is_heard_whoever_hung_up_in_mid_word(
    model: str, tmp_path: Path
) -> None:
    """Four callers in a row, each at another place in a word: before any sound was decoded, in the
    middle of it, and while the text was being made.
    """
    cache = env.REPOSITORY / ".warmline" / "speech"
    options = SttOptions(model, slots=1, threads=1, cache=cache)
    engine = await stt_engine(options, folder=tmp_path)
    line = from_mulaw(spoken("plumbing_booking"))
    try:
        for samples in (0, 100, 9_000, len(line)):
            await _hang_up_after(engine, line[:samples])
            async with engine.ears() as ears:
                await ears.begin()
                await ears.feed(from_mulaw(spoken("yes_please")))
                assert plain((await ears.finish()).text) == "yes please"
    finally:
        await engine.close()


async def _hang_up_after(engine: SttEngine, samples: Samples) -> None:
    async def call() -> None:
        async with engine.ears() as ears:
            await ears.begin()
            await ears.feed(samples)
            await ears.finish()

    caller = asyncio.create_task(call())
    await asyncio.sleep(0.02)
    caller.cancel()
    with suppress(asyncio.CancelledError):
        await caller
