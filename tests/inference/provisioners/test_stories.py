"""The warmer's own loop on a cluster:
from an order to a warm replica, in and out again, and what goes wrong.
"""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from inference import models
from inference.fleet import leases, queries
from inference.provisioners.kubernetes.provisioner import Kubernetes
from inference.provisioners.registry import PROVISIONERS, provisioner
from inference.warming import prewarm
from inference.warming.observe import region_redis
from tests.fakes.kubernetes_api import KubernetesApi, Refused
from tests.fakes.kubernetes_cluster import LAST_WORDS
from tests.inference.conftest import THINK, until
from tests.inference.provisioners.conftest import DEPLOYMENT

pytestmark = pytest.mark.django_db


class PodPool:
    """us-east's think pool on the cluster."""

    def __init__(self, api: KubernetesApi) -> None:
        self.api = api

    @property
    def row(self) -> models.Pool:
        """The pool as it is now."""
        return models.Pool.objects.get(name=THINK)

    def set(self, **columns: object) -> None:
        """Change what the operator wants."""
        models.Pool.objects.filter(name=THINK).update(**columns)

    def warm(self) -> list[str]:
        """The addresses that callers are routed to."""
        return [
            r.base_url for r in queries.snapshot().replicas if r.state == "warm" and r.pool == THINK
        ]

    def until_warm(self, count: int) -> list[str]:
        """Work on it until so many are warm."""
        until(lambda: prewarm.work_on(THINK) is not None and len(self.warm()) == count)
        return self.warm()

    def until_failed(self) -> models.Replica:
        """Work on it until a start has failed."""
        until(lambda: prewarm.work_on(THINK) is not None and self.row.failures > 0)
        return models.Replica.objects.filter(state="failed").latest("created_at")

    @property
    def pods(self) -> list[str]:
        """The pods that live."""
        return [pod.name for pod in self.api.cluster.of(DEPLOYMENT) if pod.active]


@pytest.fixture
def pod_pool(
    api: KubernetesApi, regions: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PodPool]:
    """The pool, its replicas started by a provisioner that sees each change at once."""
    PROVISIONERS["pods"] = lambda: _named(Kubernetes(fresh_s=0.0, orphans_every_s=0.0))
    provisioner.cache_clear()
    monkeypatch.setenv("WARMLINE_POOL_PROVISIONERS", f'{{"{THINK}": "pods"}}')
    yield PodPool(api)
    del PROVISIONERS["pods"]
    provisioner.cache_clear()


def _named(kubernetes: Kubernetes) -> Kubernetes:
    kubernetes.name = "pods"
    return kubernetes


def test_a_pod_becomes_warm_by_real_requests_at_its_own_address(pod_pool: PodPool) -> None:
    """Ready is not warm: between the two the canary ran."""
    (address,) = pod_pool.until_warm(1)
    row = models.Replica.objects.get(base_url=address)
    assert [step.state for step in row.steps.all()] == [
        "cold",
        "starting",
        "loading",
        "priming",
        "warm",
    ]
    assert {"schedule", "pull", "engine", "listen", "prime"} <= set(row.stages_s)
    assert row.pool.start_s > 0


def test_more_callers_bring_a_second_pod_and_their_leaving_takes_one_away(
    pod_pool: PodPool,
) -> None:
    """The drained one is the one that ends; the other is never touched."""
    pod_pool.set(maximum=2, slots=2)
    pod_pool.until_warm(1)
    with region_redis("us-east") as client:
        for caller in ("ann", "ben", "cleo"):
            leases.take(client, THINK, caller, tenant="rivertown", slots=4, seconds=60)
        before = set(pod_pool.until_warm(2))
        client.flushdb()
    (left,) = pod_pool.until_warm(1)
    models.Replica.objects.filter(state="draining").update(state_at=Now() - timedelta(seconds=10))
    until(
        lambda: (
            prewarm.work_on(THINK) is not None
            and models.Replica.objects.filter(state="stopped").exists()
        )
    )
    stopped = models.Replica.objects.get(state="stopped")
    until(lambda: prewarm.work_on(THINK) is not None and len(pod_pool.pods) == 1)
    assert {left, stopped.base_url} == before
    (pod,) = (pod for pod in pod_pool.api.cluster.of(DEPLOYMENT) if pod.active)
    assert pod.ip in left


@pytest.mark.parametrize(
    ("fate", "reason"), [("no image", "ImagePullBackOff"), ("crashes", LAST_WORDS)]
)
def test_a_pool_whose_pods_never_come_up_is_held_back_with_their_reason(
    pod_pool: PodPool, fate: str, reason: str
) -> None:
    """One start, no second before its time, and no pod that goes on failing meanwhile."""
    pod_pool.api.cluster.deployments[DEPLOYMENT].fate = fate  # type: ignore[assignment]
    failed = pod_pool.until_failed()
    assert reason in failed.because
    for _ in range(4):
        prewarm.work_on(THINK)
    assert models.Replica.objects.count() == 1
    assert pod_pool.row.retry_at is not None
    assert pod_pool.pods == []


