"""How far the agent agreed with the person."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from shadow.facts import Fact
from shadow.scoring import call_score, facts_f1, turn_score
from shadow.types import Action, Score, Setting, Side, Turn

SETTING = Setting(today=date(2026, 11, 21), open_between=(time(8), time(18)))
BOOKING = Action(
    "book", "book_visit", (("service", "water heater repair"), ("day", "friday"), ("time", "nine"))
)
BOOKED = Side(
    "you are booked for a water heater repair on friday at nine", (Action("book", "book"),)
)

_facts = st.frozensets(st.builds(Fact, st.just("number"), st.integers(0, 9).map(str)), max_size=6)
_actions = st.lists(
    st.sampled_from([BOOKING, Action("transfer", "transfer_to_person")]), max_size=2
).map(tuple)
_texts = st.sampled_from(
    ["", "it is ninety five dollars", "on friday at nine", "hello there", BOOKED.text]
)
_sides = st.builds(Side, _texts, _actions)
_turns = st.builds(Turn, st.just(1), st.just("please book it for friday at nine"), _sides, _sides)
_similarities = st.none() | st.floats(-1, 1)


def scored(agent: Side, human: Side, *, similarity: float | None = None, said: str = "") -> Score:
    """The score of one turn."""
    turn = Turn(1, "yes please", agent, human)
    return turn_score(turn, similarity=similarity, setting=SETTING, said_so_far=said)


def test_the_same_booking_by_both_is_full_agreement() -> None:
    """Though the agent had not spoken yet when it asked for the tool."""
    assert scored(Side("", (BOOKING,)), BOOKED).overall == 1


def test_a_booking_that_only_one_of_them_made_is_a_disagreement() -> None:
    """Either way, and the explanation says whose."""
    alone = scored(Side("", (BOOKING,)), Side("i will call you back"))
    missed = scored(Side("is there anything else"), BOOKED, similarity=0.3)
    assert alone.action == missed.action == 0
    assert "Only the agent booked" in alone.because
    assert "Only the person booked" in missed.because


def test_a_booking_for_another_day_agrees_less_and_says_so() -> None:
    """The day was said by nobody."""
    other = Action(
        "book",
        "book_visit",
        (("service", "water heater repair"), ("day", "monday"), ("time", "nine")),
    )
    right, wrong = scored(Side("", (BOOKING,)), BOOKED), scored(Side("", (other,)), BOOKED)
    assert right.overall is not None
    assert wrong.overall is not None
    assert wrong.overall < right.overall
    assert "day" in wrong.because


def test_details_may_have_been_said_earlier_in_the_call() -> None:
    """The name came two turns before."""
    named = Action("book", "book_visit", (*BOOKING.arguments, ("name", "mary jones")))
    assert scored(Side("", (named,)), BOOKED).action != 1
    assert scored(Side("", (named,)), BOOKED, said="my name is mary jones").action == 1


def test_a_wrong_price_counts_against_the_agent_however_alike_the_words() -> None:
    """The sentences mean nearly the same; the money does not."""
    right = scored(
        Side("it is one hundred and fifty dollars"), Side("that is 150 dollars"), similarity=0.9
    )
    wrong = scored(Side("it is ninety five dollars"), Side("that is 150 dollars"), similarity=0.9)
    assert right.overall == 1
    assert wrong.overall == 0.5
    assert "Only the agent said 95 dollars" in wrong.because


def test_a_turn_that_the_person_did_not_answer_is_not_scored() -> None:
    """There is nothing to compare with."""
    assert scored(Side("hello"), Side("")).overall is None


def test_an_agent_without_an_answer_scores_nothing() -> None:
    """The person answered."""
    assert scored(Side(""), Side("we are open till six")).overall == 0


@given(turn=_turns, similarity=_similarities)
def test_every_score_lies_between_none_and_all(turn: Turn, similarity: float | None) -> None:
    """And each comes with its reasons."""
    score = turn_score(turn, similarity=similarity, setting=SETTING)
    for part in (score.overall, score.meaning, score.facts, score.action):
        assert part is None or 0 <= part <= 1
    assert score.because or score.overall is None


@given(side=_sides)
def test_doing_exactly_as_the_person_did_is_full_agreement(side: Side) -> None:
    """Where there was anything to compare."""
    said = "please book it for friday at nine a water heater repair"
    turn = Turn(1, said, side, side)
    score = turn_score(turn, similarity=1.0 if side.text else None, setting=SETTING)
    assert score.overall is None or abs(score.overall - 1) < 1e-9


@given(turn=_turns, low=st.floats(-1, 1), high=st.floats(-1, 1))
def test_more_alike_never_scores_less(turn: Turn, low: float, high: float) -> None:
    """Similarity only helps."""
    low, high = sorted((low, high))
    less = turn_score(turn, similarity=low, setting=SETTING).overall
    more = turn_score(turn, similarity=high, setting=SETTING).overall
    assert less is None or more is None or less <= more + 1e-9


@given(agent=_facts, human=_facts)
def test_facts_agree_both_ways_alike_and_a_wrong_one_never_helps(
    agent: frozenset[Fact], human: frozenset[Fact]
) -> None:
    """Symmetric, and adding what the person did not say never raises it."""
    assert facts_f1(agent, human) == facts_f1(human, agent)
    before, after = facts_f1(agent, human), facts_f1(agent | {Fact("price", "1 dollars")}, human)
    assert after is not None
    assert before is None or after <= before


def test_a_call_without_a_scored_turn_has_no_score() -> None:
    """Neither zero nor one."""
    assert call_score([]) is None
    assert call_score([Score(None, None, None, None, "")]) is None


def test_turns_with_more_to_compare_weigh_more() -> None:
    """A booking outweighs a pleasantry."""
    pleasantry = Score(0.0, 0.0, None, None, "")
    booking = Score(1.0, None, 1.0, 1.0, "")
    assert call_score([pleasantry, booking]) == 0.7
