"""The forecast in production: what came is written down,
learnt from by a job, and asked at each turn of the warmer.
"""

import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db.models import F

from inference import models, tasks
from inference.fleet import actions, leases, queries
from inference.fleet.history import ledger_queries
from inference.warming import prewarm, record
from inference.warming.history import MINUTE, expect, group_of, learn
from inference.warming.observe import region_redis
from inference.warming.policy import Observation, decide
from inference.warming.prewarm import record_and_observe
from inference.warming.staffing import Expected, Share
from tests.inference.conftest import THINK, SmallPool, until

pytestmark = pytest.mark.django_db

# A Monday at noon.
NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
CALLS = 10


def think() -> models.Pool:
    return models.Pool.objects.get(name=THINK)


def fill_history(pool: models.Pool, *, days: int = 21) -> None:
    """Ten calls a minute from nine to five every day until NOON, thirty slots held."""
    drawn = np.random.default_rng(1)
    first = (NOON - timedelta(days=days)).replace(hour=0)
    rows = []
    for number in range(int((NOON - first) / MINUTE)):
        at = first + number * MINUTE
        busy = 9 <= at.hour < 17
        rows.append(
            models.PoolMinute(
                pool=pool,
                minute=at,
                calls=int(drawn.poisson(CALLS)) if busy else 0,
                held_peak=35 if busy else 0,
                held_sum=360 if busy else 0,
                samples=12,
            )
        )
    models.PoolMinute.objects.bulk_create(rows)


def test_each_lease_counts_once_as_a_call_that_came(regions: None) -> None:
    """Renewed leases and refused ones are no calls; what is written down is not counted again."""
    with region_redis("us-east") as client:
        for caller in ("ann", "ben", "ann"):
            leases.take(client, THINK, caller, tenant="rivertown", slots=2)
        leases.take(client, THINK, "cleo", tenant="rivertown", slots=2)
        assert leases.arrivals(client, THINK) == leases.Arrivals(2, 0)
    record_and_observe(think(), (), at=NOON)
    record_and_observe(think(), (), at=NOON + timedelta(seconds=5))
    row = models.PoolMinute.objects.get(pool__name=THINK)
    assert (row.minute, row.calls, row.held_peak, row.held_sum, row.samples) == (NOON, 2, 2, 4, 2)
    with region_redis("us-east") as client:
        assert leases.arrivals(client, THINK) == leases.Arrivals(0, 0)


def test_a_call_that_needs_a_further_replica_is_a_cold_call_avoided(regions: None) -> None:
    """Of five calls on replicas of two slots the first, the third and the fifth;
    one that takes a gap is none.
    """
    with region_redis("us-east") as client:
        for caller in ("ann", "ben", "cleo", "dan", "eva"):
            leases.take(client, THINK, caller, tenant="rivertown", slots=8, replica_slots=2)
        leases.release(client, THINK, "ann")
        leases.release(client, THINK, "ben")
        leases.take(client, THINK, "fred", tenant="rivertown", slots=8, replica_slots=2)
    record_and_observe(think(), (), at=NOON)
    row = models.PoolMinute.objects.get(pool__name=THINK)
    assert (row.calls, row.avoided) == (6, 3)
    [account] = [
        account
        for account in ledger_queries.accounts(since=NOON, until=NOON + MINUTE)
        if account.pool == THINK
    ]
    assert account.cold_calls_avoided == 3
    with region_redis("us-east") as client:
        assert leases.arrivals(client, THINK) == leases.Arrivals(0, 0)


def test_a_pool_learns_its_week_and_expects_by_it(regions: None) -> None:
    """At noon thirty slots (ten calls a minute of three minutes),
    a start before nine some already, at night none.
    """
    pool = think()
    fill_history(pool)
    assert learn(pool, at=NOON) is not None
    pool.refresh_from_db()
    noon = expect(pool, held=30, at=NOON)
    opening = expect(
        pool, held=0, at=NOON.replace(hour=8, minute=59, second=30) + timedelta(days=1)
    )
    night = expect(pool, held=0, at=NOON.replace(hour=3) + timedelta(days=1))
    assert noon is not None
    assert opening is not None
    assert night is not None
    assert noon.mean == pytest.approx(30, rel=0.15)
    assert noon.calls_an_hour == pytest.approx(60 * CALLS, rel=0.15)
    assert opening.mean > 3
    assert night.mean < 0.5


