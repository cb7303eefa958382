"""What callers say comes out as words, by both of OpenAI's doors."""

import asyncio
import json
import wave
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from programs.carrier_simulator.audio import VOICES
from programs.speech_server.audio import Resampler, from_mulaw, to_pcm
from tests.programs.speech_server.caller import (
    COMPLETED,
    DELTA,
    calling,
    distance,
    plain,
    spoken,
    words,
)

LINES = sorted(json.loads((VOICES / "lines.json").read_text(encoding="utf-8")))


async def test_what_the_demos_callers_say_is_understood(speech: str) -> None:
    """Of all that they and the person who answers say, fewer than one word in six is another."""
    wrong = said = 0
    async with calling(speech) as caller:
        await caller.configure()
        for line in LINES:
            await caller.speak(spoken(line))
            heard, expected = (await caller.text()).split(), words(line).split()
            wrong += distance(heard, expected)
            said += len(expected)
    assert wrong < said / 6


async def test_a_session_hears_one_turn_after_another(speech: str) -> None:
    """Each commit gives its own turn's words, under an item of its own."""
    async with calling(speech) as caller:
        await caller.configure()
        for line in ("heater_price", "yes_please", "a_person_please"):
            await caller.speak(spoken(line))
            assert await caller.text() == words(line)
        items = [event["item_id"] for event in caller.events if event["type"] == COMPLETED]
        assert len(set(items)) == 3
        committed = [
            event for event in caller.events if event["type"] == "input_audio_buffer.committed"
        ]
        assert [event["previous_item_id"] for event in committed] == [None, *items[:2]]


async def test_words_are_shown_while_the_caller_speaks(speech: str) -> None:
    """Deltas come before the commit, and begin as the final text does."""
    async with calling(speech) as caller:
        await caller.configure()
        line = spoken("plumbing_booking")
        for _ in range(4):
            await caller.speak(line)
            await asyncio.sleep(2)  # a hypothesis is a decode of its own, while the caller goes on
        text = await caller.text()
    kinds = [event["type"] for event in caller.events]
    deltas = [event["delta"] for event in caller.events if event["type"] == DELTA]
    assert kinds.index(DELTA) < kinds.index("input_audio_buffer.committed")
    assert text.startswith(plain(deltas[0]))


