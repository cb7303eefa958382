"""A call's events, folded into its page."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.projection import StoredEvent, project

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(
    number: int, kind: str, *, epoch: int = 1, at_s: float | None = None, **payload: Any
) -> StoredEvent:
    seconds = float(number) if at_s is None else at_s
    at_ms = seconds * 1000 - (0 if epoch == 1 else 60_000)
    return StoredEvent(
        epoch, number, kind, "us-east", START + timedelta(seconds=seconds), at_ms, payload
    )


TALK = [
    event(1, "answered", audience="caller", worker="w"),
    event(2, "agent_sentence", turn=0, index=0, text="Hello there, how can I help?"),
    event(3, "sentence_heard", turn=0, index=0, heard="Hello there", cut=True),
    event(4, "caller_turn", turn=1, text="wait", started_ms=2500.0, ended_ms=2900.0),
    event(
        5,
        "retrieved",
        turn=1,
        query="wait",
        passages=[{"id": "p", "title": "T", "text": "x", "score": 0.5}],
    ),
    event(6, "tool_called", turn=1, tool_call_id="t", name="book", arguments="{}", ran=True),
    event(7, "tool_returned", turn=1, tool_call_id="t", ok=True, result="{}"),
    event(8, "agent_sentence", turn=1, index=0, text="Yes?"),
    event(
        9,
        "turn_timed",
        turn=1,
        replica="r",
        region="us-east",
        end_of_turn_ms=300.0,
        first_token_ms=400.0,
        first_audio_ms=450.0,
    ),
]


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(random: Random) -> None:
    """The page is the same."""
    shuffled = list(TALK)
    random.shuffle(shuffled)
    assert project(shuffled) == project(TALK)


def test_a_cut_sentence_keeps_what_was_heard() -> None:
    """Both what was meant and what reached the ear."""
    said = project(TALK).transcript[0]
    assert (said.heard, said.cut) == ("Hello there", True)
    assert said.text.startswith("Hello there, how")


def test_the_bars_of_a_turn_follow_one_another() -> None:
    """A stage that was not reached takes no time."""
    (turn,) = project(TALK).latency
    assert [(bar.name, bar.from_ms, bar.to_ms) for bar in turn.stages] == [
        ("end of turn", 0, 300),
        ("first token", 300, 400),
        ("first audio", 400, 450),
    ]


def test_a_call_taken_up_again_is_one_conversation() -> None:
    """The second process's clock starts anew; its lines stand behind the first one's."""
    resumed = [
        *TALK,
        event(1, "answered", epoch=2, at_s=60, audience="caller", worker="w2", resumed=True),
        event(2, "agent_sentence", epoch=2, at_s=61, turn=1, index=1, text="Sorry, I lost you."),
    ]
    transcript = project(resumed).transcript
    assert transcript[-1].text == "Sorry, I lost you."
    assert transcript[-1].at_ms == 61_000


def test_words_for_a_screen_are_marked() -> None:
    """Nobody heard them."""
    shadow = [
        event(1, "answered", audience="screen"),
        event(2, "agent_sentence", turn=1, index=0, text="Yes."),
    ]
    assert project(shadow).transcript[0].to_screen


def test_a_key_that_was_pressed_is_noted_without_its_digit() -> None:
    """It may be one of a card's."""
    (note,) = project([event(1, "dtmf", digit="7")]).events
    assert "7" not in note.text


def test_what_was_keyed_in_stands_in_the_transcript() -> None:
    """As the caller's words; each key is noted beside it."""
    keys = [event(number, "dtmf", digit=key) for number, key in enumerate("4545#", start=1)]
    said = event(6, "caller_turn", turn=1, text="4545", started_ms=1000, ended_ms=2000)
    page = project([*keys, said])
    assert [(line.speaker, line.text) for line in page.transcript] == [("caller", "4545")]
    assert len(page.events) == 5
