"""A pool's own history: learnt from once a day, and asked at every turn of the warmer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec
import numpy as np
import structlog

from inference import models
from inference.fleet import queries
from inference.warming import record
from inference.warming.forecast import Fit, Forecaster, exponential_survival, fit
from inference.warming.staffing import Expected, Group, Share
from inference.warming.weekly_profile import DAY_MINUTES, Floats, minute_of_week

log = structlog.get_logger()

# A forecast is refitted when it is older: a day's calls move it by little.
LEARN_AGAIN: Final = timedelta(hours=23)
# A day's weight halves in 42 days: older ones than this would weigh less than 4 %.
LEARN_DAYS: Final = 200
# The longest memory of a forecast has forgotten what was before this.
RECENT_MINUTES: Final = 360
# What another pool expects counts in its group for so long after its turn.
FRESH_S: Final = 60.0
# Without a call in the history, calls are taken to last this long.
USUAL_CALL_S: Final = 180.0
CALL_S_LEAST, CALL_S_MOST = 10.0, 3600.0
MINUTE: Final = timedelta(minutes=1)


def learn_due_pools(*, at: datetime) -> None:
    """Refit each pool without a forecast of the last day; delete minutes too old for any."""
    record.forget_minutes(before=at - timedelta(days=LEARN_DAYS))
    for pool in queries.pools_to_learn(fitted_before=at - LEARN_AGAIN):
        fitted = learn(pool, at=at)
        outcome = "not enough history" if fitted is None else f"excess {fitted.excess:.4f}"
        log.info("pool learnt", pool=pool.name, outcome=outcome)


def learn(pool: models.Pool, *, at: datetime) -> Fit | None:
    """Fit the pool's forecast to its whole history before `at`, and keep it.

    None while there is less than two days.
    """
    since = at - timedelta(days=LEARN_DAYS)
    rows = list(
        models.PoolMinute.objects.filter(pool=pool, minute__gte=since, minute__lt=at)
        .order_by("minute")
        .values_list("minute", "calls", "held_sum", "samples")
    )
    if not rows:
        return None
    first = rows[0][0]
    calls = np.full(int((rows[-1][0] - first) / MINUTE) + 1, np.nan)
    for minute, arrived, _, _ in rows:
        calls[int((minute - first) / MINUTE)] = arrived
    fitted = fit(
        filled(calls),
        first_minute=minute_of_week(first),
        survival=exponential_survival(_mean_call_s(rows)),
        horizon_s=pool.start_s,
    )
    if fitted is not None:
        record.keep_fit(pool, fitted, at=at)
    return fitted


def filled(calls: Floats) -> Floats:
    """Minutes in which nobody looked (NaN) as the same time of the other days was on average."""
    unknown = np.isnan(calls)
    if not unknown.any():
        return calls
    time = np.arange(len(calls)) % DAY_MINUTES
    known = np.bincount(time[~unknown], minlength=DAY_MINUTES)
    total = np.bincount(time[~unknown], weights=calls[~unknown], minlength=DAY_MINUTES)
    usual = total / np.maximum(1, known)
    return np.where(unknown, usual[time], calls)


def _mean_call_s(rows: Sequence[tuple[datetime, int, int, int]]) -> float:
    """By Little's law: the mean of the slots held over the calls that came a second."""
    held = sum(held_sum / samples for _, _, held_sum, samples in rows if samples)
    calls = sum(arrived for _, arrived, _, _ in rows)
    if not calls:
        return USUAL_CALL_S
    return min(max(60.0 * held / calls, CALL_S_LEAST), CALL_S_MOST)


def expect(pool: models.Pool, *, held: int, at: datetime) -> Expected | None:
    """What the pool expects one start from now, by its fit and its latest hours.

    None before its first fit.
    """
    row = models.PoolFit.objects.filter(pool=pool).first()
    if row is None:
        return None
    forecaster = _forecaster(msgspec.json.encode(row.fit), round(pool.start_s))
    now = at.replace(second=0, microsecond=0)
    since = now - RECENT_MINUTES * MINUTE
    kept = models.PoolMinute.objects.filter(pool=pool, minute__gte=since, minute__lte=now)
    forecaster.forget()
    for minute, calls in kept.order_by("minute").values_list("minute", "calls"):
        seconds = 60.0 if minute < now else max(1.0, (at - now).total_seconds())
        forecaster.saw(calls, seconds=seconds, week_s=_second_of_week(minute) + seconds)
    return forecaster.expect(held, week_s=_second_of_week(at))


@lru_cache(maxsize=256)
def _forecaster(fitted: bytes, start_s: int) -> Forecaster:
    """Its tables take some milliseconds: one for each fit and start time."""
    return Forecaster(msgspec.json.decode(fitted, type=Fit), start_s=max(1, start_s))


def _second_of_week(at: datetime) -> float:
    return minute_of_week(at) * 60.0 + at.second


def group_of(pool: models.Pool, own: Share, *, at: datetime) -> Group | None:
    """The pools of one role, model and purpose under the same residency, by what each expected at
    its last turn.

    They lend one another slots: the router sends a call that finds no room in its region to another
    that the tenant's residency allows. None when this pool is alone.
    """
    fits = models.PoolFit.objects.filter(
        pool__role=pool.role,
        pool__model=pool.model,
        pool__purpose=pool.purpose,
        pool__slots=pool.slots,
        pool__region__residency=pool.region.residency,
        expected_at__gte=at - timedelta(seconds=FRESH_S),
    )
    shares = {fit.pool_id: msgspec.convert(fit.expected, Share) for fit in fits}
    shares[pool.pk] = own
    if len(shares) == 1:
        return None
    order = sorted(shares)
    return Group(tuple(shares[pool_id] for pool_id in order), order.index(pool.pk))