def test_a_pod_that_finds_no_node_is_given_up_with_what_it_lacked(pod_pool: PodPool) -> None:
    """After the warmer's own patience with starts."""
    pod_pool.api.cluster.deployments[DEPLOYMENT].fate = "no node"
    until(lambda: prewarm.work_on(THINK) is not None and bool(pod_pool.pods))
    prewarm.work_on(THINK)
    assert "Unschedulable" in models.Replica.objects.get().because
    models.Replica.objects.update(state_at=Now() - timedelta(seconds=400))
    assert "Unschedulable: 0/3 nodes are available" in pod_pool.until_failed().because
    until(lambda: prewarm.work_on(THINK) is not None and pod_pool.pods == [])


def test_once_the_image_is_there_the_next_start_becomes_warm(pod_pool: PodPool) -> None:
    """The failures are forgotten with it."""
    pod_pool.api.cluster.deployments[DEPLOYMENT].fate = "no image"
    pod_pool.until_failed()
    pod_pool.api.cluster.deployments[DEPLOYMENT].fate = "serves"
    pod_pool.set(retry_at=None)
    pod_pool.until_warm(1)
    assert pod_pool.row.failures == 0


def test_an_evicted_pod_is_replaced_at_once(pod_pool: PodPool) -> None:
    """It was nobody's failure: nothing is held back."""
    (before,) = pod_pool.until_warm(1)
    (pod,) = pod_pool.api.cluster.of(DEPLOYMENT)
    pod_pool.api.cluster.evict(pod)
    until(lambda: prewarm.work_on(THINK) is not None and pod_pool.warm() not in ([], [before]))
    assert len(pod_pool.warm()) == 1
    assert pod_pool.row.failures == 0
    until(
        lambda: prewarm.work_on(THINK) is not None and len(pod_pool.api.cluster.of(DEPLOYMENT)) == 1
    )


def test_while_the_api_is_away_callers_keep_their_warm_replica(pod_pool: PodPool) -> None:
    """Who cannot be asked is not dead: the replica itself still answers."""
    before = pod_pool.until_warm(1)
    pod_pool.api.refuse = lambda _asked: Refused(
        503, "the server is currently unable to handle the request"
    )
    for _ in range(5):
        prewarm.work_on(THINK)
    assert pod_pool.warm() == before
    pod_pool.api.refuse = lambda _asked: None
    prewarm.work_on(THINK)
    assert pod_pool.warm() == before
    assert len(pod_pool.pods) == 1


def test_an_order_that_the_cluster_refuses_is_a_failed_start_in_its_words(
    pod_pool: PodPool,
) -> None:
    """No row without an end, no storm."""
    pod_pool.api.rules = []
    failed = pod_pool.until_failed()
    assert "403: pods is forbidden" in failed.because
    prewarm.work_on(THINK)
    assert models.Replica.objects.count() == 1


def test_a_worker_that_died_after_its_order_leaves_no_pod_that_nobody_knows(
    pod_pool: PodPool,
) -> None:
    """The row was never written; the next turn counts the pods by the rows."""
    pod_pool.until_warm(1)
    pod_pool.api.cluster.deployments[DEPLOYMENT].replicas = 3
    until(lambda: prewarm.work_on(THINK) is not None and len(pod_pool.pods) == 1)
    assert len(pod_pool.warm()) == 1


def test_a_pool_that_was_switched_drains_what_runs_elsewhere_first(pod_pool: PodPool) -> None:
    """Though the pod is the younger one."""
    pod_pool.set(baseline=2, maximum=2)
    pod_pool.until_warm(2)
    elsewhere = models.Replica.objects.earliest("created_at")
    models.Replica.objects.filter(pk=elsewhere.pk).update(provisioner="fixed")
    pod_pool.set(baseline=1, maximum=1)
    prewarm.work_on(THINK)
    assert models.Replica.objects.get(state="draining") == elsewhere


def test_a_pod_that_sleeps_is_kept_and_woken(pod_pool: PodPool) -> None:
    """It counts among the pool's pods while it sleeps, and answers at the same address after."""
    pod_pool.set(max_asleep=1)
    before = pod_pool.until_warm(1)
    pod_pool.set(baseline=0)
    until(
        lambda: (
            prewarm.work_on(THINK) is not None
            and models.Replica.objects.filter(state="draining").exists()
        )
    )
    models.Replica.objects.update(state_at=Now() - timedelta(seconds=10))
    until(
        lambda: (
            prewarm.work_on(THINK) is not None
            and models.Replica.objects.filter(state="asleep").exists()
        )
    )
    prewarm.work_on(THINK)
    assert len(pod_pool.pods) == 1
    pod_pool.set(baseline=1)
    assert pod_pool.until_warm(1) == before


def test_a_cold_start_is_measured_on_a_pod_and_leaves_none(pod_pool: PodPool) -> None:
    """`manage.py coldstart`, with the stages that only a cluster has."""
    out = StringIO()
    call_command("coldstart", starts=1, stdout=out)
    assert "warm after" in out.getvalue()
    assert "schedule s" in out.getvalue()
    pod_pool.api.cluster.step()
    assert pod_pool.pods == []