async def test_what_was_cleared_is_not_heard(speech: str) -> None:
    """After a clear the turn begins anew."""
    async with calling(speech) as caller:
        await caller.configure()
        await caller.speak(spoken("heater_price"))
        await caller.send(type="input_audio_buffer.clear")
        await caller.until("input_audio_buffer.cleared")
        await caller.speak(spoken("yes_please"))
        assert await caller.text() == "yes please"


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000])
async def test_pcm_of_other_rates_is_heard_too(speech: str, rate_hz: int) -> None:
    """The realtime protocol's own PCM is understood as well as µ-law."""
    resampler = Resampler(8_000, rate_hz)
    pcm = to_pcm(
        np.concatenate((resampler.feed(from_mulaw(spoken("clinic_question"))), resampler.flush()))
    )
    async with calling(speech) as caller:
        session = await caller.configure({"type": "audio/pcm", "rate": rate_hz})
        assert session["session"]["audio"]["input"]["format"]["rate"] == rate_hz
        await caller.speak(pcm, piece_bytes=2 * rate_hz // 50)
        assert await caller.text() == words("clinic_question")


async def test_silence_is_no_words(speech: str) -> None:
    """A turn without speech completes with an empty text."""
    async with calling(speech) as caller:
        await caller.configure()
        await caller.speak(b"\xff" * 16_000)
        assert await caller.text() == ""


async def test_a_tenants_phrases_are_learnt_and_the_rest_is_still_heard(speech: str) -> None:
    """A vocabulary with names of no dictionary becomes ready; other words come out as before."""
    phrases = ["Kowalczyk Plumbing", "Dr. Ramanujan", "hydro jetting"]
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{speech}/v1/vocabularies", json={"phrases": phrases}) as answer:
            first = await answer.json()
            assert answer.status == 200, first
        async with http.post(f"{speech}/v1/vocabularies", json={"phrases": phrases}) as answer:
            assert (await answer.json())["id"] == first["id"]
    async with calling(speech) as caller:
        session = await caller.configure(model="whisper-tiny.en", vocabulary=phrases)
        assert session["session"]["audio"]["input"]["transcription"]["prompt"] == ", ".join(phrases)
        await caller.speak(spoken("a_person_please"))
        assert await caller.text() == words("a_person_please")
        await caller.speak(spoken("yes_please"))
        assert await caller.text() == "yes please"


async def test_a_client_that_asks_is_told_how_sure_each_word_is(speech: str) -> None:
    """As OpenAI's logprobs; who does not ask gets none."""
    async with calling(speech) as caller:
        await caller.configure()
        await caller.speak(spoken("yes_please"))
        await caller.text()
        include = ["item.input_audio_transcription.logprobs"]
        await caller.send(
            type="session.update", session={"type": "transcription", "include": include}
        )
        await caller.speak(spoken("yes_please"))
        await caller.text()
    without, with_them = (event for event in caller.events if event["type"] == COMPLETED)
    assert "logprobs" not in without
    pieces = with_them["logprobs"]
    assert "".join(piece["token"] for piece in pieces).strip() == with_them["transcript"]
    assert all(-5 < piece["logprob"] <= 0 for piece in pieces)


async def test_a_recording_is_transcribed_whole(speech: str) -> None:
    """A WAV in µ-law and the same in 16-bit PCM at 16 kHz give the same words."""
    mulaw = (VOICES / "heater_price.wav").read_bytes()
    resampler = Resampler(8_000, 16_000)
    samples = resampler.feed(from_mulaw(spoken("heater_price")))
    wide = BytesIO()
    with wave.open(wide, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        writer.writeframes(to_pcm(samples))
    for file in (mulaw, wide.getvalue()):
        assert plain(await _transcribed(speech, file)) == words("heater_price")


async def test_a_call_without_a_free_decoder_is_told_at_once(
    speech_server: Callable[..., str],
) -> None:
    """With one slot the second session gets an error and close 1013;
    when the first has left, there is room again.
    """
    address = speech_server("--role", "hear", "--slots", "1")
    async with calling(address) as first:
        await first.until("session.created")
        async with calling(address) as second:
            refused = await second.until("error")
            assert refused["error"]["code"] == "slots_full"
            assert "0 of 1" in refused["error"]["message"]
            closing = await second.socket.receive(timeout=10)
            assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1013)
        assert (await _transcription(address, (VOICES / "yes_please.wav").read_bytes()))[0] == 503
        await first.configure()
    for _ in range(100):  # the server learns of the first one's leaving a moment later
        async with calling(address) as third:
            event = json.loads(await third.socket.receive_str(timeout=10))
            if event["type"] == "session.created":
                return
    raise AssertionError("the slot of a call that ended did not come back")


async def test_a_tts_server_does_not_transcribe(speech_server: Callable[..., str]) -> None:
    """A role serves its own endpoints and lists its own models."""
    address = speech_server("--role", "speak")
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{address}/v1/models") as answer:
            assert [model["id"] for model in (await answer.json())["data"]] == [
                "hibari",
                "espeak-ng",
            ]
        async with http.get(f"{address}/v1/realtime") as answer:
            assert answer.status == 404


async def _transcribed(address: str, file: bytes) -> str:
    status, body = await _transcription(address, file)
    assert status == 200, body
    return str(body["text"])


async def _transcription(address: str, file: bytes) -> tuple[int, dict[str, object]]:
    form = aiohttp.FormData()
    form.add_field("file", file, filename=Path("call.wav").name, content_type="audio/wav")
    form.add_field("model", "whisper-1")
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{address}/v1/audio/transcriptions", data=form) as answer,
    ):
        return answer.status, await answer.json()
