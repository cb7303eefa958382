"""Dangers and wishes for a person are recognised in any wording, and in nothing else."""

import pytest

from tests.bench.urgent import phrases
from verticals.urgent import Urgency, urgency

SAID = phrases()


def share_right(meant: Urgency | None) -> float:
    same = [phrase for phrase in SAID if phrase.meant == meant]
    return sum(phrase.found == meant for phrase in same) / len(same)


def test_there_are_sixty_wordings_of_each_and_as_many_near_misses() -> None:
    """So that the shares below mean something."""
    for meant in ("danger", "person", None):
        assert len({phrase.text for phrase in SAID if phrase.meant == meant}) >= 60


def test_every_danger_is_recognised() -> None:
    """And nine of ten wishes for a person."""
    assert share_right("danger") == 1.0
    assert share_right("person") >= 0.95


def test_hardly_anything_else_is_taken_for_one() -> None:
    """Who only asks for a price is not put through."""
    assert share_right(None) >= 0.95


@pytest.mark.parametrize(
    ("text", "vertical", "language", "meant"),
    [
        ("No fire, just a leak.", "homeservices", "en", None),
        ("There's no leak, but I smell gas!", "homeservices", "en", "danger"),
        ("no chest pain but he can't breathe", "healthcare", "en", "danger"),
        ("MY HOUSE IS ON FIRE", "homeservices", "en-US", "danger"),
        ("Huele a gas en la cocina.", "homeservices", "es", "danger"),
        ("Quiero hablar con una persona.", "homeservices", "es-MX", "person"),
        ("Mi padre no puede respirar", "healthcare", "es", "danger"),
        ("Il y a une odeur de gaz.", "homeservices", "fr", "danger"),
        ("Je voudrais parler à quelqu'un.", "healthcare", "fr", "person"),
        ("Es riecht nach Gas!", "homeservices", "de", "danger"),
        ("Ich möchte mit einem Menschen sprechen.", "healthcare", "de", "person"),
        ("I smell gas", "homeservices", "es", "danger"),
        ("I'd like to book for Tuesday", "unknown", "xx", None),
        ("there's a fire in the kitchen", "unknown", "en", "danger"),
        ("", "homeservices", "en", None),
    ],
)
def test_it_depends_on_words_language_and_vertical(
    text: str, vertical: str, language: str, meant: Urgency | None
) -> None:
    """English is understood everywhere, and what is a danger anywhere."""
    assert urgency(text, vertical=vertical, language=language) == meant


def test_a_long_turn_is_looked_at_in_no_time_worth_mentioning() -> None:
    """No wording makes the patterns go back and forth without end."""
    words = "there is a man who can not really speak to the fire in my house and then " * 40
    assert urgency(words, vertical="homeservices") is not None
    assert urgency("a the some your any one " * 400, vertical="healthcare") is None
