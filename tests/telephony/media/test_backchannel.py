"""Which words over the agent leave it the turn."""

import pytest

from telephony.media.audio.playout import HeardSentence
from telephony.media.speech.backchannel import lets_go_on, question_heard, repeats


def heard(text: str, sentence: str) -> HeardSentence:
    return HeardSentence(1, 0, text, whole=text == sentence, sentence=sentence)


@pytest.mark.parametrize(
    "words",
    [
        "Mm-hmm.", "Mhm.", "Uh-huh.", "Uh, huh.", "Okay.", "OK", "Right, right.", "Yeah.",
        "Oh, okay.", "I see.", "Got it.", "Yeah, sure.", "All right.", "Ha ha ha!", "[laughter]",
        "(coughs)", "Hmm...", "Oh, yeah, that makes sense.", "",
    ],
)  # fmt: skip
def test_a_listener_leaves_the_turn(words: str) -> None:
    """As recognisers write it."""
    assert lets_go_on(words, language="en-US")


@pytest.mark.parametrize(
    "words",
    [
        "Wait.", "Stop.", "No.", "Okay, but how much is it?", "Yeah, I have a question.", "Sorry?",
        "Hello?", "What?", "Okay, can I book?", "Right, so it's closed on Sunday?", "Bye.",
        "A person.", "Yes, my name is Okay.", "okay okay okay okay okay okay okay",
    ],
)  # fmt: skip
def test_whoever_wants_something_takes_the_turn(words: str) -> None:
    """However it begins."""
    assert not lets_go_on(words, language="en-US")


@pytest.mark.parametrize(
    ("language", "words"),
    [("es-MX", "Sí, claro."), ("fr-FR", "D'accord."), ("de-DE", "Genau, ja.")],
)
def test_other_languages_listen_too(language: str, words: str) -> None:
    """In their words, which in English mean nothing."""
    assert lets_go_on(words, language=language)
    assert not lets_go_on(words, language="en-US")


def test_a_question_makes_an_answer_of_it() -> None:
    """Yet a cough is none."""
    assert not lets_go_on("Okay.", language="en-US", asked=True)
    assert not lets_go_on("Mm-hm.", language="en-US", asked=True)
    assert lets_go_on("[coughs]", language="en-US", asked=True)


def test_hello_over_a_greeting_is_no_question() -> None:
    """People greet whoever greets them."""
    assert lets_go_on("Hello?", language="en-US", greeted=True)
    assert not lets_go_on("Hello, are you open?", language="en-US", greeted=True)


def test_a_question_is_heard_before_its_last_word() -> None:
    """And stays open while few words follow it."""
    asks = "Would you like to come on tuesday?"
    assert question_heard([heard("Would you like to come", asks)])
    assert not question_heard([heard("Would you", asks)])
    assert question_heard([heard(asks, asks), heard("Or on", "Or on friday, if you prefer.")])
    assert not question_heard([heard(asks, asks), heard("Or on friday, if", "Or on friday, if")])
    assert not question_heard([])


def test_the_agents_own_words_come_back() -> None:
    """As a recogniser hears them in an echo; a caller who repeats an offer is no echo."""
    said = "We are open from monday to friday, from eight in the morning until six."
    own = [heard("We are open from monday to friday,", said)]
    assert repeats("open from monday to friday from hate in the morning", own)
    assert not repeats("monday to friday", own)
    assert not repeats("and are you open on saturday in the morning too", own)
