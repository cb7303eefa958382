"""The simulator: no call is lost, foresight is never beaten, the same seed gives the same."""

import msgspec
import numpy as np
import pytest

from inference.replay.engine import simulate
from inference.replay.frontier import hours_at
from inference.replay.oracle import calls_in_progress, oracle_seconds
from inference.replay.peers import (
    Hpa,
)
from inference.replay.study import fits_of
from inference.replay.types import RunOutcome
from inference.replay.warmer import WarmlineAutoscaler, priced
from inference.replay.worlds import ReplaySetting
from tests.inference.replay.replays import (
    LENGTHS,
    NOTHING_KNOWN,
    Always,
    Scripted,
    policies,
    replay,
    world,
)


def test_a_call_meets_a_cold_model_when_no_slot_is_free_for_over_two_seconds() -> None:
    """Warm at 10 s with two slots: the call at 7 waits 3 s and is cold,
    the one at 8 waits 2 s and is not.
    """
    outcome = simulate(world([7, 8]), Always(1))
    assert (outcome.calls, outcome.cold, outcome.waited_s) == (2, 1, 5)


def test_a_third_call_waits_until_the_first_ends() -> None:
    """Two slots, calls of 100 s from 20 s on: the third waits from 30 to 120."""
    outcome = simulate(world([20, 25, 30]), Always(1))
    assert (outcome.cold, outcome.waited_s) == (1, 90)


def test_regions_lend_where_they_may_and_only_there() -> None:
    """The third call of the first region takes a slot of the second one, and nobody waits."""
    alone = simulate(world([20, 25, 30], []), Always(1))
    lent = simulate(world([20, 25, 30], [], lend=True), Always(1))
    assert (alone.cold, alone.lent) == (1, 0)
    assert (lent.cold, lent.lent) == (0, 1)


def test_a_draining_replica_is_paid_until_its_last_call_ends_and_takes_no_other() -> None:
    """Wanted until 50, drained until the call of 20 s ends at 120:
    10 s start, 40 s warm, 70 s draining.
    """
    outcome = simulate(world([20, 60]), Scripted({0: 1, 50: 0}))
    assert outcome.seconds == {"starting": 10, "warm": 40, "draining": 70, "asleep": 0}
    assert outcome.cold == 1


def test_calls_leave_a_draining_replica_for_one_with_room() -> None:
    """Two replicas with a call each; at 50 one is to go:
    its call goes on beside the other, and it stops at 55.
    """
    outcome = simulate(world([20, 25, 60], move_s=5), Scripted({0: 2, 50: 1}))
    assert outcome.seconds["draining"] == 5
    # both slots of the other are taken until 120
    assert (outcome.cold, outcome.waited_s) == (1, 60)


def test_under_a_policy_that_moves_no_calls_they_stay() -> None:
    """Unless all do."""
    policy = Scripted({0: 2, 50: 1})
    policy.moves = False
    assert simulate(world([20, 25], move_s=5), policy).seconds["draining"] == 75
    policy = Scripted({0: 2, 50: 1})
    policy.moves = False
    assert simulate(world([20, 25], move_s=5, all_move=True), policy).seconds["draining"] == 5


def test_calls_without_room_elsewhere_stay_until_they_end() -> None:
    """Two calls on each of two replicas:
    of the one that drains at 50 none finds room, and it is paid until 130.
    """
    outcome = simulate(world([20, 25, 26, 30], move_s=5), Scripted({0: 2, 50: 1}))
    assert outcome.seconds["draining"] == 80
    assert outcome.cold == 0


def test_who_recalls_takes_a_draining_replica_back_at_once() -> None:
    """Wanted again at 60 while a call is on it: the call at 61 is answered without a start."""
    for recalls, starts, cold in ((True, 1, 0), (False, 2, 1)):
        policy = Scripted({0: 1, 50: 0, 60: 1})
        policy.recalls = recalls
        outcome = simulate(world([20, 61]), policy)
        assert (outcome.starts, outcome.cold) == (starts, cold)


def test_a_replica_asleep_is_back_sooner_and_is_paid_while_it_sleeps() -> None:
    """Drained at 50, asleep until it is woken at 200, warm at 203."""
    outcome = simulate(world([205], max_asleep=1, wake_s=3), Scripted({0: 1, 50: 0, 200: 1}))
    assert (outcome.cold, outcome.starts) == (0, 1)
    assert outcome.seconds["asleep"] == 150


