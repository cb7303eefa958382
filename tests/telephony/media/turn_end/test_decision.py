"""When a caller's turn is over, by words, voice and the question that was open."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.media.turn_end.asked import Asked, asked
from telephony.media.turn_end.decision import LEAST_MS, PATIENCE_MS, Evidence, wait

SILENCE_MS = 600


def waits_ms(words: str | None, *, after: Asked = "nothing", voice: float | None = None) -> int:
    return wait(Evidence(words, after, voice), silence_ms=SILENCE_MS).ms


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("yes_no", "Yes, please."),
        ("yes_no", "no"),
        ("yes_no", "That's right."),
        ("open", "Can you come out on Tuesday?"),
        ("open", "what time do you close?"),
        ("name", "My name is John Smith."),
        ("number", "415-555-0123."),
        ("number", "four one five five five five oh one two three"),
        ("zip", "9 4 1 0 3"),
        ("address", "412 Oak Street."),
        ("date", "Next Tuesday."),
        ("nothing", "That would be great, thank you."),
    ],
)
def test_who_has_said_it_all_is_answered_sooner_than_silence_alone_would(
    after: Asked, words: str
) -> None:
    """At half of the agent's silence at the latest, where the voice falls too."""
    assert waits_ms(words, after=after, voice=0.97) <= SILENCE_MS / 2


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("open", "I'd like to"),
        ("open", "I would like to book a..."),
        ("open", "And"),
        ("open", "um"),
        ("yes_no", "Yes, but I"),
        ("nothing", "my number is four one five"),
        ("nothing", "My number is 415."),
        ("number", "415, 555."),
        ("number", "415-555-01"),
        ("zip", "941"),
        ("open", "I need a plumber because"),
        ("address", "412"),
        ("open", "It's for the"),
    ],
)
def test_who_is_in_the_middle_of_a_sentence_is_waited_for(after: Asked, words: str) -> None:
    """For more than a second and a half, in which people look something up."""
    assert waits_ms(words, after=after) > 1500


def test_a_voice_that_falls_and_words_that_end_are_surer_than_either() -> None:
    """Both count; against one another they leave the agent's own silence, more or less."""
    words = "I have a leak in my kitchen."
    assert waits_ms(words, voice=0.95) <= min(waits_ms(words), waits_ms(None, voice=0.95))
    assert waits_ms(words, voice=0.05) > waits_ms(words) > waits_ms(words, voice=0.95)


def test_words_that_may_be_noise_count_for_less() -> None:
    """In both directions the wait is nearer to the agent's own silence."""
    for words, after in (("Yes, please.", "yes_no"), ("I'd like to", "open")):
        sure, doubtful = (
            wait(Evidence(words, cast("Asked", after), confidence=how), silence_ms=SILENCE_MS).ms
            for how in (1.0, 0.3)
        )
        assert abs(doubtful - SILENCE_MS) < abs(sure - SILENCE_MS)


def test_without_words_and_voice_the_agents_silence_ends_a_turn() -> None:
    """Its limit keeps its meaning."""
    assert waits_ms(None) == SILENCE_MS
    assert wait(Evidence(), silence_ms=900).ms == 900


@given(
    st.none() | st.text(max_size=60),
    st.none() | st.floats(0, 1),
    st.integers(200, 3000),
    st.sampled_from(["nothing", "yes_no", "name", "number", "address", "date", "email", "open"]),
)
def test_no_words_hold_a_turn_forever_or_end_it_at_once(
    words: str | None, voice: float | None, silence_ms: int, after: Asked
) -> None:
    """Whatever a recogniser writes."""
    ms = wait(Evidence(words, after, voice), silence_ms=silence_ms).ms
    assert LEAST_MS <= ms <= silence_ms + PATIENCE_MS


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("How can I help?", "open"),
        ("Could I have your name, please?", "name"),
        ("What's the best number to reach you at?", "number"),
        ("I have you down for Tuesday at ten. Is that right?", "yes_no"),
        ("Your number is 415 555 0123, is that correct?", "yes_no"),
        ("Would you like me to book it?", "yes_no"),
        ("What is the address?", "address"),
        ("When would you like to come in?", "date"),
        ("We are open until six. Anything else?", "open"),
        ("Please tell me your phone number.", "number"),
        ("What is your zip code?", "zip"),
        ("Please hold.", "nothing"),
        ("", "nothing"),
    ],
)
def test_what_the_agent_asked_is_known_from_its_words(agent: str, kind: Asked) -> None:
    """Its last question counts."""
    assert asked(agent) == kind
