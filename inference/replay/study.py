"""Every policy's knob over the same worlds and seeds: cold calls against replica-hours."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from inference.replay.arrivals import DAY_S, Trace
from inference.replay.draws import minute_counts_of
from inference.replay.engine import simulate
from inference.replay.oracle import oracle_seconds
from inference.replay.peers import PEERS, Knowledge, history_peak, knowledge
from inference.replay.types import Autoscaler, RunOutcome, World
from inference.replay.warmer import PRICES, Refits, WarmlineAutoscaler, priced
from inference.replay.worlds import Replay, ReplaySetting, build
from inference.warming.forecast import exponential_survival, fit
from inference.warming.weekly_profile import minute_of_week

OURS: Final = "warmline"
POLICIES: Final = (OURS, *PEERS)
# Fits are renewed every week of a run: daily, as in production, changes little and takes seven
# times as long.
REFIT_S: Final = 7 * DAY_S


class Point(msgspec.Struct, frozen=True):
    """One policy at one knob: medians over the seeds, each with its least and most.

    `hours` are times the oracle's.
    """

    policy: str
    knob: float
    hours: tuple[float, float, float]
    cold_percent: tuple[float, float, float]
    replica_hours: float
    lent_percent: float
    broken: int


class Study(msgspec.Struct, frozen=True):
    """One setting's frontier, with what it was measured on."""

    setting: ReplaySetting
    begins: str
    days: int
    seeds: int
    calls: int
    oracle_hours: float
    points: tuple[Point, ...]

    @property
    def least_cold_percent(self) -> float:
        """What half a call would be: fewer cold calls than that cannot be told apart."""
        return 50.0 / max(1, self.calls)


class _Prepared(msgspec.Struct, frozen=True):
    replay: Replay
    refits: Refits
    known: Knowledge
    oracle_s: int


# What the worker processes inherit when they are forked: worlds are large, and sending them would
# take longer.
_PREPARED: dict[int, _Prepared] = {}


def study(
    history: Trace,
    arrivals: Trace,
    setting: ReplaySetting,
    *,
    lengths_s: NDArray[np.int64],
    knobs: Mapping[str, Sequence[float]],
    seeds: Sequence[int],
    measured_starts_s: NDArray[np.int64] | None = None,
    run_done: Callable[[], None] = lambda: None,
) -> Study:
    """Run every policy at each of its knobs in each seed's world.

    `run_done` is called after each run.
    """
    jobs = [(policy, knob) for policy, values in knobs.items() for knob in values]
    runs: dict[tuple[str, float], list[tuple[RunOutcome, int]]] = {job: [] for job in jobs}
    calls, oracle_hours = [], []
    for seed in seeds:
        replay = build(
            history,
            arrivals,
            setting,
            lengths_s=lengths_s,
            seed=seed,
            measured_starts_s=measured_starts_s,
        )
        prepared = _prepare(replay, setting, lengths_s)
        for job, outcome in _run_all(seed, prepared, jobs):
            runs[job].append((outcome, prepared.oracle_s))
            run_done()
        calls.append(outcome.calls)
        oracle_hours.append(prepared.oracle_s / 3600)
    return Study(
        setting=setting,
        begins=arrivals.begins.isoformat(),
        days=arrivals.days,
        seeds=len(seeds),
        calls=int(median(calls)),
        oracle_hours=round(median(oracle_hours), 1),
        points=tuple(_point(policy, knob, runs[policy, knob]) for policy, knob in jobs),
    )


def default_knobs(policies: Iterable[str] = POLICIES) -> dict[str, Sequence[float]]:
    """Each policy's values to sweep."""
    return {policy: PRICES if policy == OURS else PEERS[policy][1] for policy in policies}


def _run_all(
    seed: int, prepared: _Prepared, jobs: Sequence[tuple[str, float]]
) -> Iterator[tuple[tuple[str, float], RunOutcome]]:
    workers = min(len(os.sched_getaffinity(0)), len(jobs))
    _PREPARED[seed] = prepared
    try:
        if workers == 1:
            for job in jobs:
                yield job, _run(seed, *job)
            return
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as processes:
            outcomes = [(job, processes.submit(_run, seed, *job)) for job in jobs]
            for job, outcome in outcomes:
                yield job, outcome.result()
    finally:
        del _PREPARED[seed]


def _run(seed: int, policy: str, knob: float) -> RunOutcome:
    prepared = _PREPARED[seed]
    return simulate(
        prepared.replay.world,
        autoscaler(policy, knob, prepared.replay, prepared.refits, prepared.known),
    )


def autoscaler(
    policy: str, knob: float, replay: Replay, refits: Refits, known: Knowledge
) -> Autoscaler:
    """A policy by its name, at a value of its knob."""
    if policy == OURS:
        return WarmlineAutoscaler(replay.world, refits, priced(knob), begins=replay.begins)
    return PEERS[policy][0](replay.world, known, knob)


def _prepare(replay: Replay, setting: ReplaySetting, lengths_s: NDArray[np.int64]) -> _Prepared:
    refits = fits_of(replay, setting.start_s, lengths_s)
    first_s = minute_of_week(replay.begins) * 60
    peaks = tuple(history_peak(calls, lengths_s) for calls in replay.history)
    known = knowledge(replay.world, refits.at(0), peaks, first_s=first_s)
    return _Prepared(replay, refits, known, oracle_seconds(replay.world))


def fits_of(replay: Replay, start_s: float, lengths_s: NDArray[np.int64]) -> Refits:
    """What each region's forecast learns before the run, and after every week of it from what came
    until then.

    Of call lengths it knows the mean, as a pool in production does.
    """
    survival = exponential_survival(float(lengths_s.mean()))
    first = minute_of_week(replay.history_begins)
    fits = []
    for week in range(max(1, -(-replay.world.seconds // REFIT_S))):
        until_s = week * REFIT_S
        known = (
            np.concatenate([past, _minutes_until(replay.world, region, until_s)])
            for region, past in enumerate(replay.history)
        )
        fits.append(
            tuple(
                fit(calls, first_minute=first, survival=survival, horizon_s=start_s)
                for calls in known
            )
        )
    return Refits(tuple(fits), every_s=REFIT_S)


def _minutes_until(world: World, region: int, until_s: int) -> NDArray[np.float64]:
    arrivals = world.arrivals[region]
    return minute_counts_of(arrivals[: int(np.searchsorted(arrivals, until_s))], until_s)


def _point(policy: str, knob: float, runs: Sequence[tuple[RunOutcome, int]]) -> Point:
    hours = [sum(outcome.seconds.values()) / max(1, oracle_s) for outcome, oracle_s in runs]
    cold = [outcome.cold_percent for outcome, _ in runs]
    return Point(
        policy=policy,
        knob=knob,
        hours=_interval(hours),
        cold_percent=_interval(cold),
        replica_hours=round(median(outcome.replica_hours for outcome, _ in runs), 1),
        lent_percent=round(
            median(100 * outcome.lent / max(1, outcome.calls) for outcome, _ in runs), 3
        ),
        broken=max(outcome.broken for outcome, _ in runs),
    )


def _interval(values: Sequence[float]) -> tuple[float, float, float]:
    return round(median(values), 5), round(min(values), 5), round(max(values), 5)
