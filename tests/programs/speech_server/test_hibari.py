"""The neural voice: at once, at the line's level, and never the reason that nothing is heard."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from programs.speech_server.audio import Samples, from_mulaw
from programs.speech_server.errors import SpeechFailed
from programs.speech_server.tts import espeak
from programs.speech_server.tts.engine import OnAudio, Style
from programs.speech_server.tts.engines import load_engines
from programs.speech_server.tts.espeak_ng import EspeakNg
from programs.speech_server.tts.phonemes import symbol_ids, symbols_of
from programs.speech_server.tts.synthesis import Synthesiser
from programs.speech_server.tts.voices import DEFAULT, VOICES, Voice

STYLE = Style(VOICES[DEFAULT], 1.0, 8_000)
SENTENCE = "You are booked on Thursday at three."


async def _said(address: str, text: str, **body: object) -> Samples:
    asked = {"model": "hibari", "input": text, "response_format": "pcmu", **body}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{address}/v1/audio/speech", json=asked) as answer,
    ):
        sound = await answer.read()
        assert answer.status == 200, sound
        return from_mulaw(sound)


async def _spoken(synthesiser: Synthesiser, text: str, *, style: Style = STYLE) -> Samples:
    return np.concatenate([part async for part in synthesiser.synthesise(text, style=style)])


class _Engine:
    """An engine that does what a test wants with each part."""

    name = "hibari"
    max_part_chars = 120

    def __init__(self, speak: Callable[[str, OnAudio], None]) -> None:
        self._speak = speak

    def speaks(self, voice: Voice) -> bool:
        return True

    def speak(self, part: str, *, style: Style, on_audio: OnAudio) -> None:
        self._speak(part, on_audio)


def test_a_sentence_begins_at_once_and_ends_with_a_breath() -> None:
    """The network's own third of a second of silence before the first word is not sent."""
    hibari, _ = load_engines("hibari")
    pieces: list[Samples] = []

    def keep(piece: Samples) -> bool:
        pieces.append(piece)
        return True

    hibari.speak(SENTENCE, style=STYLE, on_audio=keep)
    sound = np.concatenate(pieces)
    loud = np.flatnonzero(np.abs(sound) > 300) / 8_000
    assert hibari.name == "hibari"
    assert loud[0] < 0.06
    assert 0.1 < len(sound) / 8_000 - loud[-1] < 0.35


@pytest.mark.parametrize("name", [name for name, voice in VOICES.items() if voice.timbre])
async def test_every_voice_is_as_loud_as_a_telephone_takes_it(speech: str, name: str) -> None:
    """Around -20 dBFS while speaking, whoever speaks, and nothing clipped."""
    sound = await _said(speech, SENTENCE, voice=name)
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    speaking = levels[levels > 0.1 * levels.max()]
    assert 20 * np.log10(np.sqrt(np.mean(speaking**2)) / 32_768) == pytest.approx(-20, abs=2)
    assert np.abs(sound).max() < 32_000


async def test_men_and_women_are_told_apart_by_their_pitch(speech: str) -> None:
    """The fundamental lies where that of a man, and where that of a woman does."""
    pitch: dict[str, float] = {}
    for name in ("en-us", "en-us-michael"):
        sound = await _said(speech, "Our own eyes are on the window now.", voice=name)
        frame = sound[4_000:8_000] - np.mean(sound[4_000:8_000])
        alike = np.correlate(frame, frame, "full")[len(frame) - 1 :]
        lags = slice(8_000 // 320, 8_000 // 75)
        pitch[name] = 8_000 / (lags.start + int(np.argmax(alike[lags])))
    assert 85 < pitch["en-us-michael"] < 155
    assert 155 < pitch["en-us"] < 280


async def test_figures_are_put_in_words_for_whoever_asks(speech: str) -> None:
    """An API user's telephone number is said digit by digit, as in a call."""
    written = await _said(speech, "Call (415) 555-0123.")
    said = await _said(speech, "Call four one five, five five five, zero one two three.")
    assert len(written) == len(said)
    assert np.corrcoef(written, said)[0, 1] > 0.98


async def test_another_language_is_spoken_by_espeak(speech: str) -> None:
    """hibari speaks English alone: a Spanish voice is another engine's, figures in Spanish."""
    spanish = await _said(speech, "Su cita es a las 3:30.", voice="es-us")
    english = await _said(speech, "Su cita es a las 3:30.", voice="en-us")
    assert len(spanish) > 8_000
    assert not np.array_equal(spanish, english)


async def test_a_part_that_fails_is_spoken_by_espeak_and_the_rest_goes_on() -> None:
    """Nobody hears a gap where a network gave up."""

    def speak(part: str, on_audio: OnAudio) -> None:
        if "broken" in part:
            raise SpeechFailed("no sound")
        on_audio(np.full(800, 5_000, np.float32))

    synthesiser = Synthesiser(_Engine(speak), stand_in=EspeakNg())
    sound = await _spoken(synthesiser, "All is well. This is broken. All is well.")
    synthesiser.close()
    assert np.all(sound[:800] == 5_000)
    assert np.all(sound[-800:] == 5_000)
    assert len(sound) > 1_600 + 4_000


async def test_an_engine_that_hangs_is_left_for_espeak() -> None:
    """A part that gives no sound in time is spoken all the same, and so are the next."""
    released = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang(_part: str, _on_audio: OnAudio) -> None:
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result(30)

    synthesiser = Synthesiser(_Engine(hang), stand_in=EspeakNg())
    try:
        sounds = await asyncio.gather(*(_spoken(synthesiser, "Are you there?") for _ in range(3)))
    finally:
        released.set()
        await asyncio.sleep(0)
    await asyncio.to_thread(synthesiser.close)
    assert all(len(sound) > 4_000 for sound in sounds)


async def test_more_than_may_wait_are_spoken_by_espeak_at_once() -> None:
    """A crowd hears a robot rather than silence."""

    def speak(_part: str, on_audio: OnAudio) -> None:
        on_audio(np.full(80, 5_000, np.float32))

    synthesiser = Synthesiser(_Engine(speak), stand_in=EspeakNg())
    sounds = await asyncio.gather(*(_spoken(synthesiser, "Yes.") for _ in range(40)))
    synthesiser.close()
    by_espeak = sum(len(sound) > 80 for sound in sounds)
    assert 0 < by_espeak < 40


async def test_a_long_text_does_not_hold_up_another_call(speech: str) -> None:
    """One part of each call at a time: a short answer is done long before a page is."""
    done: list[str] = []

    async def say(name: str, text: str) -> None:
        await _said(speech, text)
        done.append(name)

    page = "Our office is open every day, and somebody will always answer you. " * 12
    await asyncio.gather(say("page", page), say("short", "Yes, of course."))
    assert done == ["short", "page"]


async def test_without_weights_calls_are_answered_by_espeak(
    speech_server: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A replica that lacks its network speaks with the other engine and says so in its log."""
    monkeypatch.setenv("WARMLINE_WEIGHTS", str(tmp_path))
    address = speech_server("--role", "speak")
    assert len(await _said(address, SENTENCE)) > 8_000


def test_words_become_the_symbols_that_the_network_reads() -> None:
    """Breaths stay, diphthongs are one letter, articles keep their own vowel; none is unknown."""
    symbols = symbols_of("Good day, can I have a ticket to Maple Avenue?", espeak.ipa)
    assert symbols == "ɡˈʊd dˈA, kæn I hæv ɐ tˈɪkɪt tə mˈApᵊl ˈævənˌu?"
    assert len(symbol_ids(symbols)) == len(symbols) + 2
    assert symbols_of("…", espeak.ipa) == ""
