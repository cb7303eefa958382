"""What a pod tells of the replica on it. Pure. Only the fields that are read are parsed."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from inference.provisioners.stages import read_log
from inference.provisioners.types import ReplicaStatus

# Whose pod it is, and which Deployment it came from; the latter stands in the Deployment's own
# template.
POOL: Final = "warmline.io/pool"
REPLICA: Final = "warmline.io/replica"
# Its replica is over: nobody may take this pod again.
STOPPED: Final = "warmline.io/stopped"
# Kubernetes takes the cheapest first among pods that are as far as each other. Those of replicas
# cost something, those that nobody has claimed cost nothing.
COST: Final = "controller.kubernetes.io/pod-deletion-cost"
CLAIMED_COST: Final = "1000"
VICTIM_COST: Final = "-1000"
PORT_NAME: Final = "http"

# Waiting for these does not help: the kubelet tries again, and fails again.
LASTING: Final = frozenset({
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "ImageInspectError",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "CrashLoopBackOff",
})  # fmt: skip

# The cluster's own doing: no failure of the replica, and nothing that holds back the next one.
TAKEN_AWAY: Final = frozenset(
    {"Evicted", "NodeLost", "NodeShutdown", "Preempting", "Shutdown", "Terminated"}
)


class Camel(msgspec.Struct, frozen=True, rename="camel"):
    """A struct with the API's spelling: camel case."""


class Meta(Camel, frozen=True):
    """An object's name and marks."""

    name: str = ""
    uid: str = ""
    resource_version: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    creation_timestamp: datetime | None = None
    deletion_timestamp: datetime | None = None


class Port(Camel, frozen=True):
    """A port of a container."""

    container_port: int
    name: str = ""


class Container(Camel, frozen=True):
    """What runs: its image, its arguments, what it is given."""

    name: str
    image: str = ""
    command: list[str] = []
    args: list[str] = []
    env: list[dict[str, Any]] = []
    resources: dict[str, Any] = {}
    ports: list[Port] = []


class PodSpec(Camel, frozen=True):
    """What shall run, and on which node it does."""

    containers: list[Container]
    node_name: str = ""
    node_selector: dict[str, str] = {}


class WaitingState(Camel, frozen=True):
    """A container that does not run yet, or not again."""

    reason: str = ""
    message: str = ""


class RunningState(Camel, frozen=True):
    """A container that runs."""

    started_at: datetime | None = None


class TerminatedState(Camel, frozen=True):
    """A container that ended."""

    exit_code: int
    reason: str = ""
    message: str = ""


class ContainerState(Camel, frozen=True):
    """How a container is: exactly one of the three is set."""

    waiting: WaitingState | None = None
    running: RunningState | None = None
    terminated: TerminatedState | None = None


class ContainerStatus(Camel, frozen=True):
    """How a container is, and how it was before its last restart."""

    name: str
    restart_count: int = 0
    state: ContainerState = ContainerState()
    last_state: ContainerState = ContainerState()
    image_id: str = msgspec.field(default="", name="imageID")


class Condition(Camel, frozen=True):
    """One of a pod's or a Deployment's conditions."""

    type: str
    status: str
    reason: str = ""
    message: str = ""
    last_transition_time: datetime | None = None


class PodStatus(Camel, frozen=True):
    """How a pod is."""

    phase: str = ""
    reason: str = ""
    message: str = ""
    pod_ip: str = msgspec.field(default="", name="podIP")
    conditions: list[Condition] = []
    container_statuses: list[ContainerStatus] = []
    init_container_statuses: list[ContainerStatus] = []


class Pod(Camel, frozen=True):
    """A pod, as far as it matters here."""

    metadata: Meta
    spec: PodSpec
    status: PodStatus = PodStatus()

    @property
    def replica(self) -> str:
        """The replica whose pod it is; empty when nobody has claimed it."""
        return self.metadata.labels.get(REPLICA, "")

    @property
    def ending(self) -> bool:
        """Whether it is being deleted."""
        return self.metadata.deletion_timestamp is not None

    @property
    def over(self) -> bool:
        """Whether it has ended by itself: its Deployment counts it no more."""
        return self.status.phase in {"Failed", "Succeeded"}

    @property
    def stopped(self) -> bool:
        """Whether its replica was stopped."""
        return STOPPED in self.metadata.annotations

    @property
    def ready(self) -> bool:
        """Whether its readiness probe passes."""
        ready = self.condition("Ready")
        return ready is not None and ready.status == "True"

    @property
    def main(self) -> Container:
        """The container that serves: the one with the port named http, else the first."""
        serving = (
            container
            for container in self.spec.containers
            if any(port.name == PORT_NAME for port in container.ports)
        )
        return next(serving, self.spec.containers[0])

    @property
    def main_status(self) -> ContainerStatus | None:
        """How the serving container is; None before the kubelet has taken the pod up."""
        named = (
            status for status in self.status.container_statuses if status.name == self.main.name
        )
        return next(named, None)

    @property
    def all_containers(self) -> tuple[ContainerStatus, ...]:
        """How all its containers are, in the order in which they run."""
        return (*self.status.init_container_statuses, *self.status.container_statuses)

    def condition(self, kind: str) -> Condition | None:
        """The condition of that type."""
        return next((known for known in self.status.conditions if known.type == kind), None)


