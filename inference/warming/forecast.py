"""How many slots a pool's calls will fill one start from now, and how sure that is. Pure.

A `Fit` is made from the pool's own history, once a day: the usual week; how much the last minutes,
the last half hour and the last hours tell of the next ones (by regression on its own latest weeks,
so that a holiday or a blizzard is followed as fast as this pool's past shows to be right); and how
far calls vary beyond that. A `Forecaster` applies it at each turn of the warmer: a handful of
multiplications.
"""

from math import exp
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from inference.warming.staffing import Expected
from inference.warming.weekly_profile import DAY_MINUTES, WEEK_MINUTES, Floats, usual_week

# What came against what was expected, over about so many seconds back: a minute, some, half an
# hour, hours.
MEMORIES_S: Final = (60.0, 300.0, 1800.0, 7200.0)
# So many calls as usual are taken as seen before a memory has seen any.
BELIEF_CALLS: Final = 4.0
# The latest days test what those before taught; with fewer before them all days do both.
TRIAL_DAYS: Final = 28
# The shares are held towards nothing by so many calls' worth of evidence.
RIDGE: Final = 30.0
FEWEST_MINUTES: Final = 2 * DAY_MINUTES
LEVEL_BOUNDS: Final = (0.05, 20.0)
# A start may take this much longer than usual, and the next decision comes a little later too.
LATE: Final = 1.1
TURN_S: Final = 10.0


class Fit(msgspec.Struct, frozen=True):
    """What a pool's history taught.

    `week` is calls a minute; `survival[i]` the share of calls longer than i*10 s. `shares` weigh
    what each memory saw against the usual week. `excess` is the variance of the rate, relative to
    its square, that is left after all that: 0 for Poisson calls.
    """

    week: tuple[float, ...]
    shares: tuple[float, ...]
    excess: float
    survival: tuple[float, ...]


SURVIVAL_STEP_S: Final = 10.0
SURVIVAL_MOST: Final = 400


def survival_of(lengths_s: NDArray[np.int64]) -> tuple[float, ...]:
    """The share of calls longer than each multiple of ten seconds, as far as any is."""
    steps = np.arange(
        0, min(float(lengths_s.max()), SURVIVAL_MOST * SURVIVAL_STEP_S) + 1, SURVIVAL_STEP_S
    )
    longer = 1.0 - np.searchsorted(np.sort(lengths_s), steps, side="right") / len(lengths_s)
    return tuple(float(share) for share in longer)


def exponential_survival(mean_s: float) -> tuple[float, ...]:
    """As if calls ended at a constant rate: all that is known when only their mean length is."""
    return tuple(
        exp(-step * SURVIVAL_STEP_S / mean_s) for step in range(min(SURVIVAL_MOST, int(mean_s) + 2))
    )


