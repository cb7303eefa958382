"""The warmer on real vLLM: from nothing to warm, and back after a kill."""

import os
import signal

import pytest

from inference import models, queries, snapshots, tasks
from inference.prefixes import Prefix, publish_prefixes
from tests.inference.conftest import until
from warmline.kernel import supervision

pytestmark = [pytest.mark.engine, pytest.mark.django_db, pytest.mark.timeout(400)]


def warm_think() -> bool:
    tasks.warm_for(4.0)
    return any(replica.state == "warm" and replica.role == "think" for replica in queries.snapshot().replicas)


def test_a_think_replica_becomes_warm_by_real_requests_and_is_replaced_when_killed(
    supervisor: None, regions: None
) -> None:
    """Its prefixes and canary ran on it, its stages are kept, and a dead one leaves the snapshot for a new one."""
    models.Pool.objects.exclude(name="us-east/think/frontdesk").update(baseline=0)
    system = {"role": "system", "content": "You are Anna, the receptionist at Rivertown Plumbing."}
    publish_prefixes([Prefix("agent-1", (system,))])
    until(warm_think)
    first = next(replica for replica in snapshots.current().replicas if replica.state == "warm")
    row = models.Replica.objects.get(pk=first.id)
    assert row.primed
    print(queries.cold_starts())
    assert {"import", "weights", "engine", "listen"} <= set(row.stages_s)
    assert list(row.steps.values_list("state", flat=True)) == ["cold", "starting", "loading", "priming", "warm"]

    victim = next(each for each in supervision.processes() if each.name == "think-us-east-1")
    assert victim.pid is not None
    os.killpg(victim.pid, signal.SIGKILL)
    until(lambda: (tasks.warm_for(0.1), not queries.snapshot().warm_by_place)[1], seconds=30)
    assert models.Replica.objects.get(pk=first.id).state == "failed"
    until(warm_think)
    second = next(replica for replica in queries.snapshot().replicas if replica.state == "warm")
    print(queries.cold_starts())
    assert second.id != first.id
