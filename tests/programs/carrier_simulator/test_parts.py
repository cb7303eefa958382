"""The carrier's parts without a clock: its playback, its phones, its TwiML, its forms."""

import pytest

from programs.carrier_simulator import twiml
from programs.carrier_simulator.audio import SILENCE, clip
from programs.carrier_simulator.forms import incoming_call
from programs.carrier_simulator.playback import PlaybackBuffer
from programs.carrier_simulator.script import EndCall, Interrupt, Listen, Press, Say, ScriptedPhone
from programs.carrier_simulator.twiml import BadTwiml
from tests.programs.carrier_simulator.platform import LOUD

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
