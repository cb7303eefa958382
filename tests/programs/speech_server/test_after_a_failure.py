"""What nobody foresaw ends one session: told and logged once, and the next caller is heard."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from programs.speech_server.audio import from_mulaw
from programs.speech_server.realtime.session import RealtimeSession
from programs.speech_server.stt.decoder import Decoder
from programs.speech_server.stt.language_model import LanguageModel, receptionist
from programs.speech_server.stt.slots import DecoderSlots
from programs.speech_server.stt.vocabularies import Vocabularies
from tests.programs.speech_server.caller import Caller, spoken
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


class Breaking(Decoder):
    """A decoder that fails in the middle of an utterance, in a way that nobody foresaw."""

    def partial(self) -> str:
        raise LookupError(SECRET)


@pytest.fixture
async def breaking(
    slots: DecoderSlots, language: LanguageModel, tmp_path: Path
) -> AsyncIterator[str]:
    """A server whose sessions break."""
    vocabularies = Vocabularies(language, cache=tmp_path, folder=tmp_path)
    decoder = await asyncio.to_thread(Breaking, language)

    async def realtime(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await RealtimeSession(socket, slots=slots, decoder=decoder, vocabularies=vocabularies).run()
        return socket

    app = web.Application()
    app.router.add_get("/v1/realtime", realtime)
    async with TestServer(app) as server:
        yield str(server.make_url("/v1/realtime"))


async def test_a_session_that_breaks_says_so_and_is_logged_once_without_its_words(
    breaking: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An error event, a close with 1011, and where it was: never the message."""
    with caplog.at_level(logging.WARNING):
        async with aiohttp.ClientSession() as http, http.ws_connect(breaking) as socket:
            caller = Caller(socket)
            await caller.configure()
            audio = base64.b64encode(spoken("yes_please")).decode()
            await caller.send(type="input_audio_buffer.append", audio=audio)
            error = (await caller.until("error"))["error"]
            closing = await socket.receive(timeout=20)
            assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1011)
    assert error["type"] == "server_error"
    assert SECRET not in json.dumps(error)
    logged = [record.getMessage() for record in caplog.records if record.name == "warmline.speech"]
    assert len(logged) == 1
    assert "LookupError at" in logged[0]
    assert SECRET not in caplog.text
