"""The usual week of a pool: calls a minute by weekday and time of day, from its own history.

Pure.
"""

from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAY_MINUTES: Final = 1440
WEEK_MINUTES: Final = 7 * DAY_MINUTES
# The week is learnt in such steps: an opening hour stays sharp, a minute's noise is averaged out.
STEP_MINUTES: Final = 5
STEPS_A_DAY: Final = DAY_MINUTES // STEP_MINUTES
# A day's weight halves in this time: a pool's callers change their habits over a season.
HALF_LIFE_DAYS: Final = 42.0
# A day with less or more than this share of its weekday's usual calls is a holiday or a blizzard:
# it teaches little.
USUAL: Final = (0.6, 1.67)
UNUSUAL_WEIGHT: Final = 0.05
# Weekdays whose totals differ by less than this teach one another their shape.
ALIKE: Final = 1.35
# Neighbouring steps within this factor of each other belong to one slope; beyond it lies an opening
# or a closing.
SLOPE: Final = 1.8
NEIGHBOURS: Final = 3


def minute_of_week(at: datetime) -> int:
    """Minutes since Monday's midnight by the clock of `at`."""
    return at.weekday() * DAY_MINUTES + at.hour * 60 + at.minute


def usual_week(calls: Floats, first_minute: int) -> Floats:
    """Calls expected in each of the week's 10,080 minutes.

    `calls` are counts a minute, the first at `first_minute` of the week. Whole days count; each
    weekday's mean is weighted towards the recent and away from unusual days, then shrunk towards
    alike weekdays and towards neighbouring steps as far as its own noise asks for.
    """
    offset = -first_minute % DAY_MINUTES
    days = (len(calls) - offset) // DAY_MINUTES
    if days < 1:
        return np.full(WEEK_MINUTES, float(calls.mean()) if len(calls) else 0.0)
    table = (
        calls[offset : offset + days * DAY_MINUTES]
        .reshape(days, STEPS_A_DAY, STEP_MINUTES)
        .sum(axis=2)
    )
    weekday = ((first_minute + offset) // DAY_MINUTES + np.arange(days)) % 7
    weights = 0.5 ** (np.arange(days)[::-1] / HALF_LIFE_DAYS)
    mean, noise = np.zeros((7, STEPS_A_DAY)), np.full((7, STEPS_A_DAY), np.inf)
    for day in range(7):
        is_day = weekday == day
        if np.any(is_day):
            mean[day], noise[day] = _weekday(table[is_day].astype(np.float64), weights[is_day])
    known = np.isfinite(noise[:, 0])
    mean[~known] = mean[known].mean(axis=0)
    mean = _shrink(mean, noise, _alike(mean))
    mean = _shrink(mean, noise, _slopes(mean))
    return np.repeat(mean.ravel() / STEP_MINUTES, STEP_MINUTES)


def _weekday(table: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The mean of one weekday's days, and the variance of that mean."""
    totals = table.sum(axis=1)
    usual = float(np.median(totals))
    strange = (totals < USUAL[0] * usual) | (totals > USUAL[1] * usual)
    weights = np.where(strange, weights * UNUSUAL_WEIGHT, weights)
    share = weights / weights.sum()
    mean = share @ table
    spread = share @ (table - mean) ** 2
    effective = 1.0 / float(np.sum(share**2))
    return mean, np.maximum(spread, mean + 0.1) / effective


def _alike(mean: Floats) -> Floats:
    """For each weekday the mean shape of those with similar totals, at its own total."""
    totals = np.maximum(mean.sum(axis=1), 1e-9)
    ratio = totals[:, None] / totals[None, :]
    near = (np.maximum(ratio, 1 / ratio) < ALIKE).astype(np.float64)
    shapes = mean / totals[:, None]
    alike: Floats = totals[:, None] * (near @ shapes) / near.sum(axis=1, keepdims=True)
    return alike


def _slopes(mean: Floats) -> Floats:
    """Each step's mean with its neighbours, as far as they belong to one slope."""
    week = mean.ravel()
    total, count = week.copy(), np.ones_like(week)
    for apart in range(1, NEIGHBOURS + 1):
        for other in (np.roll(week, apart), np.roll(week, -apart)):
            near = (
                (other < SLOPE * week + 1)
                & (week < SLOPE * other + 1)
                & ((other > 0) == (week > 0))
            )
            total += np.where(near, other, 0.0)
            count += near
    return (total / count).reshape(mean.shape)


def _shrink(mean: Floats, noise: Floats, towards: Floats) -> Floats:
    """The estimate moved to its target by the share of their distance that noise explains."""
    finite = np.isfinite(noise)
    explained = float(noise[finite].sum())
    apart = float(np.sum((mean - towards)[finite] ** 2))
    share = min(1.0, explained / apart) if apart > 0 else 1.0
    # Noise is largest where calls are many; a step that is clearly off keeps its own value.
    clear = np.where(finite, (mean - towards) ** 2 > 9 * noise, False)
    return np.where(clear, mean, (1 - share) * mean + share * towards)
