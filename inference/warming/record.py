"""Writes down what the warmer saw: load, TTFT, decisions, fits, canaries. As the control role."""

import time
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Final

import msgspec
import redis
from django.db.models import F
from django.db.models.functions import Greatest

from inference import models
from inference.fleet import leases
from inference.fleet.history import cold_starts
from inference.warming.forecast import Fit
from inference.warming.policy import Decision, Observation
from inference.warming.staffing import Share

# How far back the reactive layer looks for the peak of leased slots: a lull shorter than that ends
# no replica.
PEAK_S: Final = 300.0
# So many callers' times to first token weigh as much as all that was known before.
FEW_TTFTS: Final = 20


def held_key(pool: str) -> str:
    """The sorted set of a pool's samples of held slots, `time:slots` scored by their time."""
    return f"held:{pool}"


def record_load(client: "redis.Redis", pool: models.Pool, *, held: int, at: datetime) -> None:
    """Record the slots held now and the calls since the last look, as a sample and by minute."""
    _keep_sample(client, pool.name, held)
    arrivals = leases.arrivals(client, pool.name)
    minute = at.replace(second=0, microsecond=0)
    note_minute(pool, minute=minute, calls=arrivals.calls, avoided=arrivals.avoided, held=held)
    if arrivals.calls:
        leases.forget_arrivals(client, pool.name, arrivals)


def _keep_sample(client: "redis.Redis", pool: str, held: int) -> None:
    key, now = held_key(pool), time.time()
    change = client.pipeline(transaction=True)
    change.zadd(key, {f"{now:.3f}:{held}": now})
    change.zremrangebyscore(key, "-inf", now - PEAK_S)
    change.expire(key, int(PEAK_S * 2))
    change.execute()


def note_warm(pool: models.Pool, *, ttft_ms: float) -> None:
    """A replica became warm: nothing holds back starts, and what it took is what a start takes."""
    pool.start_s = cold_starts.usual_start_s(pool)
    pool.failures, pool.retry_at = 0, None
    pool.save(update_fields=["start_s", "failures", "retry_at"])
    note_canary_ttft(pool, ttft_ms=ttft_ms)


def note_starts(pool: models.Pool, starts_s: Sequence[float]) -> None:
    """Starts were measured by a command: the median of the last five is what a start takes."""
    pool.start_s = round(median(starts_s[-5:]), 2)
    pool.save(update_fields=["start_s"])


def note_canary_ttft(pool: models.Pool, *, ttft_ms: float) -> None:
    """A measured first output moves the pool's figure: much when it is quicker, little when it is
    slower.

    A single request measures the machine's momentary load as much as the pool; a quick one proves
    what the pool can do. With equal weights two pools of one busy machine stood 255 ms apart, more
    than an ocean, and callers crossed it.
    """
    _move_ttft(pool, ttft_ms, weight=0.6 if ttft_ms < pool.first_word_ms else 0.05)


def note_callers_ttft(pool: models.Pool, *, mean_ms: float, requests: int) -> None:
    """What callers waited for their first output moves the pool's figure, by half at most: the more
    when they are many.

    Unlike a canary they are weighed alike when they are slower: their wait is what routing shall
    foresee, and if it drives callers away, the canaries of the idle pool bring the figure down
    again.
    """
    _move_ttft(pool, mean_ms, weight=min(0.5, requests / (requests + FEW_TTFTS)))


def _move_ttft(pool: models.Pool, measured_ms: float, *, weight: float) -> None:
    measured_ms = min(measured_ms, 3 * pool.first_word_ms)
    pool.first_word_ms = round((1 - weight) * pool.first_word_ms + weight * measured_ms, 1)
    pool.save(update_fields=["first_word_ms"])


def note_decision(pool: models.Pool, decision: Decision, observation: Observation) -> bool:
    """Keep a decision that differs from the last one, with the numbers it saw.

    Returns whether it differed.
    """
    if (pool.desired, pool.because) == (decision.desired, decision.because):
        return False
    changed = pool.desired != decision.desired
    pool.desired, pool.because = decision.desired, decision.because
    pool.save(update_fields=["desired", "because"])
    if changed or not models.PoolDecision.objects.filter(pool=pool).exists():
        models.PoolDecision.objects.create(
            pool=pool,
            desired=decision.desired,
            because=decision.because,
            layers=msgspec.to_builtins(decision.wishes),
            seen=msgspec.to_builtins(observation),
        )
    return True


def note_minute(
    pool: models.Pool, *, minute: datetime, calls: int, held: int, avoided: int = 0
) -> None:
    """Add one look at a pool to its minute: calls that came since the look before, and the slots
    held now.

    `avoided` of these calls met a warm model only because more was warm than the calls before them
    filled.
    """
    row, _ = models.PoolMinute.objects.get_or_create(pool=pool, minute=minute)
    models.PoolMinute.objects.filter(pk=row.pk).update(
        calls=F("calls") + calls,
        avoided=F("avoided") + avoided,
        held_peak=Greatest(F("held_peak"), held),
        held_sum=F("held_sum") + held,
        samples=F("samples") + 1,
    )


def forget_minutes(*, before: datetime) -> int:
    """Delete minutes older than a forecast looks back; how many."""
    return models.PoolMinute.objects.filter(minute__lt=before).delete()[0]


def keep_fit(pool: models.Pool, fitted: Fit, *, at: datetime) -> None:
    """Store what a pool's history taught; the warmer uses it from its next turn on."""
    models.PoolFit.objects.update_or_create(
        pool=pool, defaults={"fit": msgspec.to_builtins(fitted), "at": at}
    )


def note_expected(pool: models.Pool, observation: Observation) -> None:
    """Keep what a pool expects and has, for its page and the pools that lend and borrow."""
    expected, at = observation.expected, observation.at
    if expected is None:
        return
    share = Share(expected, observation.warm + observation.in_transit)
    models.PoolFit.objects.filter(pool=pool).update(
        expected=msgspec.to_builtins(share), expected_at=at
    )
    minute = models.PoolMinute.objects.filter(pool=pool, minute=at.replace(second=0, microsecond=0))
    minute.update(expected=expected.mean)


def keep_canary(model: str, fingerprint: str, answer: str) -> None:
    """Store the first answer of a model's canary; a stored one stays."""
    models.Canary.objects.get_or_create(
        model=model, fingerprint=fingerprint, defaults={"answer": answer}
    )
