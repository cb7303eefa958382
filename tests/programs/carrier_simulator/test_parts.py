"""The carrier's parts without a clock: its buffer, its people, its reading of TwiML, its forms."""

import pytest

from programs.carrier_simulator import twiml
from programs.carrier_simulator.forms import incoming_call
from programs.carrier_simulator.party import HangUp, Interrupt, Listen, Party, Press, Say
from programs.carrier_simulator.playout import Playout
from programs.carrier_simulator.sound import SILENCE, clip
from programs.carrier_simulator.twiml import BadTwiml
from tests.programs.carrier_simulator.platform import LOUD

HELLO = clip("hello", LOUD * 5)


def test_audio_of_any_length_is_played_in_frames_of_20_ms() -> None:
    """What is left of a piece is joined with the next; the rest is filled with silence."""
    playout = Playout()
    playout.media(LOUD + LOUD[:40])
    playout.media(LOUD[40:])
    assert [playout.tick()[0] for _ in range(3)] == [LOUD, LOUD, SILENCE]


def test_a_mark_comes_back_when_the_audio_before_it_was_played() -> None:
    """Not before, and at once when nothing is buffered."""
    playout = Playout()
    playout.media(LOUD * 2)
    assert playout.mark("end") == []
    assert playout.tick()[1] == []
    assert playout.tick()[1] == ["end"]
    assert playout.mark("idle") == ["idle"]


def test_a_clear_empties_the_buffer_and_gives_back_its_marks() -> None:
    """In their order; afterwards there is silence."""
    playout = Playout()
    for name in ("one", "two"):
        playout.media(LOUD * 3)
        playout.mark(name)
    assert playout.clear() == ["one", "two"]
    assert playout.tick() == (SILENCE, [])


def test_a_sentence_that_runs_dry_before_its_mark_is_an_underrun() -> None:
    """A pause after the mark is none."""
    playout = Playout()
    playout.media(LOUD)
    playout.tick()
    playout.tick()
    playout.media(LOUD)
    assert playout.underruns == 1
    playout.mark("end")
    playout.tick()
    playout.tick()
    playout.media(LOUD)
    assert playout.underruns == 1


def test_a_caller_waits_for_the_agent_to_finish_before_speaking() -> None:
    """The clip begins once the other side was quiet for as long as the script says."""
    party = Party((Listen(quiet_ms=100), Say(HELLO), HangUp()))
    said = [party.tick(LOUD) for _ in range(10)] + [party.tick(SILENCE) for _ in range(20)]
    first = next(index for index, frame in enumerate(said) if frame != SILENCE)
    assert first >= 10 + 4
    assert party.wants_to_hang_up
    assert party.gave_up == []


def test_a_caller_interrupts_after_so_much_speech() -> None:
    """And the first sound after it counts as its answer."""
    party = Party((Interrupt(HELLO, after_ms=100),))
    frames = [party.tick(LOUD) for _ in range(20)]
    assert next(index for index, frame in enumerate(frames) if frame != SILENCE) <= 6
    assert party.said[0].reply_ms is not None


def test_a_caller_who_hears_nothing_says_so() -> None:
    """Patience ends; the script goes on."""
    party = Party((Listen(at_most_s=0.1), Press("12")))
    for _ in range(40):
        party.tick(SILENCE)
    assert len(party.gave_up) == 1
    assert list(party.keys) == ["1", "2"]


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
