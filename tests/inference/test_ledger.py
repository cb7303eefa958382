"""What warmth cost: counted from the steps that were kept, and shared out to the last cent."""

from datetime import UTC, datetime, timedelta

import pytest

from inference import actions, models, queries
from inference.ledger import NOBODY, Account, Span, Use, seconds_by_state, share_out
from tests.inference.conftest import THINK
from warmline.kernel.regions import RegionCode

US, EU = RegionCode("us-east"), RegionCode("eu-west")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def account(region: RegionCode, *, filled_s: float = 0.0, **seconds: float) -> Account:
    return Account(f"{region}/think/frontdesk", region, 2.0, seconds, filled_s)


def test_only_the_part_inside_the_period_counts() -> None:
    """A replica that was warm before it and after it."""
    spans = [Span("p", "warm", NOON - HOUR, NOON + HOUR), Span("other", "warm", NOON, NOON + HOUR)]
    assert seconds_by_state(spans, pool="p", since=NOON, until=NOON + HOUR / 2) == {"warm": 1800.0}


def test_a_start_and_a_sleep_are_billed_and_a_row_that_never_started_is_not() -> None:
    """Whatever holds a card costs; idle is what calls did not fill."""
    found = account(US, filled_s=1800, cold=900, loading=900, warm=7200, asleep=900, failed=900)
    assert found.cost == pytest.approx(2.0 * (900 + 7200 + 900) / 3600)
    assert found.idle_cost == pytest.approx(2.0 * (7200 - 1800) / 3600)


def test_shares_add_up_to_the_whole() -> None:
    """By the seconds of calls in each region; a region in which nobody called is nobody's."""
    accounts = [account(US, warm=7200), account(EU, warm=3600)]
    bills = share_out(accounts, [Use("ann", {US: 300.0}, {}), Use("ben", {US: 100.0}, {})])
    assert [(bill.tenant, bill.cost) for bill in bills] == [("ann", 3.0), (NOBODY, 2.0), ("ben", 1.0)]
    assert sum(bill.cost for bill in bills) == pytest.approx(sum(each.cost for each in accounts))


@pytest.mark.django_db
def test_steps_that_were_kept_are_the_replica_seconds(regions: None) -> None:
    """Each state from its step to the next one; what ended before the period is not in it, what lives on is."""
    pool = models.Pool.objects.get(name=THINK)
    pool = actions.set_pool(THINK, price_an_hour=3.0)
    replica = actions.order_replica(pool, provisioner="local", because="test")
    gone = actions.order_replica(pool, provisioner="local", because="test")
    steps = [("cold", -120), ("starting", -110), ("warm", -60), ("draining", -20), ("asleep", -10)]
    models.ReplicaStep.objects.filter(replica=replica).delete()
    for state, minutes in steps:
        models.ReplicaStep.objects.create(replica=replica, state=state, at=NOON + timedelta(minutes=minutes))
    models.ReplicaStep.objects.filter(replica=gone).delete()
    for state, minutes in (("warm", -300), ("stopped", -200)):
        models.ReplicaStep.objects.create(replica=gone, state=state, at=NOON + timedelta(minutes=minutes))
    models.Replica.objects.filter(pk=gone.pk).update(state="stopped")
    models.Replica.objects.filter(pk=replica.pk).update(state="asleep")
    for minute in range(30):
        actions.note_minute(pool, minute=NOON - timedelta(minutes=50 - minute), calls=0, held=8)
    found = next(each for each in queries.accounts(since=NOON - HOUR, until=NOON) if each.pool == THINK)
    assert found.seconds == {"warm": 2400.0, "draining": 600.0, "asleep": 600.0}
    assert found.filled_s == 30 * 60 * 8 / 16
    assert found.cost == pytest.approx(3.0)
