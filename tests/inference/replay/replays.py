"""Small logs, worlds and policies for the simulator's tests."""

from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from inference.replay.arrivals import Trace
from inference.replay.peers import (
    Knowledge,
    knowledge,
)
from inference.replay.study import autoscaler, default_knobs, fits_of
from inference.replay.types import Autoscaler, RegionObservation, World
from inference.replay.worlds import Replay, ReplaySetting, build, split

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

    def desired(self, seen: list[RegionObservation]) -> list[int]:
        return [self.replicas] * len(seen)


class Scripted:
    """Wants so many replicas from each second on."""

    every_s = 1
    recalls = False
    moves = True

    def __init__(self, script: dict[int, int]) -> None:
        self.script = script
        self.now = 0

    def desired(self, seen: list[RegionObservation]) -> list[int]:
        self.now = self.script.get(seen[0].at_s, self.now)
        return [self.now] * len(seen)


def trace(days: int = 15, *, calls_a_bin: float = 40.0, seed: int = 1) -> Trace:
    """Office hours in bins of five minutes, every day."""
    day = np.zeros(288)
    day[96:216] = calls_a_bin
    calls = np.random.default_rng(seed).poisson(np.tile(day, days))
    return Trace(
        MONDAY, 300, calls, {"north": int(calls.sum()) // 2, "south": int(calls.sum()) // 2}
    )


def replay(setting: ReplaySetting | None = None, *, seed: int = 1, days: int = 2) -> Replay:
    history, arrivals = split(trace(), test_days=days)
    return build(history, arrivals, setting or ReplaySetting(), lengths_s=LENGTHS, seed=seed)


def world(*arrivals: list[int], length_s: int = 100, **changes: Any) -> World:
    """Regions whose calls come at these seconds, each as long as the others; starts take 10 s."""
    plain = World(
        arrivals=tuple(np.array(times, np.int64) for times in arrivals),
        lengths_s=tuple(np.full(len(times), length_s) for times in arrivals),
        tenants=tuple(np.zeros(len(times), np.int32) for times in arrivals),
        seconds=1000,
        counted_from_s=0,
        slots=2,
        start_s=10.0,
        starts_s=np.array([10]),
        lend=False,
        seed=1,
    )
    return msgspec.structs.replace(plain, **changes)


def policies(of: Replay) -> list[tuple[str, Autoscaler]]:
    """Every policy at each of its knobs."""
    fits = fits_of(of, 155.0, LENGTHS)
    known = knowledge(of.world, fits.at(0), (200.0,) * of.world.regions, first_s=0.0)
    knobs = default_knobs()
    return [
        (name, autoscaler(name, knob, of, fits, known))
        for name, values in knobs.items()
        for knob in values
    ]
