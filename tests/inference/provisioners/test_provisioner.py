"""Replicas as pods, told by the real client to an API that lets nothing unpublished pass."""

import threading

import pytest

from inference.errors import ProvisionerFailed
from inference.provisioners.kubernetes.api import Deadline
from inference.provisioners.kubernetes.pods import REPLICA
from inference.provisioners.kubernetes.provisioner import Kubernetes
from inference.provisioners.registry import provisioner, provisioner_for
from tests.fakes.kubernetes_api import KubernetesApi, Refused
from tests.fakes.kubernetes_cluster import COST, LAST_WORDS
from tests.inference.provisioners.conftest import DEPLOYMENT, US_EAST, Desk, body_of, manifests


def test_a_start_scales_up_and_ends_in_an_address_once_the_pod_is_ready(desk: Desk) -> None:
    """Before that it is on its way, with the reason and the stages of its start."""
    desk.start("ann")
    assert desk.replicas == 1
    first = desk.status("ann")
    assert (first.running, first.base_url) == (True, "")
    ready = desk.until_ready("ann")
    assert ready.base_url == f"http://{desk.pod('ann').ip}:{desk.api.cluster.port}"
    assert ready.loading
    assert ready.stages_s["schedule"] == 0.0
    assert ready.stages_s["pull"] == 7.0
    assert ready.stages_s["engine"] == 2.55


def test_the_scale_is_patched_under_the_version_that_was_read(desk: Desk) -> None:
    """So that two who count at the same time do not both win."""
    desk.start("ann")
    assert body_of(desk.api, "patch_namespaced_deployment_scale")["metadata"][
        "resourceVersion"
    ].isdigit()


def test_somebody_elses_change_between_reading_and_writing_is_read_again(desk: Desk) -> None:
    """A conflict is no failure."""
    conflicts = [Refused(409, "the object has been modified")]
    desk.api.refuse = lambda asked: conflicts.pop() if asked.verb == "patch" and conflicts else None
    desk.start("ann")
    assert desk.replicas == 1


def test_each_replica_has_a_pod_of_its_own(desk: Desk) -> None:
    """Three orders of one turn become three pods, whoever counts first."""
    for name in ("ann", "ben", "cleo"):
        desk.start(name)
    desk.remove_orphans()
    addresses = {desk.until_ready(name).base_url for name in ("ann", "ben", "cleo")}
    assert len(addresses) == 3
    assert desk.replicas == 3


def test_another_process_finds_the_same_pod_by_its_claim(desk: Desk) -> None:
    """A worker that died before it kept the pod's name loses nothing."""
    desk.start("ann")
    before = desk.handles["ann"]
    address = desk.until_ready("ann").base_url
    assert Kubernetes().status(before).base_url == address


def test_the_stopped_replica_is_the_one_that_goes(desk: Desk) -> None:
    """It is made the cheapest to delete, then the scale goes down by one;
    nothing is deleted by name.
    """
    for name in ("ann", "ben"):
        desk.start(name)
        desk.remove_orphans()
        desk.until_ready(name)
    victim, other = desk.pod("ann"), desk.pod("ben")
    desk.api.frozen = True
    desk.stop("ann")
    assert int(victim.annotations[COST]) < 0 < int(other.annotations[COST])
    assert desk.replicas == 1
    desk.api.cluster.step()
    assert desk.pods == [other]
    assert "delete_namespaced_pod" not in {request.operation for request in desk.api.asked}


def test_a_pod_that_starts_is_not_taken_in_place_of_a_ready_one(desk: Desk) -> None:
    """Kubernetes would take the starting one whatever it costs,
    so the ready one is deleted by name.
    """
    desk.start("ann")
    desk.until_ready("ann")
    desk.start("ben")
    desk.status("ben")
    victim, starting = desk.pod("ann"), desk.pod("ben")
    desk.api.frozen = True
    desk.stop("ann")
    desk.api.frozen = False
    assert victim.name in desk.api.cluster.ended
    assert body_of(desk.api, "delete_namespaced_pod")["gracePeriodSeconds"] == 5
    desk.until_ready("ben")
    assert desk.pods == [starting]
    assert desk.replicas == 1


