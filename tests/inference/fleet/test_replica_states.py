"""The table of a replica's life, and a start read from vLLM's log."""

from typing import get_args

import pytest

from inference.errors import WrongTransition
from inference.fleet.replica_states import OVER, TABLE, after
from inference.provisioners.stages import read_log
from inference.types import ReplicaState
from tests.fakes.small_replica import STAGES


def test_every_state_has_its_row_and_only_the_last_ones_are_dead_ends() -> None:
    """What is over stays over."""
    assert set(TABLE) == set(get_args(ReplicaState))
    assert {state for state, events in TABLE.items() if not events} == OVER


def test_a_replica_is_warm_only_from_priming_or_when_it_never_ceased_to_be() -> None:
    """No other step leads there: not listening, not waking; what drains has been warm all along."""
    assert [
        (state, event) for state, row in TABLE.items() for event, to in row.items() if to == "warm"
    ] == [
        ("priming", "primed"),
        ("draining", "recall"),
    ]


def test_every_state_that_is_not_over_can_fail() -> None:
    """A process may die at any moment."""
    assert all(row["fail"] == "failed" for state, row in TABLE.items() if state not in OVER)


def test_a_step_that_does_not_exist_is_refused_by_name() -> None:
    """With the steps that do."""
    with pytest.raises(
        WrongTransition, match=r"a replica that is cold cannot drain \(it can: start, stop, fail\)"
    ):
        after("cold", "drain")


def test_the_stages_of_a_start_are_read_from_the_log() -> None:
    """In seconds, as vLLM tells them."""
    progress = read_log(STAGES)
    assert progress.stages_s == {"import": 1.5, "configure": 1.0, "weights": 0.05, "engine": 2.55}
    assert progress.loading
    assert progress.error == ""


def test_the_last_error_in_the_log_is_the_reason() -> None:
    """The line that says it, not the traceback."""
    log = (
        "Traceback (most recent call last):\n  File x\nValueError: no such model\n"
        "(Worker) RuntimeError: engine died\n"
    )
    assert read_log(log).error == "RuntimeError: engine died"
    assert not read_log(log).loading


def test_a_log_of_anything_at_all_is_read_without_an_error() -> None:
    """Half lines, binary rubbish, dates that do not exist."""
    assert read_log("99-99 25:61:61 non-default args\n\x00\xff").stages_s == {}
