"""From counted bins to single calls: arrivals, lengths and start times, by a seeded generator."""

from math import ceil
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from inference.replay.arrivals import Trace

Scaling = Literal["rates", "counts"]

# The rate around a bin is the mean of the open bins within this time before and after it.
LOCAL_S: Final = 1800
# A pool of this many busy calls at the busiest hour of a week is where sixteen slots a replica
# begin to make sense.
BUSY_CALLS: Final = 120.0
# Rounded scales: 1, 2, 5, 10, 20, 50 …
STEPS: Final = (1, 2, 5)


class ScaledTrace(msgspec.Struct, frozen=True):
    """A trace at another size: calls a bin, as they were drawn."""

    step_s: int
    calls: NDArray[np.int64]


def scaled(
    trace: Trace, *, scale: int, scaling: Scaling, drawn: np.random.Generator
) -> ScaledTrace:
    """The trace as of a company `scale` times as large.

    counts: every count is multiplied, so that variance grows with the square, counting noise
    included. rates: calls in a bin are taken as a Poisson count of a gamma-distributed rate around
    the local mean, with the over-dispersion that the trace itself shows. The bin's own rate is
    drawn given its count, then a count is drawn at `scale` times that rate: mean m and variance v
    become scale*m and scale*m + scale^2*(v - m), the negative binomial of the larger company. Scale
    1 keeps every count either way.
    """
    if scale == 1 or scaling == "counts":
        return ScaledTrace(trace.step_s, trace.calls * scale)
    mean = local_mean(trace.calls, bins=max(1, LOCAL_S // trace.step_s))
    shape = _shape(trace.calls, mean)
    rates = mean if shape is None else mean * drawn.gamma(shape + trace.calls) / (shape + mean)
    return ScaledTrace(trace.step_s, drawn.poisson(rates * scale))


def local_mean(calls: NDArray[np.int64], *, bins: int) -> NDArray[np.float64]:
    """The mean count of the bins around each bin, itself included, over those within the same open
    hours.

    A run of empty bins as long as the window is closed; beside it the window ends, so that an
    opening stays sharp.
    """
    openly = _open(calls, bins)
    ends_before, ends_after = _run_bounds(openly)
    total = np.concatenate([[0], np.cumsum(calls)]).astype(np.float64)
    place = np.arange(len(calls))
    low = np.maximum(place - bins, ends_before)
    high = np.minimum(place + bins + 1, ends_after)
    mean = (total[high] - total[low]) / np.maximum(1, high - low)
    return np.where(openly, mean, 0.0)


def _open(calls: NDArray[np.int64], bins: int) -> NDArray[np.bool_]:
    """Bins in opening hours: those in no empty run of twice the window."""
    busy = calls > 0
    starts, ends = _run_bounds(busy)
    return busy | (ends - starts < 8 * bins)


def _run_bounds(flags: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each index the first of its run of equal flags, and one past the run's last."""
    changes = np.flatnonzero(np.diff(flags.astype(np.int8))) + 1
    edges = np.concatenate([[0], changes, [len(flags)]])
    run = np.searchsorted(changes, np.arange(len(flags)), side="right")
    return edges[run], edges[run + 1]


def _shape(calls: NDArray[np.int64], mean: NDArray[np.float64]) -> float | None:
    """The gamma's shape by moments, or None where counts vary no more than Poisson counts do."""
    excess = float(np.sum((calls - mean) ** 2 - mean))
    return float(np.sum(mean**2)) / excess if excess > 0 else None


def arrival_seconds(binned: ScaledTrace, drawn: np.random.Generator) -> NDArray[np.int64]:
    """The second of each call, rising; uniform within its bin, as a Poisson process' calls are."""
    bins = np.repeat(np.arange(len(binned.calls)), binned.calls)
    return np.sort(bins * binned.step_s + drawn.integers(0, binned.step_s, len(bins)))


def minute_counts(binned: ScaledTrace, drawn: np.random.Generator) -> NDArray[np.float64]:
    """Calls a minute as a pool would count them: each bin's calls at random over its minutes."""
    bins = np.repeat(np.arange(len(binned.calls)), binned.calls)
    seconds = bins * binned.step_s + drawn.integers(0, binned.step_s, len(bins))
    return minute_counts_of(seconds, len(binned.calls) * binned.step_s)


def minute_counts_of(seconds: NDArray[np.int64], until_s: int) -> NDArray[np.float64]:
    """Calls in each whole minute before `until_s`, from the second of each."""
    minutes = until_s // 60
    return np.bincount(seconds // 60, minlength=minutes)[:minutes].astype(np.float64)


def sensible_scale(trace: Trace, mean_call_s: float) -> int:
    """The least of 1, 2, 5, 10, … that brings the busiest hour near `BUSY_CALLS` at once."""
    bins = max(1, 3600 // trace.step_s)
    hours = (
        trace.calls[: len(trace.calls) // bins * bins].reshape(-1, bins).sum(axis=1)
        * 3600
        / (bins * trace.step_s)
    )
    busy = float(np.quantile(hours[hours > 0], 0.95)) * mean_call_s / 3600 if hours.any() else 0.0
    wanted = BUSY_CALLS / busy if busy else 1.0
    size = 1
    while True:
        for step in STEPS:
            if step * size >= wanted * 0.75:
                return step * size
        size *= 10


def start_times(
    start_s: float, *, measured: NDArray[np.int64] | None, drawn: np.random.Generator
) -> NDArray[np.int64]:
    """Some thousand start times: resampled from measured ones brought to the mean `start_s`, or
    lognormal around it.

    Without measured ones the spread is 10 %: starts on one kind of machine with warm caches differ
    by that much.
    """
    if measured is None:
        times = start_s * np.exp(drawn.normal(-0.005, 0.1, 4096))
    else:
        times = drawn.choice(measured, 4096) * (start_s / measured.mean())
    return np.maximum(1, np.rint(times)).astype(np.int64)


def shifted(binned: ScaledTrace, *, by_s: int, begins_s: int, ends_s: int) -> ScaledTrace:
    """A region's copy, `by_s` later on the clock, between two moments of the first one's."""
    first = ceil((begins_s - by_s) / binned.step_s)
    last = ceil((ends_s - by_s) / binned.step_s)
    calls = np.zeros(last - first, np.int64)
    low, high = max(0, first), min(len(binned.calls), last)
    if low < high:
        calls[low - first : high - first] = binned.calls[low:high]
    return ScaledTrace(binned.step_s, calls)