def fit(
    calls: Floats, *, first_minute: int, survival: tuple[float, ...], horizon_s: float
) -> Fit | None:
    """Learn from counts a minute, the first at `first_minute` of the week.

    None with less than two days.
    """
    if len(calls) < FEWEST_MINUTES or not calls.any():
        return None
    trial = min(TRIAL_DAYS * DAY_MINUTES, len(calls) // 2)
    seam = len(calls) - trial
    seam -= seam % DAY_MINUTES
    before = usual_week(calls[:seam] if seam >= 7 * DAY_MINUTES else calls, first_minute)
    place = (first_minute + seam + np.arange(len(calls) - seam)) % WEEK_MINUTES
    shares, excess = _regress(
        calls[seam:], before[place], horizon_minutes=max(1, round(horizon_s / 60))
    )
    week = usual_week(calls, first_minute)
    return Fit(tuple(week.tolist()), shares, excess, survival)


def _regress(
    calls: Floats, expected: Floats, *, horizon_minutes: int
) -> tuple[tuple[float, ...], float]:
    """Regress the calls of the next minutes on the memories, each minute weighted by its calls."""
    seen = _memories(calls, expected)
    coming, usual = _ahead(calls, horizon_minutes), _ahead(expected, horizon_minutes)
    seen, coming, usual = seen[: len(coming)], coming[: len(seen)], usual[: len(seen)]
    open_ = usual > 0.05
    seen, coming, usual = seen[open_], coming[open_], usual[open_]
    if len(usual) < 60:
        return (0.0,) * len(MEMORIES_S), 0.0
    weight = np.sqrt(usual)
    surprise = (coming / usual - 1.0) * weight
    columns = (seen - 1.0) * weight[:, None]
    gram = columns.T @ columns + RIDGE * np.eye(len(MEMORIES_S))
    shares = np.linalg.solve(gram, columns.T @ surprise)
    predicted = usual * np.clip(1.0 + (seen - 1.0) @ shares, *LEVEL_BOUNDS)
    left = float(np.sum((coming - predicted) ** 2 - predicted))
    return tuple(float(share) for share in shares), max(0.0, left / float(np.sum(predicted**2)))


def _memories(calls: Floats, expected: Floats) -> Floats:
    """After each minute, for each memory, calls seen over calls expected."""
    keep = np.array([exp(-60.0 / memory_s) for memory_s in MEMORIES_S])
    came, due = np.zeros(len(keep)), np.zeros(len(keep))
    seen = np.empty((len(calls), len(keep)))
    for minute in range(len(calls)):
        came = came * keep + calls[minute]
        due = due * keep + expected[minute]
        seen[minute] = (came + BELIEF_CALLS) / (due + BELIEF_CALLS)
    return seen


def _ahead(counts: Floats, minutes: int) -> Floats:
    """For each minute the sum over the next ones, as far as they are known."""
    total = np.concatenate([[0.0], np.cumsum(counts)])
    ahead: Floats = total[minutes + 1 :] - total[1:-minutes]
    return ahead


class Forecaster:
    """A fit at work on one pool: told what arrives, it says what to expect one start ahead.

    Time runs in seconds; `first_s` is the second of the week at which it begins.
    """

    def __init__(self, fitted: Fit, *, start_s: float) -> None:
        self.fit = fitted
        self.horizon_s = start_s * LATE + TURN_S
        week = np.array(fitted.week) / 60.0
        self.rate = week.tolist()
        self.fresh = _still_there(week, fitted.survival, self.horizon_s)
        self.stays = _residual(fitted.survival, self.horizon_s)
        self.forget()
        self._keep: dict[float, tuple[float, ...]] = {}

    def forget(self) -> None:
        """Forget all that was seen."""
        self.came = [0.0] * len(MEMORIES_S)
        self.due = [0.0] * len(MEMORIES_S)

    def saw(self, calls: float, *, seconds: float, week_s: float) -> None:
        """So many calls came in the last `seconds`, until second `week_s` of the week."""
        due = self.rate[int((week_s - seconds / 2) // 60) % WEEK_MINUTES] * seconds
        keep = self._keep.get(seconds)
        if keep is None:
            keep = self._keep[seconds] = tuple(exp(-seconds / memory_s) for memory_s in MEMORIES_S)
        for memory, share in enumerate(keep):
            self.came[memory] = self.came[memory] * share + calls
            self.due[memory] = self.due[memory] * share + due

    def level(self) -> float:
        """How the next minutes compare with the usual week, by what was seen lately."""
        level = 1.0
        for came, due, share in zip(self.came, self.due, self.fit.shares, strict=True):
            level += share * ((came + BELIEF_CALLS) / (due + BELIEF_CALLS) - 1.0)
        return min(max(level, LEVEL_BOUNDS[0]), LEVEL_BOUNDS[1])

    def expect(self, held: int, *, week_s: float) -> Expected:
        """Slots busy one start from now when `held` are busy on warm replicas now."""
        minute = int(week_s // 60) % WEEK_MINUTES
        level = self.level()
        new = level * self.fresh[minute]
        return Expected(
            mean=held * self.stays + new,
            variance=held * self.stays * (1 - self.stays) + new + self.fit.excess * new * new,
            calls_an_hour=3600
            * level
            * self.rate[int((week_s + self.horizon_s) // 60) % WEEK_MINUTES],
        )


def _still_there(week: Floats, survival: tuple[float, ...], horizon_s: float) -> list[float]:
    """For each minute of the week, calls that begin in the horizon after it and outlast it."""
    steps = int(horizon_s // SURVIVAL_STEP_S) + 1
    kept = np.array([survival[step] if step < len(survival) else 0.0 for step in range(steps)])
    fine = np.repeat(week, int(60 / SURVIVAL_STEP_S)) * SURVIVAL_STEP_S
    ahead = np.concatenate([fine, fine[: 2 * steps + 12]])
    # np.convolve turns the kernel: the call that begins last has the least time to end.
    inside = np.convolve(ahead, kept, mode="full")[steps - 1 : steps - 1 + len(fine) + 6]
    by_minute = inside[::6][: WEEK_MINUTES + 1]
    # Within a minute the calls to come may rise as they do until the next one.
    return [float(most) for most in np.maximum(by_minute[:-1], by_minute[1:])]


def _residual(survival: tuple[float, ...], horizon_s: float) -> float:
    """The share of the calls in progress that still are after the horizon."""
    step = int(horizon_s // SURVIVAL_STEP_S)
    whole = sum(survival)
    return sum(survival[step:]) / whole if whole else 0.0
