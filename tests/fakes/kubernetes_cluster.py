"""A cluster of a few rules, without I/O: Deployments make pods, pods come up step by step, the
cheapest goes first.

Nothing happens but by `step()`: one turn of the controllers, the scheduler and the kubelets. Pods
fare as their Deployment's `fate` says: they serve, find no image, crash, or find no node.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from tests.fakes.kubernetes_schemas import definition_of, faults_in

Fate = Literal["serves", "no image", "crashes", "no node"]
COST: Final = "controller.kubernetes.io/pod-deletion-cost"
LAST_WORDS: Final = "ValueError: the model's config.json has no architectures"
STARTING_LOG: Final = """\
(APIServer pid=1) INFO 11-21 01:54:04 [api_utils.py:286] non-default args: {}
(EngineCore pid=2) INFO 11-21 01:54:05 [core.py:133] Initializing a V1 LLM engine \
(v0.32.0) with config: model='x'
(EngineCore pid=2) INFO 11-21 01:54:12 [core.py:402] init engine \
(profile, create kv cache, warmup model) took 2.55 s
"""
# Nobody listens at a pod's address.
LET_IN: Final[Callable[[str], None]] = lambda _ip: None  # noqa: E731


def now() -> str:
    """The moment in Kubernetes' spelling."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Deployment:
    """A Deployment as applied, how its pods fare, and how many its quota lets live."""

    manifest: dict[str, Any]
    fate: Fate = "serves"
    quota: int = 100
    replicas: int = 1
    over_quota: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.manifest["metadata"]["name"])


@dataclass
class Pod:
    """One pod: its marks, and how far it is."""

    deployment: Deployment
    name: str
    ip: str
    labels: dict[str, str]
    annotations: dict[str, str] = field(default_factory=dict)
    uid: str = field(default_factory=lambda: str(uuid4()))
    created: str = field(default_factory=now)
    steps: int = 0
    node: str = ""
    phase: str = "Pending"
    reason: str = ""
    message: str = ""
    waiting: str = ""
    waiting_message: str = ""
    running: bool = False
    ready: bool = False
    ready_at: str = ""
    restarts: int = 0
    log: str = ""
    previous_log: str | None = None
    ending_for_s: int | None = None
    version: int = 0

    @property
    def active(self) -> bool:
        """Whether its ReplicaSet counts it."""
        return self.ending_for_s is None and self.phase not in {"Failed", "Succeeded"}


class Cluster:
    """All objects, by kind and name; `version` grows with each change, as resourceVersion does."""

    def __init__(self, *, port: int = 8000, came_up: Callable[[str], None] = LET_IN) -> None:
        self.deployments: dict[str, Deployment] = {}
        self.scalers: dict[str, dict[str, Any]] = {}
        self.pods: dict[str, Pod] = {}
        self.versions: dict[str, int] = {}
        self.version, self.made, self.demand = 1, 0, 0
        self.port, self.came_up = port, came_up
        self.ended: list[str] = []

    def apply(self, manifest: dict[str, Any], *, replicas: int = 0) -> None:
        """Take an object, as long as it fits what Kubernetes publishes of its kind.
        Its pods listen on `port`.
        """
        faults = faults_in(manifest, definition_of(manifest))
        assert faults == [], faults
        ours, name = deepcopy(manifest), str(manifest["metadata"]["name"])
        if manifest["kind"] == "Deployment":
            ours["spec"]["template"]["spec"]["containers"][0]["ports"][0]["containerPort"] = (
                self.port
            )
            self.deployments[name] = Deployment(ours, replicas=replicas)
        elif manifest["kind"] in {"HorizontalPodAutoscaler", "ScaledObject"}:
            self.scalers[name] = ours
        self.touch(name)

    def touch(self, name: str) -> None:
        """An object has changed."""
        self.version += 1
        self.versions[name] = self.version

    def step(self) -> None:
        """One turn of everything that works in a cluster."""
        for name, scaler in self.scalers.items():
            self._scale_by(name, scaler["spec"])
        for deployment in self.deployments.values():
            self._make_or_end(deployment)
        for pod in list(self.pods.values()):
            self._go_on(pod)

    def of(self, deployment: str) -> list[Pod]:
        """A Deployment's pods that live."""
        return [
            pod
            for pod in self.pods.values()
            if pod.deployment.name == deployment and pod.ending_for_s is None
        ]

    def end(self, pod: Pod, *, grace_s: int) -> None:
        """Its deletion begins."""
        if pod.ending_for_s is None:
            pod.ending_for_s = grace_s
            self.ended.append(pod.name)
            self._changed(pod)

    def evict(self, pod: Pod, *, reason: str = "Evicted") -> None:
        """Its node takes it away."""
        pod.phase, pod.reason, pod.message, pod.ready = (
            "Failed",
            reason,
            "The node was low on resource: memory.",
            False,
        )
        self._changed(pod)

    def _scale_by(self, name: str, spec: dict[str, Any]) -> None:
        least = spec.get("minReplicas", spec.get("minReplicaCount", 0))
        most = spec.get("maxReplicas", spec.get("maxReplicaCount", 100))
        self.deployments[name].replicas = min(most, max(least, self.demand))

    def _make_or_end(self, deployment: Deployment) -> None:
        active = [pod for pod in self.of(deployment.name) if pod.active]
        wanted = min(deployment.replicas, deployment.quota)
        deployment.over_quota = deployment.replicas > deployment.quota
        for _ in range(wanted - len(active)):
            self._make(deployment)
        for pod in sorted(active, key=_first_to_go)[: max(0, len(active) - deployment.replicas)]:
            self.end(pod, grace_s=30)

    def _make(self, deployment: Deployment) -> None:
        self.made += 1
        labels = dict(deployment.manifest["spec"]["template"]["metadata"]["labels"])
        name = f"{deployment.name}-{self.made:05d}"
        # Loopback has sixteen million addresses: each pod is a host of its own.
        pod = Pod(deployment, name, f"127.1.{self.made // 200}.{self.made % 200 + 1}", labels)
        self.pods[name] = pod
        self._changed(pod)

    def _go_on(self, pod: Pod) -> None:
        before = (pod.node, pod.phase, pod.waiting, pod.running, pod.ready, pod.restarts)
        if pod.ending_for_s is not None:
            del self.pods[pod.name]
            return
        if pod.phase in {"Failed", "Succeeded"}:
            return
        pod.steps += 1
        if pod.deployment.fate != "no node":
            _FATES[pod.deployment.fate](pod)
        if pod.ready and not before[4]:
            self.came_up(pod.ip)
            pod.ready_at = now()
        if before != (pod.node, pod.phase, pod.waiting, pod.running, pod.ready, pod.restarts):
            self._changed(pod)

    def _changed(self, pod: Pod) -> None:
        self.version += 1
        pod.version = self.version


