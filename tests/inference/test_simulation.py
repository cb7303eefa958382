"""The simulator: no call is lost, foresight is never beaten, peers follow their rules, the same seed gives the same."""

from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import pytest

from inference.simulation.arrivals import Trace
from inference.simulation.draws import Scaled, arrival_seconds, local_mean, scaled, sensible_scale, start_times
from inference.simulation.engine import simulate
from inference.simulation.frontier import hours_at
from inference.simulation.oracle import calls_in_progress, oracle_seconds
from inference.simulation.peers import (
    PEERS,
    AwsPredictive,
    Dynamo,
    Hpa,
    Keda,
    Knative,
    Knowledge,
    RayServe,
    Static,
    knowledge,
)
from inference.simulation.study import OURS, autoscaler, default_knobs, fits_of
from inference.simulation.types import Autoscaler, Outcome, Seen, World
from inference.simulation.warmer import Warmer, priced
from inference.simulation.worlds import Replay, Setting, build, split

LENGTHS = np.array([30, 60, 90, 120, 300, 600])
MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001  a log's clock is local
NOTHING_KNOWN = Knowledge(((0.0,) * 10080,) * 3, (32.0,) * 3, 0.0)


class Always:
    """So many replicas in each region, whatever happens."""

    every_s = 10
    recalls = False
    moves = True

    def __init__(self, replicas: int) -> None:
        self.replicas = replicas

    def wants(self, seen: list[Seen]) -> list[int]:
        return [self.replicas] * len(seen)


class Scripted:
    """Wants so many replicas from each second on."""

    every_s = 1
    recalls = False
    moves = True

    def __init__(self, script: dict[int, int]) -> None:
        self.script = script
        self.now = 0

    def wants(self, seen: list[Seen]) -> list[int]:
        self.now = self.script.get(seen[0].at_s, self.now)
        return [self.now] * len(seen)


