"""How a document is cut."""

from hypothesis import given
from hypothesis import strategies as st

from rag.chunks import MAX_WORDS, passages, sentences

_prose = st.lists(
    st.lists(
        st.sampled_from(["Parking", "is", "free", "behind", "Dr.", "Lee's", "house."]),
        min_size=1,
        max_size=60,
    ),
    max_size=6,
).map(lambda paragraphs: "\n\n".join(" ".join(words) for words in paragraphs))


def test_a_paragraph_of_short_sentences_stays_together() -> None:
    """And paragraphs apart."""
    text = "Parking is free. It is behind the house.\n\nWe take cards."
    assert passages(text) == ("Parking is free. It is behind the house.", "We take cards.")


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    """Never within one."""
    text = " ".join(f"Sentence number {n} has exactly seven words." for n in range(20))
    found = passages(text)
    assert len(found) > 1
    assert all(passage.endswith(".") and len(passage.split()) <= MAX_WORDS for passage in found)


def test_a_title_before_a_name_ends_no_sentence() -> None:
    """Dr., Mr., St. and their like."""
    assert sentences("Ask for Dr. Lee at St. Mary's. She is in.") == (
        "Ask for Dr. Lee at St. Mary's.",
        "She is in.",
    )


@given(text=_prose)
def test_every_word_is_in_exactly_one_passage(text: str) -> None:
    """In order, none lost, none twice."""
    assert " ".join(passages(text)).split() == text.split()
