"""What warmth cost: counted from the steps that were kept, and shared out to the last cent."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from inference import models
from inference.fleet import actions, queries, replica_actions
from inference.fleet.history import ledger_queries
from inference.fleet.history.ledger import (
    NOBODY,
    PoolAccount,
    StateSpan,
    TenantUse,
    seconds_by_state,
    share_out,
    split_sleep,
)
from inference.types import ReplicaState
from inference.warming import record
from tests.inference.conftest import THINK
from warmline.kernel.regions import RegionCode

US, EU = RegionCode("us-east"), RegionCode("eu-west")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def account(region: RegionCode, *, filled_s: float = 0.0, **seconds: float) -> PoolAccount:
    return PoolAccount(f"{region}/think/frontdesk", region, 2.0, seconds, filled_s)


def test_only_the_part_inside_the_period_counts() -> None:
    """A replica that was warm before it and after it."""
    spans = [
        StateSpan("p", "warm", NOON - HOUR, NOON + HOUR),
        StateSpan("other", "warm", NOON, NOON + HOUR),
    ]
    assert seconds_by_state(spans, pool="p", since=NOON, until=NOON + HOUR / 2) == {"warm": 1800.0}


def test_a_start_and_a_sleep_are_billed_and_a_row_that_never_started_is_not() -> None:
    """Whatever holds a GPU costs; idle is what calls did not fill."""
    spent = account(US, filled_s=1800, cold=900, loading=900, warm=7200, asleep=900, failed=900)
    assert spent.cost == pytest.approx(2.0 * (900 + 7200 + 900) / 3600)
    assert spent.idle_cost == pytest.approx(2.0 * (7200 - 1800) / 3600)


def test_shares_add_up_to_the_whole() -> None:
    """By the seconds of calls in each region; a region in which nobody called is nobody's."""
    accounts = [account(US, warm=7200), account(EU, warm=3600)]
    bills = share_out(
        accounts, [TenantUse("ann", {US: 300.0}, {}), TenantUse("ben", {US: 100.0}, {})]
    )
    assert [(bill.tenant, bill.cost) for bill in bills] == [
        ("ann", 3.0),
        (NOBODY, 2.0),
        ("ben", 1.0),
    ]
    assert sum(bill.cost for bill in bills) == pytest.approx(
        sum(account.cost for account in accounts)
    )


def test_sleep_while_another_pool_uses_the_gpu_is_told_apart_and_billed_to_its_user() -> None:
    """Its own replicas, another GPU's and another sleeper use nothing;
    two users at once count once.
    """
    spans = [
        StateSpan("big", "asleep", NOON, NOON + 4 * HOUR),
        StateSpan("big", "warm", NOON, NOON + HOUR / 2),
        StateSpan("small", "starting", NOON + HOUR, NOON + 2 * HOUR),
        StateSpan("small", "warm", NOON + 2 * HOUR, NOON + 3 * HOUR),
        StateSpan("other", "draining", NOON + 2 * HOUR, NOON + 2.5 * HOUR),
        StateSpan("small", "asleep", NOON + 3 * HOUR, NOON + 4 * HOUR),
        StateSpan("elsewhere", "warm", NOON, NOON + 4 * HOUR),
    ]
    gpus = {"big": "us/gpu-0", "small": "us/gpu-0", "other": "us/gpu-0", "elsewhere": "eu/gpu-0"}
    apart = split_sleep(spans, gpus=gpus)
    slept = seconds_by_state(apart, pool="big", since=NOON, until=NOON + 4 * HOUR)
    assert slept == {"asleep": 2 * 3600.0, "asleep_shared": 2 * 3600.0, "warm": 1800.0}
    assert account(US, **slept).billed_s == 2.5 * 3600
    assert set(apart) >= set(spans[1:5])