def trace(days: int = 15, *, calls_a_bin: float = 40.0, seed: int = 1) -> Trace:
    """Office hours in bins of five minutes, every day."""
    day = np.zeros(288)
    day[96:216] = calls_a_bin
    calls = np.random.default_rng(seed).poisson(np.tile(day, days))
    return Trace(MONDAY, 300, calls, {"north": int(calls.sum()) // 2, "south": int(calls.sum()) // 2})


def replay(setting: Setting | None = None, *, seed: int = 1, days: int = 2) -> Replay:
    history, arrivals = split(trace(), test_days=days)
    return build(history, arrivals, setting or Setting(), lengths_s=LENGTHS, seed=seed)


def world(*arrivals: list[int], length_s: int = 100, **changes: Any) -> World:
    """Regions whose calls come at these seconds, each as long as the others; starts take 10 s."""
    plain = World(
        arrivals=tuple(np.array(each, np.int64) for each in arrivals),
        lengths_s=tuple(np.full(len(each), length_s) for each in arrivals),
        tenants=tuple(np.zeros(len(each), np.int32) for each in arrivals),
        seconds=1000, counted_from_s=0, slots=2, start_s=10.0, starts_s=np.array([10]), lend=False, seed=1,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def policies(of: Replay) -> list[tuple[str, Autoscaler]]:
    """Every policy at each of its knobs."""
    fits = fits_of(of, 155.0, LENGTHS)
    known = knowledge(of.world, fits.at(0), (200.0,) * of.world.regions, first_s=0.0)
    knobs = default_knobs()
    return [(name, autoscaler(name, knob, of, fits, known)) for name, values in knobs.items() for knob in values]


def test_a_call_meets_a_cold_model_when_no_slot_is_free_for_over_two_seconds() -> None:
    """Warm at 10 s with two slots: the call at 7 waits 3 s and is cold, the one at 8 waits 2 s and is not."""
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
    """Wanted until 50, drained until the call of 20 s ends at 120: 10 s start, 40 s warm, 70 s draining."""
    outcome = simulate(world([20, 60]), Scripted({0: 1, 50: 0}))
    assert outcome.seconds == {"starting": 10, "warm": 40, "draining": 70, "asleep": 0}
    assert outcome.cold == 1


def test_calls_leave_a_draining_replica_for_one_with_room() -> None:
    """Two replicas with a call each; at 50 one is to go: its call goes on beside the other, and it stops at 55."""
    outcome = simulate(world([20, 25, 60], move_s=5), Scripted({0: 2, 50: 1}))
    assert outcome.seconds["draining"] == 5
    assert (outcome.cold, outcome.waited_s) == (1, 60)  # both slots of the other are taken until 120


def test_under_a_policy_that_moves_no_calls_they_stay() -> None:
    """Unless all do."""
    policy = Scripted({0: 2, 50: 1})
    policy.moves = False
    assert simulate(world([20, 25], move_s=5), policy).seconds["draining"] == 75
    policy = Scripted({0: 2, 50: 1})
    policy.moves = False
    assert simulate(world([20, 25], move_s=5, all_move=True), policy).seconds["draining"] == 5


def test_calls_without_room_elsewhere_stay_until_they_end() -> None:
    """Two calls on each of two replicas: of the one that drains at 50 none finds room, and it is paid until 130."""
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
    outcome = simulate(world([205], sleepers=1, wake_s=3), Scripted({0: 1, 50: 0, 200: 1}))
    assert (outcome.cold, outcome.starts) == (0, 1)
    assert outcome.seconds["asleep"] == 150


def test_starts_that_fail_are_tried_again_and_replicas_that_die_are_replaced() -> None:
    """Nobody is lost: every call is served in the end, and calls on a dead replica go on elsewhere."""
    of = replay(Setting(start_fails=0.3, life_hours=0.5))
    outcome = simulate(of.world, Always(20))
    healthy = simulate(replay().world, Always(20))
    assert outcome.calls == healthy.calls
    assert outcome.starts > healthy.starts
    assert outcome.cold < outcome.calls * 0.01


@pytest.mark.parametrize("lend", [False, True])
def test_every_call_is_counted_once(lend: bool) -> None:
    """Calls of an outcome are the log's, whoever decides."""
    of = replay(Setting(regions=2, lend=lend))
    expected = sum(int(np.sum(each >= of.world.counted_from_s)) for each in of.world.arrivals)
    for replicas in (0, 1, 50):
        outcome = simulate(of.world, Always(replicas))
        assert outcome.calls == expected
        assert 0 <= outcome.cold == sum(outcome.cold_by_tenant.values()) <= outcome.calls
    assert simulate(of.world, Always(0)).cold == expected
    assert outcome.cold == 0


def test_scale_one_replays_the_very_counts() -> None:
    """Nothing is drawn anew but the second within the bin."""
    log = trace(days=2)
    drawn = np.random.default_rng(1)
    seconds = arrival_seconds(scaled(log, scale=1, scaling="rates", drawn=drawn), drawn)
    assert np.bincount(seconds // 300, minlength=len(log.calls)).tolist() == log.calls.tolist()


def test_scaling_rates_keeps_poisson_counts_poisson_and_scaling_counts_does_not() -> None:
    """Twenty times a Poisson count has twenty times its variance over its mean; a larger company has not."""
    log = trace(days=40, calls_a_bin=8.0)
    ratio = {}
    for scaling in ("rates", "counts"):
        calls = scaled(log, scale=20, scaling=scaling, drawn=np.random.default_rng(2)).calls
        busy = calls[log.calls.nonzero()]
        assert busy.mean() == pytest.approx(20 * log.calls[log.calls > 0].mean(), rel=0.05)
        ratio[scaling] = busy.var() / busy.mean()
    assert ratio["rates"] < 4
    assert ratio["counts"] > 15


def test_overdispersion_of_a_log_is_kept_when_it_is_scaled() -> None:
    """Rates that vary by 50 % from bin to bin still do at a hundred times as many calls."""
    drawn = np.random.default_rng(3)
    calls = drawn.poisson(10 * drawn.gamma(4, 1 / 4, 288 * 40))
    large = scaled(Trace(MONDAY, 300, calls, {"all": 1}), scale=100, scaling="rates", drawn=drawn).calls
    assert large.std() / large.mean() == pytest.approx(0.5, abs=0.08)


def test_the_local_mean_ends_where_the_doors_close() -> None:
    """The first open bin's mean does not know the night."""
    calls = np.concatenate([np.zeros(100), np.full(50, 10), np.zeros(100)]).astype(np.int64)
    mean = local_mean(calls, bins=6)
    assert mean[100:150].tolist() == [10.0] * 50
    assert mean[99] == mean[150] == 0.0


def test_the_scale_by_default_fills_the_slots_of_several_replicas() -> None:
    """A quiet log is scaled, a busy one is not; the mean call lasts 192 s."""
    assert sensible_scale(trace(calls_a_bin=4.0), 192.0) > 10
    assert sensible_scale(trace(calls_a_bin=250.0), 192.0) == 1


def test_start_times_lie_around_what_a_start_takes() -> None:
    """With and without measured ones."""
    drawn = np.random.default_rng(1)
    assert start_times(155.0, measured=None, drawn=drawn).mean() == pytest.approx(155, rel=0.02)
    measured = start_times(155.0, measured=np.array([50, 100, 150]), drawn=drawn)
    assert set(measured.tolist()) == {78, 155, 232}


def test_the_oracles_hours_by_hand() -> None:
    """Two calls at 100 and one at 105, of 100 s, two slots: the first replica 90 to 205, the second 95 to 200…"""
    one = world([100, 100, 105])
    assert calls_in_progress(one.arrivals[0], one.lengths_s[0], 1000)[[99, 100, 105, 200, 205]].tolist() == [
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
    outcomes = {(name, number): simulate(of.world, each) for number, (name, each) in enumerate(policies(of))}
    assert all(sum(each.seconds.values()) >= oracle_s for each in outcomes.values() if each.cold == 0)
    assert any(each.cold == 0 for each in outcomes.values())


def test_a_boundless_baseline_has_no_cold_calls() -> None:
    """Whatever the forecast says."""
    of = replay(Setting(regions=2, lend=True))
    policy = msgspec.structs.replace(priced(0.001), baseline=40)
    warmer = Warmer(of.world, fits_of(of, 155.0, LENGTHS), policy, begins=of.begins)
    assert simulate(of.world, warmer).cold == 0


def test_ours_costs_less_than_an_hpa_at_as_few_cold_calls() -> None:
    """On a log with office hours: HPA at 75 % misses callers at the opening, the forecast does not."""
    of = replay()
    ours = simulate(of.world, Warmer(of.world, fits_of(of, 155.0, LENGTHS), priced(0.1), begins=of.begins))
    hpa = simulate(of.world, Hpa(of.world, NOTHING_KNOWN, 0.75))
    assert ours.cold < hpa.cold
    assert ours.replica_hours < hpa.replica_hours


def test_the_same_seed_gives_the_same_outcome_and_another_one_another() -> None:
    """For policies and worlds."""

    def run(seed: int) -> list[Outcome]:
        of = replay(Setting(regions=2, lend=True, life_hours=2, start_fails=0.05), seed=seed, days=1)
        return [simulate(of.world, each) for _, each in policies(of)[5:7]]

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_a_better_price_for_callers_costs_more_and_misses_fewer() -> None:
    """The knob's two ends."""
    of = replay()
    fits = fits_of(of, 155.0, LENGTHS)
    cheap, dear = (simulate(of.world, Warmer(of.world, fits, priced(p), begins=of.begins)) for p in (0.001, 1.0))
    assert cheap.replica_hours < dear.replica_hours
    assert cheap.cold > dear.cold


def seen(**changes: int) -> list[Seen]:
    one = Seen()
    for name, value in {"warm": 4, "held": 32, **changes}.items():
        setattr(one, name, value)
    return [one]


def sixteen() -> World:
    return world([], slots=16)


def test_hpa_steps_as_published() -> None:
    """4 replicas of 16 at 65 %: 60 calls want ceil(60 / 10.4) = 6; 44 are within 10 % of 41.6 and change nothing."""
    assert Hpa(sixteen(), NOTHING_KNOWN, 0.65).wants(seen(held=60)) == [6]
    assert Hpa(sixteen(), NOTHING_KNOWN, 0.65).wants(seen(held=44)) == [4]


def test_hpa_at_most_doubles_and_waits_five_minutes_to_shrink() -> None:
    """From 6 replicas not above 12; down only when 300 s have wanted less."""
    assert Hpa(sixteen(), NOTHING_KNOWN, 0.65).wants(seen(warm=6, held=96, waiting=400)) == [12]
    hpa = Hpa(sixteen(), NOTHING_KNOWN, 0.65)
    assert hpa.wants(seen(at_s=0, warm=6, held=60)) == [6]
    assert hpa.wants(seen(at_s=285, warm=6, held=10)) == [6]
    assert hpa.wants(seen(at_s=315, warm=6, held=10)) == [1]


def test_keda_counts_who_waits_and_nobody_else() -> None:
    """24 in line at 5 each want 5 (21 would be within the tolerance of 4), 64 busy slots without a queue nothing."""
    assert Keda(sixteen(), NOTHING_KNOWN, 5).wants(seen(held=64, waiting=24)) == [5]
    assert Keda(sixteen(), NOTHING_KNOWN, 5).wants(seen(held=64, waiting=21)) == [4]
    assert Keda(sixteen(), NOTHING_KNOWN, 5).wants(seen(warm=1, held=64)) == [1]


def test_knative_panics_at_twice_what_is_ready() -> None:
    """100 calls on one replica at 70 % want ceil(100 / 11.2) = 9 though the minute's mean is lower, and stay."""
    knative = Knative(sixteen(), NOTHING_KNOWN, 0.7)
    assert knative.wants(seen(at_s=0, warm=1, held=2)) == [1]
    assert knative.wants(seen(at_s=6, warm=1, held=16, waiting=84)) == [9]
    assert knative.wants(seen(at_s=12, warm=9, held=10)) == [9]
    assert knative.wants(seen(at_s=90, warm=9, held=10)) == [4]


def test_ray_waits_thirty_seconds_up_and_ten_minutes_down() -> None:
    """By the mean of 30 s against its target."""
    ray = RayServe(sixteen(), NOTHING_KNOWN, 8)
    wants = [ray.wants(seen(at_s=at_s, warm=2, held=32)) for at_s in range(0, 50, 10)]
    assert wants == [[2], [2], [2], [4], [2]]
    ray = RayServe(sixteen(), NOTHING_KNOWN, 8)
    down = [ray.wants(seen(at_s=at_s, warm=4, held=8))[0] for at_s in range(0, 620, 10)]
    assert down[:60] == [4] * 60
    assert down[60] == 1


def test_aws_takes_the_larger_of_the_hours_forecast_and_the_hpa() -> None:
    """40 usually busy slots at 65 % want ceil(40 / 10.4) = 4 though nobody calls; 100 calls want ten."""
    usual = Knowledge(((40.0,) * 10080,), (40.0,), 0.0)
    assert AwsPredictive(sixteen(), usual, 0.65).wants(seen(warm=1, held=0)) == [4]
    assert AwsPredictive(sixteen(), usual, 0.65).wants(seen(warm=6, held=96, waiting=4)) == [10]


def test_aws_orders_five_minutes_before_the_hour() -> None:
    """The busy second hour of the week is seen at 00:55 and not at 00:54."""
    week = (0.0,) * 60 + (40.0,) * 60 + (0.0,) * 9960
    aws = AwsPredictive(sixteen(), Knowledge((week,), (40.0,), 0.0), 0.65)
    assert aws.wants(seen(at_s=54 * 60, warm=1, held=0)) == [1]
    assert aws.wants(seen(at_s=55 * 60, warm=1, held=0)) == [4]


def test_dynamo_moves_by_one_above_its_floor() -> None:
    """A floor of four; 60 calls on four replicas are more than 41.6: five; 20 calls on six: five."""
    usual = Knowledge(((40.0,) * 10080,), (40.0,), 0.0)
    assert Dynamo(sixteen(), usual, 0.65).wants(seen(warm=4, held=60)) == [5]
    assert Dynamo(sixteen(), usual, 0.65).wants(seen(warm=6, held=20)) == [5]
    assert Dynamo(sixteen(), usual, 0.65).wants(seen(warm=1, held=0)) == [4]


def test_static_is_its_share_of_the_historys_peak() -> None:
    """32 busy slots at the peak: two replicas, and three at 1.2 times."""
    assert Static(sixteen(), NOTHING_KNOWN, 1.0).wants(seen()) == [2]
    assert Static(sixteen(), NOTHING_KNOWN, 1.2).wants(seen()) == [3]


def test_every_peer_runs() -> None:
    """With at least a replica once somebody calls."""
    of = replay(days=1)
    found = dict(policies(of))
    assert set(found) == {OURS, *PEERS}
    for name, each in found.items():
        assert simulate(of.world, each).starts > 0, name


def test_costs_between_two_points_lie_on_a_logarithmic_line() -> None:
    """Halfway between 1 % and 0.01 % is 0.1 %."""
    line = [(1.0, 1.0), (1.2, 0.01)]
    assert hours_at(line, 0.1, 0.001) == pytest.approx(1.1)
    assert hours_at(line, 0.001, 0.001) is None
    assert hours_at(line, 5.0, 0.001) == 1.0


def test_regions_are_copies_shifted_by_their_time_zones() -> None:
    """Eight hours later each: what the first one sees at nine, the third sees at one in the night."""
    of = replay(Setting(regions=3, shift_hours=8))
    first_calls = [int(each[0]) - of.world.counted_from_s for each in of.world.arrivals]
    assert first_calls[0] == pytest.approx(8 * 3600, abs=600)
    last_calls = [each.max() - of.world.counted_from_s for each in of.world.arrivals]
    assert last_calls[0] == pytest.approx(86_400 + 18 * 3600, abs=600)
    # Nine to six of the day before the log's first, eight and sixteen hours later, began in the history.
    assert first_calls[2] < 3600
    assert len(of.history[0]) == len(of.history[1])


def test_empty_bins_give_no_arrivals() -> None:
    """A closed day is silent."""
    assert len(arrival_seconds(Scaled(300, np.zeros(288, np.int64)), np.random.default_rng(1))) == 0