def test_stopping_twice_takes_nobody_elses_pod(desk: Desk) -> None:
    """One that is not there is no error."""
    desk.start("ann")
    handle = desk.handles["ann"]
    desk.until_ready("ann")
    desk.start("ben")
    desk.remove_orphans()
    desk.until_ready("ben")
    desk.stop("ann")
    desk.kubernetes.stop(handle, grace_s=5.0)
    desk.remove_orphans()
    assert desk.status("ben").running
    assert desk.replicas == 1


def test_an_image_that_is_not_there_fails_with_the_pods_own_reason(desk: Desk) -> None:
    """The first miss may pass; the back-off is the failure."""
    desk.api.cluster.deployments[DEPLOYMENT].fate = "no image"
    desk.start("ann")
    status = desk.status_until("ann", lambda status: not status.running)
    assert "ImagePullBackOff: Back-off pulling image" in status.why
    assert not status.gone


def test_a_crashing_container_fails_with_its_last_words(desk: Desk) -> None:
    """From the log of the run that died."""
    desk.api.cluster.deployments[DEPLOYMENT].fate = "crashes"
    desk.start("ann")
    status = desk.status_until("ann", lambda status: not status.running)
    assert "CrashLoopBackOff" in status.why
    assert LAST_WORDS in status.why


def test_a_pod_without_a_node_is_still_starting_and_says_what_it_lacks(desk: Desk) -> None:
    """A node may come; the warmer's own limit ends the wait, with these words."""
    desk.api.cluster.deployments[DEPLOYMENT].fate = "no node"
    desk.start("ann")
    desk.status("ann")
    status = desk.status("ann")
    assert status.running
    assert "Unschedulable: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu." in status.why


def test_a_quota_that_lets_no_pod_be_made_is_a_failure_with_its_words(desk: Desk) -> None:
    """There is no pod to tell it; the Deployment does."""
    desk.api.cluster.deployments[DEPLOYMENT].quota = 0
    desk.start("ann")
    assert "exceeded quota: gpus" in desk.status_until("ann", lambda status: not status.running).why


def test_a_container_that_was_restarted_is_dead_though_it_runs(desk: Desk) -> None:
    """What was warm on it is gone."""
    desk.start("ann")
    desk.until_ready("ann")
    desk.pod("ann").restarts = 1
    status = desk.status("ann")
    assert not status.running
    assert "exit code 1" in status.why


@pytest.mark.parametrize("how", ["evicted", "deleted", "lost"])
def test_a_pod_that_the_cluster_took_is_gone_and_its_replica_never_moves_to_another(
    desk: Desk, how: str
) -> None:
    """The one that comes in its place is cold: it serves the next replica."""
    desk.start("ann")
    desk.until_ready("ann")
    pod = desk.pod("ann")
    if how == "evicted":
        desk.api.cluster.evict(pod)
    elif how == "deleted":
        desk.api.cluster.end(pod, grace_s=30)
        desk.api.frozen = True
    else:
        del desk.api.cluster.pods[pod.name]
    status = desk.status("ann")
    assert (status.running, status.gone) == (False, True)
    assert not any(REPLICA in pod.labels for pod in desk.pods if pod.active)
    desk.api.frozen = False
    del desk.handles["ann"]
    desk.start("ben")
    desk.remove_orphans()
    desk.until_ready("ben")
    assert desk.pod("ben") is not pod
    assert [pod for pod in desk.pods if pod.active] == [desk.pod("ben")]


def test_what_a_dead_worker_left_is_mended(desk: Desk) -> None:
    """A scale with no replica behind it comes down again;
    a pod whose replica is over serves the next one.
    """
    desk.start("ann")
    address = desk.until_ready("ann").base_url
    del desk.handles["ann"]  # its row is over, and nobody stopped it
    desk.start("ben")
    desk.api.cluster.deployments[DEPLOYMENT].replicas = 5  # and somebody scaled by hand
    desk.remove_orphans()
    assert desk.until_ready("ben").base_url == address
    del desk.handles["ben"]
    desk.remove_orphans()
    assert desk.replicas == 0


