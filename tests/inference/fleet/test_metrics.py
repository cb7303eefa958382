"""What /metrics tells of the pools:
read from the rows, since whoever is scraped is not whoever decides.
"""

import msgspec
import pytest
from django.test import Client

from inference import models
from inference.fleet import leases
from inference.warming import prewarm, record
from inference.warming.observe import region_redis
from inference.warming.policy import Decision, Observation, Wish
from inference.warming.staffing import Expected, Share
from tests.inference.conftest import THINK
from warmline.kernel import clock

pytestmark = pytest.mark.django_db

LABELS = 'model="frontdesk",region="us-east",role="think"'


def scraped(client: Client) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in lines
        if not line.startswith("#")
    }


def decided(pool: models.Pool, want: int, *, layer: str) -> None:
    wishes = tuple(
        Wish(name, want if name == layer else 0, "test")
        for name in ("baseline", "forecast", "reactive")
    )
    seen = Observation(pool.name, clock.now(), 0, 0, 0, 16, 0, 0, 60.0)
    record.note_decision(pool, Decision(pool.name, want, f"test {want}", wishes), seen)


def test_decisions_that_changed_a_pool_are_counted_by_the_layer_that_won(
    regions: None, client: Client
) -> None:
    """Whichever process made them."""
    pool = models.Pool.objects.get(name=THINK)
    for want, layer in ((2, "reactive"), (3, "reactive"), (2, "forecast"), (2, "forecast")):
        decided(pool, want, layer=layer)
    metrics = scraped(client)
    name = "warmline_pool_decisions_total"
    assert metrics[f'{name}{{layer="reactive",{LABELS}}}'] == 2
    assert metrics[f'{name}{{layer="forecast",{LABELS}}}'] == 1
    assert f'{name}{{layer="baseline",{LABELS}}}' not in metrics


def test_the_layer_that_won_is_the_first_among_equals(regions: None, client: Client) -> None:
    """As the decision itself is taken."""
    pool = models.Pool.objects.get(name=THINK)
    wishes = (Wish("baseline", 2, "test"), Wish("reactive", 2, "test"))
    seen = Observation(pool.name, clock.now(), 0, 0, 0, 16, 0, 0, 60.0)
    record.note_decision(pool, Decision(pool.name, 2, "test", wishes), seen)
    assert scraped(client)[f'warmline_pool_decisions_total{{layer="baseline",{LABELS}}}'] == 1


def test_held_and_expected_slots_are_told_where_they_are_known(
    regions: None, client: Client
) -> None:
    """A pool without a forecast says nothing of what it expects."""
    models.Pool.objects.update(baseline=0, maximum=0)
    with region_redis("us-east") as redis:
        for caller in ("ann", "ben"):
            leases.take(redis, THINK, caller, tenant="rivertown", slots=4, seconds=60)
    prewarm.work_on(THINK)
    share = Share(Expected(5.5, 1.0, 90.0), 1)
    pool = models.Pool.objects.get(name=THINK)
    models.PoolFit.objects.create(
        pool=pool, fit={}, expected=msgspec.to_builtins(share), expected_at=clock.now()
    )
    metrics = scraped(client)
    assert metrics[f"warmline_slots_held{{{LABELS}}}"] == 2
    assert metrics[f"warmline_slots_expected{{{LABELS}}}"] == 5.5
    assert (
        metrics[f"warmline_replicas_wanted{{{LABELS}}}"]
        == models.Pool.objects.get(name=THINK).desired
    )
    assert not [
        name for name in metrics if name.startswith("warmline_slots_expected") and "eu-west" in name
    ]