class PodFault(msgspec.Struct, frozen=True):
    """Why a pod will not serve (again): its reason, and which log tells more."""

    reason: str
    container: str = ""
    previous: bool = False
    has_log: bool = False


def fault_of(pod: Pod) -> PodFault | None:
    """What is wrong with a pod for good, or None: pending, pulling and loading are no faults."""
    for container in pod.all_containers:
        waiting = container.state.waiting
        if waiting is not None and waiting.reason in LASTING:
            looping = waiting.reason == "CrashLoopBackOff"
            return PodFault(
                _worded(waiting.reason, waiting.message),
                container.name,
                previous=looping,
                has_log=looping,
            )
    main = pod.main_status
    if main is not None and main.state.terminated is not None:
        return PodFault(_ended(main.state.terminated), main.name, has_log=True)
    if main is not None and main.restart_count:
        # It was brought back, but what was warm on it is gone.
        ended = main.last_state.terminated
        return PodFault(
            _ended(ended) if ended else "restarted", main.name, previous=True, has_log=True
        )
    if pod.over:
        return PodFault(_worded(pod.status.reason or pod.status.phase, pod.status.message))
    return None


def status_of(pod: Pod, *, log: str = "") -> ReplicaStatus:
    """The replica on a pod. `log` is what its container said, or said before it died."""
    name, progress = pod.metadata.name, read_log(log)
    if pod.ending:
        return ReplicaStatus(
            running=False, gone=True, why=f"pod {name} is being ended by its cluster"
        )
    if pod.over and pod.status.reason in TAKEN_AWAY:
        why = f"pod {name} was taken away: {_worded(pod.status.reason, pod.status.message)}"
        return ReplicaStatus(running=False, gone=True, why=why)
    if fault := fault_of(pod):
        words = progress.error or last_line(log)
        last_words = f"; its last words: {words}" if words else ""
        return ReplicaStatus(running=False, why=f"pod {name}: {fault.reason}{last_words}")
    stages_s = {**_stages_before_log(pod), **progress.stages_s}
    if pod.ready:
        return ReplicaStatus(
            running=True, loading=progress.loading, stages_s=stages_s, base_url=address_of(pod)
        )
    return ReplicaStatus(
        running=True, loading=progress.loading, stages_s=stages_s, why=_waits_for(pod)
    )


def address_of(pod: Pod) -> str:
    """Where a pod is reached from inside its cluster; empty before it has an address."""
    if not pod.status.pod_ip or not pod.main.ports:
        return ""
    port = next((port for port in pod.main.ports if port.name == PORT_NAME), pod.main.ports[0])
    host = f"[{pod.status.pod_ip}]" if ":" in pod.status.pod_ip else pod.status.pod_ip
    return f"http://{host}:{port.container_port}"


def recipe_of(pod: Pod) -> str:
    """A digest of what runs there: the image as pulled, its arguments and its kind of node."""
    main, status = pod.main, pod.main_status
    image = status.image_id if status is not None else ""
    if not image:
        return ""
    asked = (image, main.command, main.args, main.env, main.resources, pod.spec.node_selector)
    return sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


def goes_before(pod: Pod, other: Pod) -> bool:
    """Whether a scale-down takes `pod` before `other`, whatever they cost.

    The ReplicaSet compares, before the cost: on a node or not, the phase, ready or not.
    """
    return _distance(pod) < _distance(other)


def last_line(log: str) -> str:
    """The last line that says anything."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def _distance(pod: Pod) -> tuple[bool, int, bool]:
    phases = {"Pending": 0, "Unknown": 1, "Running": 2}
    return (bool(pod.spec.node_name), phases.get(pod.status.phase, 0), pod.ready)


def _worded(reason: str, message: str) -> str:
    return f"{reason}: {message[:300]}" if message else reason


def _ended(ended: TerminatedState) -> str:
    return _worded(f"{ended.reason or 'ended'} with exit code {ended.exit_code}", ended.message)


def _waits_for(pod: Pod) -> str:
    name, scheduled = pod.metadata.name, pod.condition("PodScheduled")
    if scheduled is not None and scheduled.status == "False":
        return f"pod {name}: {_worded(scheduled.reason, scheduled.message)}"
    for container in pod.all_containers:
        waiting = container.state.waiting
        if waiting is not None and waiting.reason:
            return f"pod {name}: {_worded(waiting.reason, waiting.message)}"
    return f"pod {name} is {pod.status.phase or 'new'} and not ready"


def _stages_before_log(pod: Pod) -> dict[str, float]:
    """Seconds until it had a node, and from there, its images pulled, until its container ran."""
    scheduled, status = pod.condition("PodScheduled"), pod.main_status
    had_node = (
        scheduled.last_transition_time
        if scheduled is not None and scheduled.status == "True"
        else None
    )
    ran = (
        status.state.running.started_at
        if status is not None and status.state.running is not None
        else None
    )
    stages: dict[str, float] = {}
    if had_node is not None and pod.metadata.creation_timestamp is not None:
        stages["schedule"] = max(0.0, (had_node - pod.metadata.creation_timestamp).total_seconds())
    if had_node is not None and ran is not None:
        stages["pull"] = max(0.0, (ran - had_node).total_seconds())
    return stages
