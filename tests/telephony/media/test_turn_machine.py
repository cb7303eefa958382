"""The turn machine."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from telephony.media.session.turn_machine import TABLE, Effect, TurnEvent, TurnMachine, TurnState

EVENTS: tuple[TurnEvent, ...] = get_args(TurnEvent)


def after(*events: TurnEvent) -> tuple[TurnState, tuple[Effect, ...]]:
    turns = TurnMachine()
    effects: tuple[Effect, ...] = ()
    for event in events:
        effects = turns.apply(event)
    return turns.state, effects


def test_every_state_has_its_row() -> None:
    """The table is total in its states, and every step leads to one of them."""
    assert set(TABLE) == set(get_args(TurnState))
    assert {step.next for row in TABLE.values() for step in row.values()} <= set(TABLE)


def test_every_call_can_end_from_everywhere() -> None:
    """Hanging up ends a call in every state."""
    assert all(row["hang_up"].next == "ended" for state, row in TABLE.items() if state != "ended")


@given(st.lists(st.sampled_from(EVENTS)))
def test_no_order_of_events_ends_a_call_twice(events: list[TurnEvent]) -> None:
    """Late and doubled signals change nothing after the end."""
    turns = TurnMachine()
    ends = sum(turns.apply(event).count("end") for event in [*events, "hang_up", "hang_up"])
    assert ends == 1
    assert turns.state == "ended"


@given(st.lists(st.sampled_from(EVENTS)))
def test_a_turn_is_committed_at_most_once_for_each_opening(events: list[TurnEvent]) -> None:
    """No caller's turn becomes two."""
    turns = TurnMachine()
    opened = committed = 0
    for event in events:
        effects = turns.apply(event)
        opened += effects.count("open_turn")
        committed += effects.count("commit_turn")
        assert committed <= opened


def test_speech_over_the_agent_interrupts_it() -> None:
    """Barge-in: it is silent until the words are there."""
    state, effects = after("opened", "agent_speaks", "caller_starts")
    assert (state, effects) == ("caller", ("hold", "open_turn"))


def test_speech_before_the_agents_first_word_abandons_its_answer() -> None:
    """Nothing was audible, so nothing is cleared."""
    state, effects = after(
        "opened", "agent_done", "caller_starts", "caller_pauses", "caller_ends", "caller_starts"
    )
    assert (state, effects) == ("caller", ("hold_back", "open_turn"))


def test_a_pause_that_goes_on_voids_what_was_thought_ahead() -> None:
    """Nothing is committed before the turn's end."""
    state, effects = after(
        "opened", "agent_done", "caller_starts", "caller_pauses", "caller_starts"
    )
    assert (state, effects) == ("caller", ("forget_ahead",))


def test_a_goodbye_over_ours_keeps_no_line_open() -> None:
    """While the last words are said, the caller's are not a turn."""
    assert after("opened", "agent_leaves", "caller_starts") == ("closing", ())
    assert after("opened", "agent_leaves", "agent_done") == ("ended", ("end",))
