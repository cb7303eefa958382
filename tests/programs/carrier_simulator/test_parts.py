"""The carrier's parts without a clock: its playback, its phones, its TwiML, its forms."""

import wave
from pathlib import Path

import numpy as np
import pytest

from programs.carrier_simulator import twiml
from programs.carrier_simulator.audio import SILENCE, VOICES, clip, recording, voice
from programs.carrier_simulator.forms import incoming_call
from programs.carrier_simulator.playback import PlaybackBuffer
from programs.carrier_simulator.script import EndCall, Interrupt, Listen, Press, Say, ScriptedPhone
from programs.carrier_simulator.twiml import BadTwiml
from tests.programs.carrier_simulator.platform import LOUD
from warmline.kernel.errors import BadInput

HELLO = clip("hello", LOUD * 5)


def test_audio_of_any_length_is_played_in_frames_of_20_ms() -> None:
    """What is left of a piece is joined with the next; the rest is filled with silence."""
    playback = PlaybackBuffer()
    playback.media(LOUD + LOUD[:40])
    playback.media(LOUD[40:])
    assert [playback.tick()[0] for _ in range(3)] == [LOUD, LOUD, SILENCE]


def test_a_mark_comes_back_when_the_audio_before_it_was_played() -> None:
    """Not before, and at once when nothing is buffered."""
    playback = PlaybackBuffer()
    playback.media(LOUD * 2)
    assert playback.mark("end") == []
    assert playback.tick()[1] == []
    assert playback.tick()[1] == ["end"]
    assert playback.mark("idle") == ["idle"]


def test_a_clear_empties_the_buffer_and_gives_back_its_marks() -> None:
    """In their order; afterwards there is silence."""
    playback = PlaybackBuffer()
    for name in ("one", "two"):
        playback.media(LOUD * 3)
        playback.mark(name)
    assert playback.clear() == ["one", "two"]
    assert playback.tick() == (SILENCE, [])


def test_a_sentence_that_runs_dry_before_its_mark_is_an_underrun() -> None:
    """A pause after the mark is none."""
    playback = PlaybackBuffer()
    playback.media(LOUD)
    playback.tick()
    playback.tick()
    playback.media(LOUD)
    assert playback.underruns == 1
    playback.mark("end")
    playback.tick()
    playback.tick()
    playback.media(LOUD)
    assert playback.underruns == 1


def test_a_caller_waits_for_the_agent_to_finish_before_speaking() -> None:
    """The clip begins once the other side was quiet for as long as the script says."""
    phone = ScriptedPhone((Listen(quiet_ms=100), Say(HELLO), EndCall()))
    said = [phone.tick(LOUD) for _ in range(10)] + [phone.tick(SILENCE) for _ in range(20)]
    first = next(index for index, frame in enumerate(said) if frame != SILENCE)
    assert first >= 10 + 4
    assert phone.wants_to_hang_up
    assert phone.gave_up == []


def test_a_caller_interrupts_after_so_much_speech() -> None:
    """And the first sound after it counts as its answer."""
    phone = ScriptedPhone((Interrupt(HELLO, after_ms=100),))
    frames = [phone.tick(LOUD) for _ in range(20)]
    assert next(index for index, frame in enumerate(frames) if frame != SILENCE) <= 6
    assert phone.said[0].reply_ms is not None


def test_a_caller_who_hears_nothing_says_so() -> None:
    """Patience ends; the script goes on."""
    phone = ScriptedPhone((Listen(at_most_s=0.1), Press("12")))
    for _ in range(40):
        phone.tick(SILENCE)
    assert len(phone.gave_up) == 1
    assert list(phone.keys) == ["1", "2"]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "hello",
        "<Reply/>",
        "<Response><Sing/></Response>",
        "<Response><Connect/></Response>",
        '<Response><Connect><Stream url="wss://a/b?c=d"/></Connect></Response>',
        '<Response><Connect><Stream url="https://a"/></Connect></Response>',
    ],
)
def test_what_twilio_would_refuse_is_refused(document: str) -> None:
    """No TwiML, unknown verbs, streams without an address or with a query."""
    with pytest.raises(BadTwiml, match=r"expected|without"):
        twiml.parse(document)


def test_a_call_that_rings_says_who_calls_and_from_where() -> None:
    """Every field under both of its names."""
    form = incoming_call("CA1", account_sid="AC1", caller="+16175550163", dialled="+442071230200")
    assert (form["From"], form["Caller"], form["CallerCity"]) == (
        "+16175550163",
        "+16175550163",
        "BOSTON",
    )
    assert (form["ToCountry"], form["CalledCity"], form["CallStatus"]) == (
        "GB",
        "LONDON",
        "ringing",
    )


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 1), (44100, 2), (48000, 1)])
def test_a_callers_own_recording_is_spoken_as_a_telephone_carries_it(
    tmp_path: Path, rate: int, channels: int
) -> None:
    """Any rate, mono or stereo: as long as it was, and without the silence around it."""
    path = tmp_path / "question.wav"
    tone = np.sin(np.arange(rate) / rate * 2 * np.pi * 440) * 8000
    samples = np.concatenate([np.zeros(rate // 2), tone, np.zeros(rate // 2)]).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples, channels).tobytes())
    spoken = recording(path)
    assert spoken.text == "question"
    assert 50 <= len(spoken.frames) <= 54


def test_a_demo_callers_file_is_a_recording_too() -> None:
    """µ-law, as the shipped voices are."""
    assert recording(VOICES / "yes_please.wav").frames == voice("yes_please").frames


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a wav file at all", b"ID3" + bytes(100)])
def test_what_is_no_recording_is_named(tmp_path: Path, content: bytes) -> None:
    """One sentence with the file's name; so is a file that is not there."""
    path = tmp_path / "question.wav"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"question\.wav"):
        recording(path)
    with pytest.raises(BadInput, match=r"nobody\.wav"):
        recording(tmp_path / "nobody.wav")
