"""Text becomes sound in the forms that telephone lines and OpenAI's clients take."""

import asyncio

import aiohttp
import numpy as np
import pytest

from programs.speech_server.audio import Samples, from_mulaw, from_pcm
from programs.speech_server.tts.parts import parts_of
from programs.speech_server.tts.voices import VOICES

SENTENCE = "Thank you for calling Rivertown Plumbing. How can I help you today?"


async def _said(address: str, **body: object) -> bytes:
    asked = {"model": "hibari", "input": SENTENCE, "voice": "en-us", **body}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{address}/v1/audio/speech", json=asked) as answer,
    ):
        sound = await answer.read()
        assert answer.status == 200, sound
        return sound


def _loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))


async def test_speech_for_the_telephone_is_mulaw_of_the_sentences_length(speech: str) -> None:
    """Some four seconds at 8 kHz, a byte a sample, as loud as speech and not clipped."""
    sound = await _said(speech, response_format="pcmu")
    samples = from_mulaw(sound)
    assert 2.5 < len(sound) / 8_000 < 7
    assert 1_000 < _loudness(samples) < 12_000
    assert np.mean(np.abs(samples) > 32_000) < 0.001


async def test_every_coding_carries_the_same_speech(speech: str) -> None:
    """PCM at 24 kHz, WAV and µ-law last equally long."""
    mulaw, pcm, wav = [
        await _said(speech, response_format=coding) for coding in ("pcmu", "pcm", "wav")
    ]
    assert abs(len(pcm) / 48_000 - len(mulaw) / 8_000) < 0.05
    assert len(wav) == 44 + len(pcm)
    assert wav[:4] == b"RIFF"
    assert _loudness(from_pcm(pcm)) == pytest.approx(_loudness(from_mulaw(mulaw)), rel=0.3)


async def test_speech_for_the_telephone_has_nothing_above_its_band_folded_back(speech: str) -> None:
    """Most of the energy lies below 3.6 kHz, as it did before the rate was lowered."""
    spectrum = np.abs(np.fft.rfft(from_mulaw(await _said(speech, response_format="pcmu")))) ** 2
    above = round(len(spectrum) * 3_700 / 4_000)
    assert spectrum[above:].sum() < 0.02 * spectrum.sum()


async def test_a_faster_voice_is_shorter_and_another_voice_sounds_otherwise(speech: str) -> None:
    """Speed and voice do what they say."""
    plain = await _said(speech, response_format="pcmu")
    fast = await _said(speech, response_format="pcmu", speed=1.5)
    british = await _said(speech, response_format="pcmu", voice="en-gb")
    assert len(fast) < 0.8 * len(plain)
    assert british != plain


async def test_every_voice_that_is_listed_speaks(speech: str) -> None:
    """Each name, OpenAI's among them, gives sound."""
    for name in VOICES:
        assert (
            len(await _said(speech, input="Yes, of course.", voice=name, response_format="pcmu"))
            > 4_000
        ), name


async def test_ten_calls_speak_at_once_and_each_gets_its_own_words(speech: str) -> None:
    """Requests at the same time do not mix: each lasts as long as it does alone."""
    texts = [", ".join(["you are booked"] * times) + "." for times in (1, 2, 3, 4, 5)]
    alone = [await _said(speech, input=text, response_format="pcmu") for text in texts]
    together = await asyncio.gather(
        *(_said(speech, input=text, response_format="pcmu") for text in texts * 2)
    )
    assert [len(sound) for sound in together] == pytest.approx(
        [len(sound) for sound in alone * 2], rel=0.03
    )


async def test_odd_characters_are_spoken_around(speech: str) -> None:
    """NUL, lone surrogates, markup and emoji break nothing."""
    for text in (
        "a\0b",
        "so \ud83d there",
        "<voice name='x'>hi</voice>",
        "\N{GRINNING FACE} hello",
        "日本 hello",
    ):
        assert await _said(speech, input=text, response_format="pcmu")


def test_long_text_is_cut_where_a_speaker_would_breathe() -> None:
    """Sentences, then clauses, then words; nothing is lost, and no part is too long."""
    text = "One. Two, please! " + "a clause, " * 60 + "w" * 700 + "."
    parts = parts_of(text, longest=120)
    assert parts[:2] == ["One.", "Two, please!"]
    assert max(map(len, parts)) <= 120
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_long_first_sentence_begins_with_its_first_clause() -> None:
    """So that it is heard while the rest is made; a mere "Yes," is not spoken by itself."""
    text = "Yes, the water heater repair takes two hours, and we can come on Tuesday at ten."
    assert parts_of(text, longest=120) == [
        "Yes, the water heater repair takes two hours,",
        "and we can come on Tuesday at ten.",
    ]
    assert parts_of("Sure, I can do that.", longest=120) == ["Sure, I can do that."]
    assert parts_of(" . \n", longest=120) == []


async def test_what_was_served_is_counted(speech: str) -> None:
    """Prometheus can read how many requests run and how many were served."""
    await _said(speech, response_format="pcmu")
    async with aiohttp.ClientSession() as http, http.get(f"{speech}/metrics") as answer:
        text = await answer.text()
    assert "warmline_speech_requests_running 0.0" in text
    assert 'warmline_speech_requests_total{kind="speech",outcome="served"}' in text
    assert "warmline_speech_first_sound_seconds_bucket" in text
