"""Reads a frontier between measured points: cost at a share of cold calls, and the reverse."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import log10
from typing import Final

import msgspec

from inference.replay.study import OURS, Point, Study

# A frontier: hours and cold calls in per cent, by rising hours.
Line = Sequence[tuple[float, float]]

# Shares of cold calls at which costs are compared, in per cent.
LEVELS: Final = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
BAR_COLD_PERCENT: Final = 0.1
BAR_HOURS: Final = 1.2
BAR_TIMES_FEWER: Final = 10.0
BAR_SAVING: Final = 0.1


class Saving(msgspec.Struct, frozen=True):
    """Our replica-hours and the best peer's, by the oracle's, at one share of cold calls."""

    cold_percent: float
    ours: float
    peer: str
    peers: float

    @property
    def share(self) -> float:
        """The part of the peer's replica-hours that we spare."""
        return 1 - self.ours / self.peers


class FrontierVerdict(msgspec.Struct, frozen=True):
    """A frontier against the bars.

    `hours_at_bar`: our replica-hours at 0.1 % cold calls. At `compared_hours` (1.2 times the
    oracle's, or the nearest that both reach) we have `cold_percent` and the best peer has
    `peer_cold_percent`.
    """

    hours_at_bar: float | None
    compared_hours: float
    cold_percent: float | None
    peer: str
    peer_cold_percent: float | None
    times_fewer: float | None
    savings: tuple[Saving, ...]
    least_saving: float | None


def judge(measured: Study) -> FrontierVerdict:
    """Compare our points with every peer's."""
    least = measured.least_cold_percent
    ours = envelope([point for point in measured.points if point.policy == OURS])
    peers = {
        name: envelope([point for point in measured.points if point.policy == name])
        for name in dict.fromkeys(point.policy for point in measured.points)
        if name != OURS
    }
    savings = tuple(_savings(ours, peers, least))
    cold = cold_at(ours, BAR_HOURS, least)
    peers_cold = _known(cold_at, peers, BAR_HOURS, least)
    best = min(peers_cold, key=peers_cold.__getitem__, default="")
    times_fewer = None
    if best and cold is not None:
        times_fewer = peers_cold[best] / max(cold, least)
    return FrontierVerdict(
        hours_at_bar=hours_at(ours, BAR_COLD_PERCENT, least),
        compared_hours=BAR_HOURS,
        cold_percent=cold,
        peer=best,
        peer_cold_percent=peers_cold.get(best),
        times_fewer=times_fewer,
        savings=savings,
        least_saving=min((saving.share for saving in savings), default=None),
    )


def envelope(points: Sequence[Point]) -> list[tuple[float, float]]:
    """The (hours, cold per cent) that no other point of the policy beats in both, by hours."""
    line: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda point: (point.hours[0], point.cold_percent[0])):
        if not line or point.cold_percent[0] < line[-1][1]:
            line.append((point.hours[0], point.cold_percent[0]))
    return line


def hours_at(line: Line, cold_percent: float, least: float) -> float | None:
    """Hours at a share of cold calls, straight between points on a logarithmic scale.

    None above what was reached. A policy with fewer cold calls than that at its cheapest point
    costs what this point costs.
    """
    if not line or line[-1][1] > cold_percent:
        return None
    if line[0][1] <= cold_percent:
        return line[0][0]
    wanted = log10(max(cold_percent, least))
    for (hours, cold), (more, fewer) in pairwise(line):
        if fewer <= cold_percent:
            high, low = log10(max(cold, least)), log10(max(fewer, least))
            return more if high <= low else hours + (more - hours) * (high - wanted) / (high - low)
    return None


def cold_at(line: Line, hours: float, least: float) -> float | None:
    """Cold calls in per cent at so many hours; None below the cheapest point."""
    if not line or line[0][0] > hours:
        return None
    for (fewer, cold), (more, colder) in pairwise(line):
        if more >= hours:
            high, low = log10(max(cold, least)), log10(max(colder, least))
            return float(10 ** (high + (low - high) * (hours - fewer) / (more - fewer)))
    return line[-1][1]


def _known(
    read: Callable[[Line, float, float], float | None],
    lines: Mapping[str, Line],
    at: float,
    least: float,
) -> dict[str, float]:
    """The value of each line that reaches so far."""
    values = {name: read(line, at, least) for name, line in lines.items()}
    return {name: value for name, value in values.items() if value is not None}


def _savings(ours: Line, peers: Mapping[str, Line], least: float) -> list[Saving]:
    savings = []
    for level in LEVELS:
        hours = hours_at(ours, level, least)
        peers_hours = _known(hours_at, peers, level, least)
        if hours is not None and peers_hours and level > least:
            best = min(peers_hours, key=peers_hours.__getitem__)
            savings.append(Saving(level, hours, best, peers_hours[best]))
    return savings
