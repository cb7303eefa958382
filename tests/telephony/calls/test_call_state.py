"""Facts only grow: whatever the order, the call ends once and for the same reason."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.actions import stored_facts
from telephony.calls.call_state import (
    CARRIER_RANK,
    END_REASONS,
    FORWARD,
    Ending,
    Facts,
    carrier_says,
    media_end,
    merge,
    outcome_of,
    state_of,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
moments = st.integers(0, 600).map(lambda s: START + timedelta(seconds=s))
pieces = st.one_of(
    st.builds(
        lambda status, at: carrier_says(status, at=at),
        st.sampled_from(sorted(CARRIER_RANK)),
        moments,
    ),
    st.builds(lambda reason, at: media_end(reason, at=at), st.sampled_from(END_REASONS), moments),
    st.builds(lambda at: Facts(answered_at=at), moments),
    st.builds(lambda at: Facts(transferred=Ending(at, "no_capacity")), moments),
    st.just(Facts(human_answered=True)),
    st.just(Facts(booked=True)),
    st.just(Facts(message_left=True)),
    st.builds(lambda at: Facts(swept=Ending(at, "stream_lost")), moments),
)


def folded(facts: list[Facts]) -> Facts:
    return reduce(merge, facts, Facts())


@given(st.lists(pieces, max_size=6), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_gives_the_same_state(
    facts: list[Facts], random: Random
) -> None:
    """Shuffled and doubled."""
    shuffled = facts + facts
    random.shuffle(shuffled)
    assert state_of(folded(shuffled)) == state_of(folded(facts))
    assert outcome_of(folded(shuffled)) == outcome_of(folded(facts))


@given(st.lists(pieces, max_size=8))
def test_a_call_never_goes_back(facts: list[Facts]) -> None:
    """Each further fact leaves the state or moves it as the table allows."""
    known = Facts()
    for fact in facts:
        before = state_of(known).state
        known = merge(known, fact)
        after = state_of(known).state
        assert after == before or after in FORWARD[before]


@given(st.lists(pieces, max_size=8))
def test_exactly_an_ended_call_has_an_end(facts: list[Facts]) -> None:
    """A reason, a moment and an outcome, all or none."""
    now = state_of(folded(facts))
    assert bool(outcome_of(folded(facts))) == (now.state == "ended")
    assert (now.state == "ended") == (now.ended is not None)


def test_every_order_of_a_usual_call_ends_with_the_agents_goodbye() -> None:
    """The carrier's word may come before the media plane's, or after it."""
    facts = [
        carrier_says("ringing", at=START),
        carrier_says("in-progress", at=START + timedelta(seconds=2)),
        Facts(answered_at=START + timedelta(seconds=3)),
        media_end("agent_said_goodbye", at=START + timedelta(seconds=60)),
        carrier_says("completed", at=START + timedelta(seconds=61)),
    ]
    ends = {state_of(folded(list(order))).ended for order in permutations(facts)}
    assert ends == {Ending(START + timedelta(seconds=60), "agent_said_goodbye")}


def test_a_lost_stream_does_not_end_the_call() -> None:
    """The carrier asks what is next, and another process takes it up."""
    facts = folded([Facts(answered_at=START), media_end("stream_lost", at=START)])
    assert state_of(facts).state == "live"


def test_a_transferred_call_ends_when_the_carrier_says_so() -> None:
    """Until then a person has it."""
    facts = folded([Facts(answered_at=START), media_end("transferred", at=START)])
    assert state_of(facts).state == "handed_over"
    ended = state_of(merge(facts, carrier_says("completed", at=START))).ended
    assert ended == Ending(START, "transferred")


def test_facts_are_stored_in_the_words_that_rows_already_hold() -> None:
    """A row of an older version is read, and an older version reads ours."""
    ending = {"at": "2026-03-01T12:00:00Z", "reason": "transferred"}
    row = {
        "answered_at": "2026-03-01T12:00:00Z",
        "finished": None,
        "handed": ending,
        "lost_at": None,
        "human_answered": False,
        "carrier_status": "in-progress",
        "carrier_ended_at": None,
        "swept": None,
    }
    facts = stored_facts(row)
    assert facts == Facts(
        answered_at=START,
        transferred=Ending(START, "transferred"),
        carrier_status="in-progress",
    )
    assert msgspec.to_builtins(facts) == row | {"booked": False, "message_left": False}


COMPLETED = carrier_says("completed", at=START + timedelta(seconds=90))
ANSWERED = Facts(answered_at=START)
TRANSFERRED = media_end("transferred", at=START + timedelta(seconds=60))
PERSON = Facts(human_answered=True)


@pytest.mark.parametrize(
    ("outcome", "facts"),
    [
        ("", [ANSWERED]),
        ("", [ANSWERED, TRANSFERRED, PERSON]),
        ("answered", [ANSWERED, COMPLETED]),
        ("answered", [ANSWERED, media_end("agent_said_goodbye", at=START)]),
        ("booked", [ANSWERED, Facts(booked=True), COMPLETED]),
        ("booked", [ANSWERED, Facts(booked=True), TRANSFERRED, PERSON, COMPLETED]),
        ("handed_over", [ANSWERED, TRANSFERRED, PERSON, COMPLETED]),
        ("missed", [ANSWERED, TRANSFERRED, COMPLETED]),
        ("voicemail", [ANSWERED, TRANSFERRED, Facts(message_left=True), COMPLETED]),
        ("voicemail", [Facts(message_left=True), COMPLETED]),
        ("answered_by_person", [ANSWERED, PERSON, COMPLETED]),
        ("missed", [carrier_says("no-answer", at=START)]),
        ("missed", [carrier_says("canceled", at=START)]),
        ("missed", [Facts(swept=Ending(START, "stream_lost"))]),
        ("refused", [carrier_says("busy", at=START)]),
        ("refused", [media_end("refused", at=START)]),
        ("failed", [ANSWERED, carrier_says("failed", at=START)]),
        ("failed", [ANSWERED, Facts(swept=Ending(START, "stream_lost"))]),
    ],
)
def test_what_a_call_came_to(outcome: str, facts: list[Facts]) -> None:
    """In every order in which it may be learnt."""
    assert {outcome_of(folded(list(order))) for order in permutations(facts)} == {outcome}
