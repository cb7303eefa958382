"""False cut-offs against latency, as eot-bench sweeps them.

A detector scores a pause once its evidence is there; from a threshold on the agent takes the turn
after a delay, otherwise after a time-out. Every policy is a point: the share of turns that are cut
off at one of their pauses, and the mean wait at their true ends. The frontier is what no other
policy beats in both.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.bench.endpointing.pauses import Known

THRESHOLDS: Final = 40
DELAYS_MS: Final = tuple(range(160, 1_010, 50))
TIME_OUTS_MS: Final = (*range(200, 1_000, 50), *range(1_000, 3_001, 100))
SILENCES_MS: Final = tuple(range(160, 3_001, 20))

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """One policy's outcome."""

    cut_off: float  # the share of turns
    latency_ms: float
    policy: str


@dataclass(frozen=True, slots=True)
class Detector:
    """How surely a pause is the end, and how long after its beginning that is known."""

    name: str
    score: Callable[[Known], float]
    known_after_ms: int


class Pauses:
    """Pauses in the order of their turns, ready to be judged by thousands of policies."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.known = sorted(known, key=lambda one: one.turn)
        lasts = [np.inf if one.lasts_ms is None else one.lasts_ms for one in self.known]
        self._lasts = np.array(lasts, float)
        self._ends = np.isinf(self._lasts)
        turns = [one.turn for one in self.known]
        self._starts = [n for n, turn in enumerate(turns) if n == 0 or turn != turns[n - 1]]

    def outcome(self, waits: Numbers, policy: str) -> Point:
        """The turns cut off, and the mean wait at their ends, when pauses are so waited for."""
        cut = np.logical_or.reduceat((waits < self._lasts) & ~self._ends, self._starts)
        return Point(float(cut.mean()), float(waits[self._ends].mean()), policy)

    def waited(self, wait_ms: Callable[[Known], float], policy: str) -> Point:
        """The same for a rule that looks at each pause."""
        return self.outcome(np.array([wait_ms(one) for one in self.known], float), policy)

    def silence(self) -> list[Point]:
        """The same wait for every pause."""
        everywhere = np.ones(len(self.known))
        return frontier(self.outcome(everywhere * ms, f"{ms} ms") for ms in SILENCES_MS)

    def swept(self, detector: Detector) -> list[Point]:
        """Every policy of threshold, delay and time-out."""
        scores = np.array([detector.score(one) for one in self.known])
        ordered = np.unique(scores)
        thresholds = [*ordered[:: max(1, len(ordered) // THRESHOLDS)], np.inf]
        points: list[Point] = []
        for threshold in thresholds:
            sure = scores >= threshold
            for acts in {max(delay, detector.known_after_ms) for delay in DELAYS_MS}:
                for time_out in (ms for ms in TIME_OUTS_MS if ms >= acts):
                    waits = np.where(sure, acts, time_out).astype(float)
                    points.append(self.outcome(waits, f"{threshold:.2f}, {acts}, {time_out} ms"))
        return frontier([*points, *self.silence()])


def frontier(points: Iterable[Point]) -> list[Point]:
    """Those that no other beats, the most patient first."""
    best: list[Point] = []
    for point in sorted(points, key=lambda p: (p.cut_off, p.latency_ms)):
        if not best or point.latency_ms < best[-1].latency_ms:
            best.append(point)
    return best


def latency_at(points: Sequence[Point], cut_off: float) -> float | None:
    """The least latency with no more turns cut off than that; None when no policy has so few."""
    return min((p.latency_ms for p in points if p.cut_off <= cut_off + 1e-9), default=None)


def cut_off_at(points: Sequence[Point], latency_ms: float) -> float | None:
    """The fewest turns cut off with no more latency than that."""
    return min((p.cut_off for p in points if p.latency_ms <= latency_ms + 1e-9), default=None)