def test_starts_that_fail_are_tried_again_and_replicas_that_die_are_replaced() -> None:
    """Nobody is lost: every call is served in the end,
    and calls on a dead replica go on elsewhere.
    """
    of = replay(ReplaySetting(start_fails=0.3, life_hours=0.5))
    outcome = simulate(of.world, Always(20))
    healthy = simulate(replay().world, Always(20))
    assert outcome.calls == healthy.calls
    assert outcome.starts > healthy.starts
    assert outcome.cold < outcome.calls * 0.01


@pytest.mark.parametrize("lend", [False, True])
def test_every_call_is_counted_once(lend: bool) -> None:
    """Calls of an outcome are the log's, whoever decides."""
    of = replay(ReplaySetting(regions=2, lend=lend))
    expected = sum(int(np.sum(times >= of.world.counted_from_s)) for times in of.world.arrivals)
    for replicas in (0, 1, 50):
        outcome = simulate(of.world, Always(replicas))
        assert outcome.calls == expected
        assert 0 <= outcome.cold == sum(outcome.cold_by_tenant.values()) <= outcome.calls
    assert simulate(of.world, Always(0)).cold == expected
    assert outcome.cold == 0


def test_the_oracles_hours_by_hand() -> None:
    """Two calls at 100 and one at 105, of 100 s, two slots:
    the first replica 90 to 205, the second 95 to 200…
    """
    one = world([100, 100, 105])
    assert calls_in_progress(one.arrivals[0], one.lengths_s[0], 1000)[
        [99, 100, 105, 200, 205]
    ].tolist() == [
        0,
        2,
        3,
        1,
        0,
    ]
    assert oracle_seconds(one) == (205 - 90) + (200 - 95)


def test_the_oracle_bridges_gaps_that_are_shorter_than_a_start() -> None:
    """Needs of 100 s, 5 s apart, are one; 50 s apart two, each with its start."""
    assert oracle_seconds(world([100, 205])) == 205 + 10
    assert oracle_seconds(world([100, 250])) == 200 + 20


def test_nobody_beats_foresight_without_a_cold_call() -> None:
    """No policy at any knob: fewer replica-hours than the oracle's always cost calls."""
    of = replay(days=1)
    oracle_s = oracle_seconds(of.world)
    outcomes = {
        (name, number): simulate(of.world, policy)
        for number, (name, policy) in enumerate(policies(of))
    }
    assert all(
        sum(outcome.seconds.values()) >= oracle_s
        for outcome in outcomes.values()
        if outcome.cold == 0
    )
    assert any(outcome.cold == 0 for outcome in outcomes.values())


def test_a_boundless_baseline_has_no_cold_calls() -> None:
    """Whatever the forecast says."""
    of = replay(ReplaySetting(regions=2, lend=True))
    policy = msgspec.structs.replace(priced(0.001), baseline=40)
    warmer = WarmlineAutoscaler(of.world, fits_of(of, 155.0, LENGTHS), policy, begins=of.begins)
    assert simulate(of.world, warmer).cold == 0


def test_ours_costs_less_than_an_hpa_at_as_few_cold_calls() -> None:
    """On a log with office hours:
    HPA at 75 % misses callers at the opening, the forecast does not.
    """
    of = replay()
    ours = simulate(
        of.world,
        WarmlineAutoscaler(of.world, fits_of(of, 155.0, LENGTHS), priced(0.1), begins=of.begins),
    )
    hpa = simulate(of.world, Hpa(of.world, NOTHING_KNOWN, 0.75))
    assert ours.cold < hpa.cold
    assert ours.replica_hours < hpa.replica_hours


def test_the_same_seed_gives_the_same_outcome_and_another_one_another() -> None:
    """For policies and worlds."""

    def run(seed: int) -> list[RunOutcome]:
        of = replay(
            ReplaySetting(regions=2, lend=True, life_hours=2, start_fails=0.05), seed=seed, days=1
        )
        return [simulate(of.world, policy) for _, policy in policies(of)[5:7]]

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_a_better_price_for_callers_costs_more_and_misses_fewer() -> None:
    """The knob's two ends."""
    of = replay()
    fits = fits_of(of, 155.0, LENGTHS)
    cheap, dear = (
        simulate(of.world, WarmlineAutoscaler(of.world, fits, priced(p), begins=of.begins))
        for p in (0.001, 1.0)
    )
    assert cheap.replica_hours < dear.replica_hours
    assert cheap.cold > dear.cold


def test_costs_between_two_points_lie_on_a_logarithmic_line() -> None:
    """Halfway between 1 % and 0.01 % is 0.1 %."""
    line = [(1.0, 1.0), (1.2, 0.01)]
    assert hours_at(line, 0.1, 0.001) == pytest.approx(1.1)
    assert hours_at(line, 0.001, 0.001) is None
    assert hours_at(line, 5.0, 0.001) == 1.0
