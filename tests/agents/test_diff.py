"""Two wordings side by side."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.editing.diff import FieldChange, Piece, applied, differences
from agents.types import Wording
from warmline.kernel.agent import Limits, Voice
from warmline.kernel.vertical import ExtractionField

TEXT = st.text("ab é.\n1€", max_size=30)
WORDINGS = st.builds(
    Wording,
    greeting=TEXT,
    name=TEXT,
    role=TEXT,
    instructions=TEXT,
    facts=st.lists(st.tuples(TEXT, TEXT), max_size=5).map(tuple),
    tools=st.lists(TEXT, max_size=3).map(tuple),
    collections=st.lists(TEXT, max_size=3).map(tuple),
    vocabulary=st.lists(TEXT, max_size=4).map(tuple),
    voice=st.builds(Voice, name=TEXT, speed=st.floats(0.5, 2.0)),
    language=st.sampled_from(["en", "es-MX"]),
    limits=st.builds(Limits, max_seconds=st.integers(1, 99), silence_ms=st.integers(1, 99)),
    announces_recording=st.booleans(),
    on_failure=st.sampled_from(["person", "message", "goodbye"]),
    extraction=st.lists(
        st.builds(ExtractionField, TEXT, TEXT, st.sampled_from(["text", "yes_no"])), max_size=3
    ).map(tuple),
)


@given(before=WORDINGS, after=WORDINGS)
def test_a_wording_with_the_differences_to_another_is_the_other(
    before: Wording, after: Wording
) -> None:
    """Whatever they are; and two that are the same have none."""
    changes = differences(before, after)
    assert applied(before, changes) == after
    assert (changes == ()) == (before == after)


@given(before=WORDINGS, after=WORDINGS)
def test_the_pieces_tell_both_sides(before: Wording, after: Wording) -> None:
    """Without the added ones a text is what it was."""
    for change in differences(before, after):
        if change.field in ("greeting", "instructions"):
            was = "".join(piece.text for piece in change.pieces if piece.kind != "added")
            assert was == getattr(before, change.field)


def test_words_are_marked_and_what_is_the_same_is_not_told() -> None:
    """Only the price and the speed differ."""
    before = Wording(greeting="Hello, this is Anna.", facts=(("price", "ten"), ("area", "town")))
    after = replace(
        before,
        greeting="Hello, this is Emma.",
        facts=(("price", "twelve"), ("area", "town")),
        voice=Voice(speed=1.2),
    )
    assert differences(before, after) == (
        FieldChange(
            "greeting",
            (
                Piece("same", "Hello, this is "),
                Piece("removed", "Anna"),
                Piece("added", "Emma"),
                Piece("same", "."),
            ),
        ),
        FieldChange(
            "facts",
            (
                Piece("removed", "ten", "price"),
                Piece("added", "twelve", "price"),
                Piece("same", "town", "area"),
            ),
        ),
        FieldChange("voice.speed", (Piece("removed", "1.0"), Piece("added", "1.2"))),
    )


def test_a_long_text_of_one_word_is_compared_at_once() -> None:
    """Nobody waits for two thousand words that are all the same."""
    before, after = Wording("x", instructions="a " * 2000), Wording("x", instructions="a b " * 1000)
    assert applied(before, differences(before, after)) == after
