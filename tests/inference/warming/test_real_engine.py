"""The warmer on real vLLM: from nothing to warm, and back after a kill."""

import http.client
import os
import signal
import time

import httpx
import pytest

from inference import models
from inference.fleet import queries, snapshots
from inference.fleet.history import cold_starts
from inference.fleet.prompt_prefixes import Prefix
from inference.warming import prewarm
from tests.inference.conftest import publish, until
from warmline.kernel import supervision

# A start takes 15 s on two idle cores and minutes on busy ones.
START_S = 400.0
# By itself vLLM closes a connection on which nothing came for so long.
ENGINES_OWN_PATIENCE_S = 5

pytestmark = [pytest.mark.engine, pytest.mark.django_db, pytest.mark.timeout(1200)]


def warm_llm() -> bool:
    prewarm.warm_for(1.0)
    return any(
        replica.state == "warm" and replica.role == "think"
        for replica in queries.snapshot().replicas
    )


def answers_again_on_the_same_connection(base_url: str) -> None:
    """Fails with the connection's error when it was closed meanwhile:
    http.client opens no second one by itself.
    """
    idle = http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=30)
    for pause_s in (0, ENGINES_OWN_PATIENCE_S + 2):
        time.sleep(pause_s)
        idle.request("GET", "/health")
        assert idle.getresponse().read() is not None
    idle.close()


def test_a_think_replica_becomes_warm_by_real_requests_and_is_replaced_when_killed(
    supervisor: None, regions: None
) -> None:
    """Its prefixes and canary ran on it, idle connections stay open;
    a dead one leaves the snapshot for a new one.
    """
    models.Pool.objects.exclude(name="us-east/think/frontdesk").update(baseline=0)
    system = {"role": "system", "content": "You are Anna, the receptionist at Rivertown Plumbing."}
    publish(Prefix("agent-1", (system,)))
    until(warm_llm, seconds=START_S)
    snapshots.forget()  # the warmer in this process may have read one just before
    first = next(replica for replica in snapshots.current().replicas if replica.state == "warm")
    row = models.Replica.objects.get(pk=first.id)
    assert row.primed
    assert {"import", "weights", "engine", "listen"} <= set(row.stages_s)
    assert list(row.steps.values_list("state", flat=True)) == [
        "cold",
        "starting",
        "loading",
        "priming",
        "warm",
    ]

    answers_again_on_the_same_connection(first.base_url)

    victim = next(
        process for process in supervision.processes() if process.name == "think-us-east-1"
    )
    assert victim.pid is not None
    os.killpg(victim.pid, signal.SIGKILL)
    until(lambda: not warm_llm(), seconds=60)
    assert models.Replica.objects.get(pk=first.id).state == "failed"
    until(warm_llm, seconds=START_S)
    second = next(replica for replica in queries.snapshot().replicas if replica.state == "warm")
    assert second.id != first.id
    assert [start.replica for start in cold_starts.cold_starts()] == [second.id, first.id]


def test_a_replica_sleeps_and_wakes(supervisor: None, regions: None) -> None:
    """vLLM's own sleep: nobody is wanted, and it sleeps;
    somebody is, and the same one is warm again.
    """
    pools = models.Pool.objects
    pools.exclude(name="us-east/think/frontdesk").update(baseline=0)
    pools.filter(name="us-east/think/frontdesk").update(max_asleep=1)
    until(warm_llm, seconds=START_S)
    [replica] = models.Replica.objects.filter(state="warm", pool__role="think")
    pools.update(baseline=0)

    def state() -> str:
        prewarm.warm_for(1.0)
        return models.Replica.objects.get(pk=replica.pk).state

    until(lambda: state() == "asleep", seconds=60)
    assert httpx.get(f"{replica.base_url}/is_sleeping").json() == {"is_sleeping": True}
    pools.filter(name="us-east/think/frontdesk").update(baseline=1)
    until(lambda: state() == "warm", seconds=60)
    assert models.Replica.objects.filter(pool__role="think").count() == 1
    replica.refresh_from_db()
    assert replica.stages_s["wake"] < 5