def _first_to_go(pod: Pod) -> tuple[bool, bool, bool, int, float, float]:
    """The ReplicaSet controller's order:
    no node, pending, not ready, cheap, lately ready, young.
    """
    ready_at = datetime.fromisoformat(pod.ready_at).timestamp() if pod.ready_at else 0.0
    cost = int(pod.annotations.get(COST, "0"))
    return (bool(pod.node), pod.phase == "Running", pod.ready, cost, -ready_at, -pod.version)


def _serve(pod: Pod) -> None:
    if pod.steps == 1:
        pod.node, pod.waiting = "node-1", "ContainerCreating"
    elif pod.steps == 2:
        pod.phase, pod.waiting, pod.running, pod.log = "Running", "", True, STARTING_LOG
    else:
        pod.ready = True


def _find_no_image(pod: Pod) -> None:
    pod.node, pod.waiting = (
        "node-1",
        ("ContainerCreating", "ErrImagePull", "ImagePullBackOff")[min(pod.steps, 3) - 1],
    )
    pod.waiting_message = (
        "" if pod.steps == 1 else 'Back-off pulling image "vllm/vllm-openai:v0.32.0": not found'
    )


def _crash(pod: Pod) -> None:
    if pod.steps == 1:
        pod.node, pod.waiting = "node-1", "ContainerCreating"
    elif pod.steps == 2:
        pod.phase, pod.waiting, pod.running = "Running", "", True
    else:
        pod.running, pod.waiting, pod.restarts = False, "CrashLoopBackOff", pod.steps - 2
        pod.waiting_message = "back-off 10s restarting failed container"
        pod.previous_log = f"{STARTING_LOG}{LAST_WORDS}\n"


_FATES: Final = {"serves": _serve, "no image": _find_no_image, "crashes": _crash}


def as_object(pod: Pod) -> dict[str, Any]:
    """A pod as the API shows it."""
    spec = deepcopy(pod.deployment.manifest["spec"]["template"]["spec"])
    metadata: dict[str, Any] = {
        "name": pod.name,
        "namespace": pod.deployment.manifest["metadata"]["namespace"],
        "uid": pod.uid,
        "resourceVersion": str(pod.version),
        "creationTimestamp": pod.created,
        "labels": dict(pod.labels),
    }
    if pod.annotations:
        metadata["annotations"] = dict(pod.annotations)
    if pod.ending_for_s is not None:
        metadata["deletionTimestamp"] = now()
        metadata["deletionGracePeriodSeconds"] = pod.ending_for_s
    if pod.node:
        spec["nodeName"] = pod.node
    status: dict[str, Any] = {"phase": pod.phase, "conditions": _conditions(pod)}
    if pod.node:
        status |= {"podIP": pod.ip, "containerStatuses": [_container(pod, spec["containers"][0])]}
    if pod.reason:
        status |= {"reason": pod.reason, "message": pod.message}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": status}


def _conditions(pod: Pod) -> list[dict[str, Any]]:
    if not pod.node:
        refused = {
            "reason": "Unschedulable",
            "message": "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.",
        }
        told = refused if pod.deployment.fate == "no node" else {}
        return [
            {"type": "PodScheduled", "status": "False", "lastTransitionTime": pod.created, **told}
        ]
    ready = {
        "type": "Ready",
        "status": str(pod.ready),
        "lastTransitionTime": pod.ready_at or pod.created,
    }
    return [{"type": "PodScheduled", "status": "True", "lastTransitionTime": pod.created}, ready]


def _container(pod: Pod, container: dict[str, Any]) -> dict[str, Any]:
    state: dict[str, Any] = {}
    if pod.waiting:
        state["waiting"] = {"reason": pod.waiting} | (
            {"message": pod.waiting_message} if pod.waiting_message else {}
        )
    elif pod.running:
        begun = datetime.fromisoformat(pod.created) + timedelta(seconds=7)
        state["running"] = {"startedAt": begun.strftime("%Y-%m-%dT%H:%M:%SZ")}
    shown = {
        "name": container["name"],
        "image": container["image"],
        "imageID": f"{container['image']}@sha256:{'0' * 64}" if pod.running else "",
        "ready": pod.ready,
        "restartCount": pod.restarts,
        "state": state,
    }
    if pod.restarts:
        shown["lastState"] = {"terminated": {"exitCode": 1, "reason": "Error"}}
    return shown
