"""A sentence and its denial are never the same, and what cannot be told is left to a person."""

from datetime import date, time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embedding.encoder import embed
from shadow.contradictions import disagreement
from shadow.scoring import turn_score
from shadow.types import AgreementScore, CallDay, ComparedTurn, Side
from tests.shadow.pairs import CONTRADICTIONS, PARAPHRASES

CALL_DAY = CallDay(today=date(2026, 11, 21), open_between=(time(8), time(18)))
SAME = 0.55  # from here on a reviewer sees "much the same"


def scored(agent: str, human: str, *, similarity: float = 1.0) -> AgreementScore:
    turn = ComparedTurn(1, "", Side(agent), Side(human))
    return turn_score(turn, similarity=similarity, call_day=CALL_DAY)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("one", "other"), CONTRADICTIONS)
def test_a_contradiction_is_never_scored_as_the_same(one: str, other: str, *, turned: bool) -> None:
    """However alike the words: at most half, or left to a person, whoever said which."""
    score = scored(other, one) if turned else scored(one, other)
    assert score.unjudged or (score.overall is not None and score.overall <= 0.5), score.because


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("one", "other"), PARAPHRASES)
def test_a_paraphrase_is_no_contradiction(one: str, other: str, *, turned: bool) -> None:
    """Denied twice, asked in the negative, in figures or in words."""
    found = disagreement(other, one) if turned else disagreement(one, other)
    assert found is None or found.finding == "unjudged", found


def test_most_paraphrases_are_judged_the_same() -> None:
    """By their real similarity; what a person must see is the exception."""
    vectors = iter(embed([text for pair in PARAPHRASES for text in pair]))
    scores = [
        scored(one, other, similarity=float(np.dot(next(vectors), next(vectors))))
        for one, other in PARAPHRASES
    ]
    same = [score for score in scores if score.overall is not None and score.overall >= SAME]
    unjudged = [score for score in scores if score.unjudged]
    assert len(same) >= 0.9 * len(PARAPHRASES)
    assert len(same) + len(unjudged) >= 0.97 * len(PARAPHRASES)


def test_what_cannot_be_judged_has_no_score_and_a_reason() -> None:
    """The reviewer reads both words."""
    score = scored("take it with milk", "take it with water", similarity=0.93)
    assert score.overall is None
    assert score.unjudged == "the agent says “milk”, the person “water”"
    assert "Only a person can judge this turn" in score.because


def test_what_is_worded_otherwise_altogether_is_just_another_answer() -> None:
    """Nobody needs to look at it."""
    score = scored("we can not come on sunday", "what is your address please", similarity=0.2)
    assert not score.unjudged
    assert score.overall is not None
    assert score.overall < 0.2


def test_a_denial_counts_for_nothing_but_what_was_done() -> None:
    """Its facts are those of the other, denied."""
    score = scored("you can come on friday at nine", "you can not come on friday at nine")
    assert (score.overall, score.meaning, score.facts) == (0, 0, 1)
    assert "contradict" in score.because


@given(
    subject=st.sampled_from(["you", "patients", "we", "the doctor", "everybody"]),
    helper=st.sampled_from(["can", "will", "should", "must", "may", "could"]),
    verb=st.sampled_from(["take", "bring", "call", "pay", "leave", "visit"]),
    thing=st.sampled_from(["the tablets", "a friend", "the clinic", "by card", "today's parcel"]),
    denial=st.sampled_from(["not", "never", "n't"]),
)
def test_any_sentence_and_its_denial_are_found(
    subject: str, helper: str, verb: str, thing: str, denial: str
) -> None:
    """Whoever may do what with which."""
    denied = f"{helper}n't" if denial == "n't" else f"{helper} {denial}"
    said, other = f"{subject} {helper} {verb} {thing}", f"{subject} {denied} {verb} {thing}"
    found = disagreement(said, other)
    assert found is not None
    assert disagreement(other, said) is not None
    assert disagreement(said, said) is None
    assert disagreement(other, other) is None


@given(agent=st.text(max_size=80), human=st.text(max_size=80))
def test_any_two_texts_can_be_compared(agent: str, human: str) -> None:
    """And nothing disagrees with itself."""
    disagreement(agent, human)
    assert disagreement(agent, agent) is None