def test_a_pool_without_a_named_card_sleeps_on_its_own() -> None:
    """Whatever the others do."""
    spans = (
        StateSpan("big", "asleep", NOON, NOON + HOUR),
        StateSpan("small", "warm", NOON, NOON + HOUR),
    )
    assert split_sleep(spans, gpus={}) == spans
    assert split_sleep(spans, gpus={"small": "us/gpu-0"}) == spans


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["big", "small", "other"]),
            st.sampled_from(["asleep", "warm", "waking", "cold"]),
            st.integers(0, 50),
            st.integers(1, 20),
        ),
        max_size=12,
    )
)
def test_no_second_of_sleep_is_lost_or_told_twice(
    lives: list[tuple[str, ReplicaState, int, int]],
) -> None:
    """Second by second: shared exactly while a replica of another pool of the GPU works."""
    spans = [
        StateSpan(pool, state, NOON + SECOND * at, NOON + SECOND * (at + lasts))
        for pool, state, at, lasts in lives
    ]
    gpus = dict.fromkeys(("big", "small", "other"), "us/gpu-0")
    seconds = seconds_by_state(
        split_sleep(spans, gpus=gpus), pool="big", since=NOON, until=NOON + HOUR
    )
    shared = 0
    for pool, state, begins, lasts in lives:
        if (pool, state) == ("big", "asleep"):
            shared += sum(
                any(
                    p != "big" and s in {"warm", "waking"} and at <= second < at + long
                    for p, s, at, long in lives
                )
                for second in range(begins, begins + lasts)
            )
    slept = sum(lasts for pool, state, _, lasts in lives if (pool, state) == ("big", "asleep"))
    assert (seconds.get("asleep_shared", 0), seconds.get("asleep", 0)) == (shared, slept - shared)


@pytest.mark.django_db
def test_a_card_is_one_regions_own_and_the_ledger_knows_who_used_it(regions: None) -> None:
    """The sleeper pays while nobody does;
    a GPU of the same name in another region is another GPU.
    """
    small = actions.add_pool("us-east", "think", "small", gpu="gpu-0")
    far = actions.set_pool("eu-west/think/frontdesk", gpu="gpu-0")
    big = actions.set_pool(THINK, gpu="gpu-0", price_an_hour=1.0)
    for pool, state, begins in ((big, "asleep", 60), (small, "warm", 45), (far, "warm", 60)):
        replica = replica_actions.order_replica(pool, provisioner="local", because="test")
        models.Replica.objects.filter(pk=replica.pk).update(state=state)
        models.ReplicaStep.objects.filter(replica=replica).delete()
        models.ReplicaStep.objects.create(
            replica=replica, state=state, at=NOON - timedelta(minutes=begins)
        )
    accounts = {
        account.pool: account for account in ledger_queries.accounts(since=NOON - HOUR, until=NOON)
    }
    assert accounts[THINK].seconds == {"asleep": 15 * 60.0, "asleep_shared": 45 * 60.0}
    assert accounts[THINK].cost == pytest.approx(0.25)
    lines = {line.pool.name: line for line in queries.pool_lines()}
    assert lines[THINK].gpu_users == (small.name,)
    assert lines[THINK].ledger_state(lines[THINK].replicas[0]) == "asleep_shared"
    assert lines[small.name].gpu_users == lines[far.name].gpu_users == ()
    out = StringIO()
    call_command("pools", stdout=out)
    assert "asleep, shared" in out.getvalue()
    call_command("ledger", json=True, stdout=out)
    assert '"seconds":{"asleep_shared":86400.0}' in out.getvalue()


@pytest.mark.django_db
def test_steps_that_were_kept_are_the_replica_seconds(regions: None) -> None:
    """Each state from its step to the next one;
    what ended before the period is not in it, what lives on is.
    """
    pool = models.Pool.objects.get(name=THINK)
    pool = actions.set_pool(THINK, price_an_hour=3.0)
    replica = replica_actions.order_replica(pool, provisioner="local", because="test")
    gone = replica_actions.order_replica(pool, provisioner="local", because="test")
    steps = [("cold", -120), ("starting", -110), ("warm", -60), ("draining", -20), ("asleep", -10)]
    models.ReplicaStep.objects.filter(replica=replica).delete()
    for state, minutes in steps:
        models.ReplicaStep.objects.create(
            replica=replica, state=state, at=NOON + timedelta(minutes=minutes)
        )
    models.ReplicaStep.objects.filter(replica=gone).delete()
    for state, minutes in (("warm", -300), ("stopped", -200)):
        models.ReplicaStep.objects.create(
            replica=gone, state=state, at=NOON + timedelta(minutes=minutes)
        )
    models.Replica.objects.filter(pk=gone.pk).update(state="stopped")
    models.Replica.objects.filter(pk=replica.pk).update(state="asleep")
    for minute in range(30):
        record.note_minute(pool, minute=NOON - timedelta(minutes=50 - minute), calls=0, held=8)
    think = next(
        account
        for account in ledger_queries.accounts(since=NOON - HOUR, until=NOON)
        if account.pool == THINK
    )
    assert think.seconds == {"warm": 2400.0, "draining": 600.0, "asleep": 600.0}
    assert think.filled_s == 30 * 60 * 8 / 16
    assert think.cost == pytest.approx(3.0)