def test_pods_of_one_image_and_one_kind_of_node_share_a_fingerprint(desk: Desk) -> None:
    """Nothing is known before one is up, nor while two images are out."""
    assert desk.kubernetes.fingerprint("frontdesk") == ""
    desk.start("ann")
    desk.until_ready("ann")
    desk.status("ann")
    assert len(desk.kubernetes.fingerprint("frontdesk")) == 64
    assert desk.kubernetes.fingerprint("another") == ""


@pytest.mark.parametrize(
    ("code", "reason"),
    [(403, "pods is forbidden"), (500, "etcd leader changed"), (401, "Unauthorized")],
)
def test_an_api_error_is_the_protocols_error_with_what_was_asked(
    desk: Desk, code: int, reason: str
) -> None:
    """Who asked for what, where, and what came back."""
    desk.api.refuse = lambda _asked: Refused(code, reason)
    with pytest.raises(
        ProvisionerFailed, match=f"pods of {DEPLOYMENT} in namespace warmline: .* {code}: {reason}"
    ):
        desk.start("ann")


def test_a_deployment_that_is_not_there_is_named(desk: Desk) -> None:
    """The name follows from the pool's."""
    desk.api.cluster.deployments.clear()
    with pytest.raises(ProvisionerFailed, match=f'deployments.apps "{DEPLOYMENT}" not found'):
        desk.start("ann")


def test_an_api_that_does_not_answer_is_given_up_in_time(desk: Desk) -> None:
    """Three seconds for a request, nine for a call:
    a turn of the warmer never hangs on a cluster.
    """
    desk.api.stalled = threading.Event()
    with pytest.raises(ProvisionerFailed, match=r"does not answer: .*Timeout"):
        desk.start("ann")


def test_an_answer_that_stops_in_its_middle_is_given_up_too(desk: Desk) -> None:
    """Its first bytes came in time."""
    desk.api.cut_short = True
    with pytest.raises(ProvisionerFailed, match=r"does not answer: (ProtocolError|IncompleteRead)"):
        desk.start("ann")


def test_an_answer_that_is_not_kubernetes_is_said_to_be_so(desk: Desk) -> None:
    """Such as a proxy's login page."""
    desk.api.not_json = True
    with pytest.raises(ProvisionerFailed, match="answer is not what was expected"):
        desk.start("ann")


def test_a_call_whose_time_is_over_asks_nothing_more() -> None:
    """However many requests it was made of."""
    with pytest.raises(ProvisionerFailed, match="longer than the 9 s"):
        Deadline(0.0).left()


def test_a_log_that_cannot_be_read_hides_no_failure(desk: Desk) -> None:
    """The pod's own reason is enough."""
    desk.api.cluster.deployments[DEPLOYMENT].fate = "crashes"
    desk.api.refuse = lambda asked: (
        Refused(500, "no route to the kubelet") if asked.resource == "pods/log" else None
    )
    desk.start("ann")
    assert "CrashLoopBackOff" in desk.status_until("ann", lambda status: not status.running).why


def test_without_any_cluster_the_start_says_what_was_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither a service account nor a kubeconfig."""
    monkeypatch.setenv("KUBECONFIG", "/nowhere/config")
    desk = Desk(KubernetesApi.__new__(KubernetesApi), Kubernetes())
    with pytest.raises(ProvisionerFailed, match="a service account or a kubeconfig"):
        desk.start("ann")


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        (
            "WARMLINE_KUBERNETES_FLOORS",
            '{"us-east/think/frontdesk": "knative"}',
            "expected hpa or keda",
        ),
        (
            "WARMLINE_KUBERNETES_CONTEXTS",
            '{"eu-west": "small"}',
            "names no context for the region us-east",
        ),
        (
            "WARMLINE_KUBERNETES_CONTEXTS",
            '{"us-east": "large"}',
            "context 'large' of the kubeconfig",
        ),
        ("WARMLINE_KUBERNETES_NAMESPACE", "elsewhere", 'namespaces "elsewhere" not found'),
    ],
)
def test_settings_that_lead_nowhere_fail_the_start_with_their_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, reason: str
) -> None:
    """The pool's row shows the sentence."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ProvisionerFailed, match=reason):
        desk.start("ann")


