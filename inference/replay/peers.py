"""The policies that others ship, re-expressed by their published rules, each with one knob.

Their rules are applied to calls in progress and in line, the better signal; none is given less than
its rule asks for.
"""

from collections import deque
from collections.abc import Callable
from math import ceil
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from inference.replay.types import Autoscaler, RegionObservation, World
from inference.warming.forecast import Fit, survival_of
from inference.warming.weekly_profile import WEEK_MINUTES

MINUTE_S: Final = 60


class Knowledge(msgspec.Struct, frozen=True):
    """What a policy may know before a run: each region's busy slots in a usual week, by minute, and
    their past peak.

    `first_s` is the second of the week at which the run begins.
    """

    usual_busy: tuple[tuple[float, ...], ...]
    peak_busy: tuple[float, ...]
    first_s: float

    def busy(self, region: int, at_s: float) -> float:
        """Slots that are usually busy at this second of the run."""
        return self.usual_busy[region][int((self.first_s + at_s) // MINUTE_S) % WEEK_MINUTES]


def knowledge(
    world: World, fits: tuple[Fit | None, ...], peaks: tuple[float, ...], *, first_s: float
) -> Knowledge:
    """The usual week of busy slots: the fitted calls a minute times a call's mean length."""
    mean_min = (
        float(np.mean(np.concatenate(world.lengths_s))) / MINUTE_S
        if any(map(len, world.lengths_s))
        else 0.0
    )
    weeks = tuple(
        tuple(rate * mean_min for rate in fitted.week) if fitted else (0.0,) * WEEK_MINUTES
        for fitted in fits
    )
    return Knowledge(weeks, peaks, first_s)


class ByRegion:
    """A policy that decides for each region alone, from what it kept of it."""

    every_s = 15
    recalls = False
    moves = False

    def __init__(self, world: World, known: Knowledge, knob: float) -> None:
        self.slots = world.slots
        self.known = known
        self.knob = knob
        self.kept: list[deque[tuple[int, float]]] = [deque() for _ in range(world.regions)]

    def desired(self, seen: list[RegionObservation]) -> list[int]:
        """Each region's rule."""
        return [self.rule(region, view) for region, view in enumerate(seen)]

    def rule(self, region: int, seen: RegionObservation) -> int:
        """Replicas wanted in one region."""
        raise NotImplementedError

    def keep(self, region: int, at_s: int, value: float, window_s: int) -> deque[tuple[int, float]]:
        """Keep a value, and give all of the window."""
        kept = self.kept[region]
        kept.append((at_s, value))
        while kept[0][0] <= at_s - window_s:
            kept.popleft()
        return kept


class Hpa(ByRegion):
    """Kubernetes HPA on busy slots: ceil(calls / (slots * knob)), tolerance 10 %, sync 15 s, up at
    most max(100 %, 4) at once, down only to the largest wish of the last 300 s, never below one.
    """

    def rule(self, region: int, seen: RegionObservation) -> int:
        """The HPA's step."""
        return self.step(region, seen, (seen.held + seen.waiting) / (self.slots * self.knob))

    def step(self, region: int, seen: RegionObservation, asked: float) -> int:
        """From replicas asked for, as a fraction, to replicas wanted."""
        have = seen.warm + seen.in_transit
        wish = have if have and abs(asked / have - 1) <= 0.1 else ceil(asked)
        wish = max(1, min(wish, have + max(have, 4)))
        window = self.keep(region, seen.at_s, wish, 300)
        return max(wish, min(have, int(max(value for _, value in window))))


class Keda(Hpa):
    """KEDA on calls in line: ceil(waiting / knob) by the HPA it drives, polled every 30 s.

    The last one stays until nothing happened for the cooldown of 300 s.
    """

    every_s = 30

    def rule(self, region: int, seen: RegionObservation) -> int:
        """The HPA's step on the queue, and scale to zero."""
        wish = self.step(region, seen, seen.waiting / self.knob)
        window = self.kept[region]
        idle = wish <= 1 and not seen.held and all(value <= 1 for _, value in window)
        return 0 if idle and not seen.waiting and len(window) * self.every_s >= 300 else wish


class Knative(ByRegion):
    """Knative KPA: the mean of calls over 60 s against slots * knob.

    Over 6 s, when that asks for twice what is ready: then only upwards until 60 s after. At most
    halved at once; to zero when nobody called for 60 s.
    """

    every_s = 6

    def __init__(self, world: World, known: Knowledge, knob: float) -> None:
        super().__init__(world, known, knob)
        self.panic_until = [-1] * world.regions
        self.panic_most = [0] * world.regions

    def rule(self, region: int, seen: RegionObservation) -> int:
        """Stable or panicking."""
        calls = seen.held + seen.waiting
        window = self.keep(region, seen.at_s, calls, 60)
        a_replica = self.slots * self.knob
        stable = ceil(sum(value for _, value in window) / len(window) / a_replica)
        panic = ceil(calls / a_replica)
        if panic >= 2 * max(1, seen.warm) and panic > stable:
            if seen.at_s >= self.panic_until[region]:
                self.panic_most[region] = 0
            self.panic_until[region] = seen.at_s + 60
        if seen.at_s < self.panic_until[region]:
            self.panic_most[region] = max(
                self.panic_most[region], panic, seen.warm + seen.in_transit
            )
            return self.panic_most[region]
        return max(stable, seen.warm // 2)


class RayServe(ByRegion):
    """Ray Serve: ceil(calls / knob) by the mean of 30 s.

    Up when that held for 30 s, down when it held for 600 s.
    """

    every_s = 10

    def __init__(self, world: World, known: Knowledge, knob: float) -> None:
        super().__init__(world, known, knob)
        self.since: list[tuple[int, int]] = [(0, 0)] * world.regions

    def rule(self, region: int, seen: RegionObservation) -> int:
        """One decision; how long the wish has pointed the same way is kept."""
        window = self.keep(region, seen.at_s, seen.held + seen.waiting, 30)
        have = seen.warm + seen.in_transit
        wish = max(1, ceil(sum(value for _, value in window) / len(window) / self.knob))
        way = (wish > have) - (wish < have)
        before, since_s = self.since[region]
        if way != before:
            self.since[region] = (way, seen.at_s)
            since_s = seen.at_s
        held_s = seen.at_s - since_s
        if (way > 0 and held_s >= 30) or (way < 0 and held_s >= 600):
            self.since[region] = (0, seen.at_s)
            return wish
        return max(1, have)


class AwsPredictive(Hpa):
    """AWS predictive scaling beside an HPA, the larger of both.

    It orders the hour's usual mean load at the same utilisation 300 s ahead.
    """

    def rule(self, region: int, seen: RegionObservation) -> int:
        """The larger of the hour's forecast and the HPA's wish."""
        hours = {int((self.known.first_s + at_s) // 3600) for at_s in (seen.at_s, seen.at_s + 300)}
        usual = max(self._hour(region, hour) for hour in hours)
        return max(super().rule(region, seen), ceil(usual / (self.slots * self.knob)))

    def _hour(self, region: int, hour: int) -> float:
        minute = hour * 60 % WEEK_MINUTES
        week = self.known.usual_busy[region]
        return sum(week[minute : minute + 60]) / 60


class Dynamo(ByRegion):
    """Dynamo's planner: the forecast of 180 s as the floor, and ±1 every 5 s by occupancy."""

    every_s = 5

    def rule(self, region: int, seen: RegionObservation) -> int:
        """One up when busier than the knob, one down when one less would still be below it."""
        have = seen.warm + seen.in_transit
        calls, a_replica = seen.held + seen.waiting, self.slots * self.knob
        floor = ceil(
            max(self.known.busy(region, seen.at_s + ahead) for ahead in (0, 60, 120, 180))
            / a_replica
        )
        if calls > have * a_replica:
            have += 1
        elif calls < (have - 1) * a_replica * 0.9:
            have -= 1
        return max(1, floor, have)


class Static(ByRegion):
    """So many times the replicas that the history's peak filled, day and night."""

    every_s = 60

    def rule(self, region: int, seen: RegionObservation) -> int:
        """Always the same."""
        return max(1, ceil(self.knob * self.known.peak_busy[region] / self.slots))


Make = Callable[[World, Knowledge, float], Autoscaler]
# name: how it is made, and its knob's values from sparing to lavish. Ray Serve's is calls a
# replica.
PEERS: Final[dict[str, tuple[Make, tuple[float, ...]]]] = {
    "hpa": (Hpa, (0.95, 0.85, 0.75, 0.65)),
    "keda": (Keda, (5, 1)),
    "knative": (Knative, (0.95, 0.85, 0.75, 0.65)),
    "ray": (RayServe, (14, 12, 10, 2)),
    "aws": (AwsPredictive, (0.95, 0.85, 0.75, 0.65)),
    "dynamo": (Dynamo, (0.95, 0.85, 0.75, 0.65)),
    "static": (Static, (0.6, 1.0)),
}


def history_peak(calls: NDArray[np.float64], lengths_s: NDArray[np.int64]) -> float:
    """The most slots that a history filled, by its counts a minute and its calls' lengths."""
    survival = np.array(survival_of(lengths_s))[::6]
    return float(np.convolve(calls, survival)[: len(calls)].max()) if len(calls) else 0.0