def test_a_pool_without_history_has_no_forecast(regions: None) -> None:
    """And is decided by its other layers."""
    pool = think()
    assert learn(pool, at=NOON) is None
    observation = record_and_observe(pool, (), at=NOON)
    assert observation.expected is None
    assert decide(observation, queries.policy_of(pool)).desired == pool.baseline


def test_the_warmer_wants_what_the_forecast_expects(regions: None) -> None:
    """Thirty slots and their margin are three replicas of sixteen, though nothing is held yet; it
    says why.

    A start of ten minutes: by then what is held now has gone, and what comes has come.
    """
    models.Pool.objects.filter(name=THINK).update(maximum=10, start_s=600.0)
    pool = think()
    fill_history(pool)
    learn(pool, at=NOON)
    observation = record_and_observe(pool, (), at=NOON)
    decision = decide(observation, queries.policy_of(pool))
    assert decision.desired == 3
    assert "slots expected" in decision.because


def test_the_daily_job_fits_every_pool_and_forgets_what_is_too_old(regions: None) -> None:
    """One row a pool, made anew by each run."""
    pool = think()
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    fill_history(pool, days=7)
    shift = now - NOON
    for row in models.PoolMinute.objects.filter(pool=pool, calls__gt=0)[:1]:
        record.note_minute(pool, minute=row.minute - timedelta(days=900), calls=1, held=1)
    models.PoolMinute.objects.filter(pool=pool).update(minute=F("minute") + shift)
    tasks.learn_pools.run()
    first = models.PoolFit.objects.get(pool=pool)
    tasks.learn_pools.run()
    assert models.PoolFit.objects.get(pool=pool).at == first.at, (
        "learnt once a day, however often beat asks"
    )
    models.PoolFit.objects.filter(pool=pool).update(at=first.at - timedelta(days=1))
    tasks.learn_pools.run()
    assert models.PoolFit.objects.get(pool=pool).at > first.at
    assert not models.PoolMinute.objects.filter(minute__lt=now - timedelta(days=300)).exists()


def test_growth_is_told_from_the_slots_held_a_minute_or_two_ago(regions: None) -> None:
    """The oldest look within two minutes;
    none is told from a look of the last minute, where one call is a trend.
    """
    now = time.time()
    with region_redis("us-east") as client:
        client.zadd(f"held:{THINK}", {f"{now - 20:.3f}:1": now - 20})
        assert record_and_observe(think(), (), at=NOON).held_before == -1
        client.zadd(
            f"held:{THINK}",
            {f"{now - ago:.3f}:{held}": now - ago for ago, held in ((70, 2), (110, 4), (200, 9))},
        )
        seen = record_and_observe(think(), (), at=NOON)
    assert (seen.held_before, seen.held_peak) == (4, 9)
    assert seen.held_before_s == pytest.approx(110, abs=5)


def test_pools_under_one_residency_share_their_margin(regions: None) -> None:
    """A pool of another residency, or one that was silent for a minute, is not of the group."""
    near, far = think(), models.Pool.objects.get(name="eu-west/think/frontdesk")
    expected = Expected(20.0, 20.0, 500.0)
    share = Share(expected, 2)
    models.PoolFit.objects.create(pool=far, fit={})
    seen = Observation(far.name, NOON, 2, 0, 0, 16, 0, 0, 60.0, expected=expected)
    record.note_expected(far, seen)
    assert group_of(near, share, at=NOON) is None
    models.Region.objects.update(residency="us")
    group = group_of(think(), share, at=NOON)
    assert group is not None
    assert (group.shares, group.own) == ((share, share), 0)
    assert group_of(think(), share, at=NOON + timedelta(minutes=5)) is None


def test_the_app_role_reads_the_history_and_cannot_change_it(db: None, empty_valkey: str) -> None:
    """As the pools' own rows."""
    from django.db import ProgrammingError

    actions.ensure_regions()
    assert models.PoolMinute.objects.count() == 0
    with pytest.raises(ProgrammingError, match="permission denied"):
        models.PoolMinute.objects.update(calls=9)


def test_a_draining_replica_is_taken_back_when_callers_return(small_pool: SmallPool) -> None:
    """It has been warm all along: the same replica, at once, and no second start."""
    small_pool.set(baseline=1, maximum=1)
    (before,) = small_pool.until_warm()
    models.Replica.objects.filter(pk=before.id).update(state="draining")
    until(lambda: prewarm.work_on(THINK) is not None and bool(small_pool.warm()))
    (after,) = small_pool.warm()
    assert after.id == before.id
    assert models.Replica.objects.filter(pool__name=THINK).count() == 1