def test_a_single_pool_can_be_switched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others stay with the installation's provisioner; a fixed endpoint stays one."""
    monkeypatch.setenv("WARMLINE_POOL_PROVISIONERS", '{"us-east/think/frontdesk": "kubernetes"}')
    assert provisioner_for(pool="us-east/think/frontdesk", fixed_url="").name == "kubernetes"
    assert provisioner_for(pool="eu-west/think/frontdesk", fixed_url="").name == "local"
    assert provisioner_for(
        pool="us-east/think/frontdesk", fixed_url="http://host/v1"
    ) is provisioner("fixed")


FLOORED = pytest.mark.parametrize(
    ("kind", "file"), [("hpa", "floors/hpa.yaml"), ("keda", "floors/keda.yaml")]
)


def floored(desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, file: str) -> None:
    desk.api.cluster.apply(*manifests(file))
    monkeypatch.setenv("WARMLINE_KUBERNETES_FLOORS", f'{{"us-east/think/frontdesk": "{kind}"}}')


def floor_of(desk: Desk) -> int:
    spec = desk.api.cluster.scalers[DEPLOYMENT]["spec"]
    return int(spec.get("minReplicas", spec.get("minReplicaCount")))


@FLOORED
def test_under_an_autoscaler_only_its_floor_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, file: str
) -> None:
    """Up with each replica, down with each that is stopped; the scale is the autoscaler's."""
    floored(desk, monkeypatch, kind, file)
    for name in ("ann", "ben"):
        desk.start(name)
        desk.remove_orphans()
        desk.until_ready(name)
    assert floor_of(desk) == 2
    kept = desk.pod("ben")
    desk.stop("ann")
    desk.remove_orphans()
    desk.status("ben")
    assert floor_of(desk) == 1
    assert [pod for pod in desk.pods if pod.active] == [kept]
    assert not any(request.resource == "deployments/scale" for request in desk.api.asked)


@FLOORED
def test_a_pod_that_the_autoscaler_added_serves_the_next_replica_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, file: str
) -> None:
    """It is up already: the first look finds its address."""
    floored(desk, monkeypatch, kind, file)
    desk.api.cluster.demand = 2
    desk.start("ann")
    desk.until_ready("ann")
    desk.status("ann")
    desk.start("ben")
    desk.remove_orphans()
    assert desk.status("ben").base_url
    assert floor_of(desk) == 2
    assert len(desk.pods) == 2


@FLOORED
def test_a_floor_over_the_autoscalers_most_is_refused_with_both_numbers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, file: str
) -> None:
    """The API would refuse it, with less to say."""
    floored(desk, monkeypatch, kind, file)
    spec = desk.api.cluster.scalers[DEPLOYMENT]["spec"]
    spec["maxReplicas" if kind == "hpa" else "maxReplicaCount"] = 1
    desk.start("ann")
    desk.until_ready("ann")
    with pytest.raises(ProvisionerFailed, match="keeps at most 1 pods, wanted are 2"):
        desk.start("ben")


@pytest.mark.parametrize(
    ("kind", "file", "least"), [("hpa", "floors/hpa.yaml", 1), ("keda", "floors/keda.yaml", 0)]
)
def test_the_floor_goes_as_low_as_the_autoscaler_can(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, file: str, least: int
) -> None:
    """Kubernetes' own keeps one, KEDA none."""
    floored(desk, monkeypatch, kind, file)
    desk.start("ann")
    desk.until_ready("ann")
    desk.stop("ann")
    desk.kubernetes.remove_orphans(region=US_EAST, role="think", model="frontdesk", handles=[])
    assert floor_of(desk) == least
