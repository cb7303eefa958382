"""Replicas as the pods of a cluster: one pool is one Deployment, one replica is one of its pods.

A Deployment and not a StatefulSet: a StatefulSet always ends its highest ordinal, so nobody could
choose the victim of a scale-in, and replicas need neither their own disk nor a name that outlives
them. What a StatefulSet would give, an address known before the start, the readiness of a pod gives
later.

Pods come nameless. A replica *claims* one by a label, as soon as there is one, and the claim is
what lasts: whoever asks later, from any process, finds the same pod by it. How many pods there are
is written to the Deployment's scale, or, for a pool under WARMLINE_KUBERNETES_FLOORS, as the floor
of its autoscaler, which may run more. Those further pods serve nobody until the warmer orders a
replica, which then claims one that is up already.
"""

import time
from collections.abc import Sequence
from threading import Lock
from typing import Final

import msgspec
import structlog

from inference.errors import ProvisionerFailed
from inference.provisioners.kubernetes.api import Absent, Conflict, Deadline, KubernetesCluster
from inference.provisioners.kubernetes.deployments import PoolDeployment, deployment_of
from inference.provisioners.kubernetes.logs import PodLogs
from inference.provisioners.kubernetes.pods import (
    CLAIMED_COST,
    COST,
    REPLICA,
    STOPPED,
    VICTIM_COST,
    Pod,
    fault_of,
    goes_before,
    recipe_of,
    status_of,
)
from inference.provisioners.kubernetes.scale import Count, write_count
from inference.provisioners.types import Order, ReplicaStatus, Started
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

log = structlog.get_logger()

# One list of a Deployment's pods serves all looks at them for so long; so does one reading of a
# starting pod's log.
FRESH_S: Final = 1.0
# A pool that nothing was done to is searched for orphans this often.
ORPHANS_EVERY_S: Final = 5.0


class PodHandle(msgspec.Struct, frozen=True):
    """A replica's Deployment and the pod it claimed; by `uid`, since names may come again."""

    deployment: PoolDeployment = msgspec.field(name="place")
    model: str
    replica: str
    pod: str = ""
    uid: str = ""


class Kubernetes:
    """Starts replicas as pods; `fresh_s` and `orphans_every_s` say how old a view may be."""

    name = "kubernetes"
    starts_at_once: int | None = None

    def __init__(
        self, *, fresh_s: float = FRESH_S, orphans_every_s: float = ORPHANS_EVERY_S
    ) -> None:
        self._fresh_s, self._orphans_every_s = fresh_s, orphans_every_s
        self._clusters: dict[tuple[str | None, str], KubernetesCluster] = {}
        self._seen: dict[PoolDeployment, tuple[float, tuple[Pod, ...]]] = {}
        self._without_orphans: dict[PoolDeployment, float] = {}
        self._logs = PodLogs(fresh_s=fresh_s)
        self._recipes: dict[str, dict[PoolDeployment, frozenset[str]]] = {}
        self._claiming = Lock()

    def start(self, order: Order) -> Started:
        """Ask for one pod more than replicas have claimed.

        Its address comes with its readiness, through `status`.
        """
        deployment = _deployment(region=order.region, role=order.role, model=order.model)
        handle = PodHandle(deployment, order.model, order.replica)
        within = Deadline()
        claimed = sum(_serves(pod) for pod in self._pods(deployment, within, fresh=True))
        self._write_count(deployment, lambda now: max(now, claimed + 1), within)
        # Of several starts in one turn only the last count is right; removing orphans mends it.
        self._forget(deployment)
        return Started(base_url="", handle=msgspec.json.encode(handle).decode())

    def status(self, handle: str) -> ReplicaStatus:
        """A replica by its pod.

        It claims one first, if it has none; without any it says what the pods wait for.
        """
        ours = msgspec.json.decode(handle, type=PodHandle)
        deployment, within = ours.deployment, Deadline()
        pod = _pod_of(ours.replica, self._pods(deployment, within))
        if pod is None and not ours.pod:
            pod = self._claim(ours, within)
            if pod is None:
                return self._without_pod(deployment, within)
        if pod is None or (ours.uid and pod.metadata.uid != ours.uid):
            return ReplicaStatus(
                running=False,
                gone=True,
                why=f"pod {ours.pod} is gone: it was evicted or its node was lost",
            )
        self._keep_recipe(ours)
        log_text = self._logs.of(pod, self._cluster(deployment), within=within)
        named = msgspec.structs.replace(ours, pod=pod.metadata.name, uid=pod.metadata.uid)
        return msgspec.structs.replace(
            status_of(pod, log=log_text), handle=msgspec.json.encode(named).decode()
        )

    def stop(self, handle: str, *, grace_s: float) -> None:
        """End a replica's pod and ask for one less.

        Drained or not is decided before: the warmer stops a replica when nothing runs on it. The
        pod is made the cheapest to delete and the scale goes down by one. Kubernetes compares costs
        only among pods that are as far as each other; where another pod would go first, and under
        an autoscaler, this one is deleted by name, and what its ReplicaSet makes in its place costs
        least of all.
        """
        ours = msgspec.json.decode(handle, type=PodHandle)
        deployment, within = ours.deployment, Deadline()
        pods = self._pods(deployment, within, fresh=True)
        pod = _pod_of(ours.replica, pods)
        others = sum(_serves(other) and other.replica != ours.replica for other in pods)
        if pod is not None and not pod.ending:
            self._mark_stopped(pod, deployment, within)
            rivals = (other for other in pods if not (other.ending or other.over or other is pod))
            if pod.over or deployment.autoscaler or any(goes_before(r, pod) for r in rivals):
                self._cluster(deployment).delete(pod, grace_s=grace_s, within=within)
        # One that is stopped twice takes nobody else's pod.
        self._write_count(deployment, lambda now: now if now <= others else now - 1, within)

    def remove_orphans(
        self, *, region: RegionCode, role: Role, model: str, handles: Sequence[str]
    ) -> None:
        """Make the count of pods the count of these replicas, and end or free the pods that none of
        them has.

        This mends what a worker that died between two steps has left, a pod that came in place of a
        lost one, and a scale that somebody changed by hand. A pod freed is up already for the next
        replica that starts.
        """
        deployment = _deployment(region=region, role=role, model=model)
        last = self._without_orphans.get(deployment, -self._orphans_every_s)
        if time.monotonic() - last < self._orphans_every_s:
            return
        within = Deadline()
        living = {msgspec.json.decode(handle, type=PodHandle).replica for handle in handles}
        for pod in self._pods(deployment, within, fresh=True):
            if pod.replica and pod.replica not in living and not pod.ending:
                self._let_go(pod, deployment, within)
        self._write_count(deployment, lambda _now: len(living), within)
        self._without_orphans[deployment] = time.monotonic()

    def fingerprint(self, model: str) -> str:
        """The image as pulled, its arguments and its node's kind, where all pods of the model
        lately seen agree.

        While a new image is rolled out they do not, and nothing is known.
        """
        recipes = frozenset[str]().union(*self._recipes.get(model, {}).values())
        return next(iter(recipes)) if len(recipes) == 1 else ""

    def _cluster(self, deployment: PoolDeployment) -> KubernetesCluster:
        key = (deployment.context, deployment.namespace)
        if key not in self._clusters:
            self._clusters[key] = KubernetesCluster(
                context=deployment.context, namespace=deployment.namespace
            )
        return self._clusters[key]

    def _pods(
        self, deployment: PoolDeployment, within: Deadline, *, fresh: bool = False
    ) -> tuple[Pod, ...]:
        at, pods = self._seen.get(deployment, (float("-inf"), ()))
        if fresh or time.monotonic() - at > self._fresh_s:
            pods = self._cluster(deployment).pods(deployment.name, within=within)
            self._seen[deployment] = (time.monotonic(), pods)
        return pods

    def _forget(self, deployment: PoolDeployment) -> None:
        """Drop what was seen of a Deployment before a change."""
        self._seen.pop(deployment, None)
        self._without_orphans.pop(deployment, None)

    def _claim(self, ours: PodHandle, within: Deadline) -> Pod | None:
        """A pod nobody has, the readiest first.

        A broken one where there is no other, so that its fault is known.
        """
        marks = {"labels": {REPLICA: ours.replica}, "annotations": {COST: CLAIMED_COST}}
        with self._claiming:
            free = [pod for pod in self._pods(ours.deployment, within, fresh=True) if _free(pod)]
            for pod in sorted(free, key=_unreadiness):
                version = pod.metadata.resource_version
                try:
                    return self._cluster(ours.deployment).mark(
                        pod, marks | {"resourceVersion": version}, within=within
                    )
                except (Absent, Conflict):
                    # its status moved or another worker was quicker; the next look tries again
                    continue
                finally:
                    self._forget(ours.deployment)
        return None

    def _without_pod(self, deployment: PoolDeployment, within: Deadline) -> ReplicaStatus:
        trouble = self._cluster(deployment).trouble(deployment.name, within=within)
        if trouble:
            return ReplicaStatus(
                running=False, why=f"deployment {deployment.name} can make no pod: {trouble}"
            )
        by = (
            f"its autoscaler ({deployment.autoscaler})"
            if deployment.autoscaler
            else "its controller"
        )
        return ReplicaStatus(
            running=True, why=f"deployment {deployment.name}: no pod yet from {by}"
        )

    def _keep_recipe(self, ours: PodHandle) -> None:
        _at, pods = self._seen.get(ours.deployment, (0.0, ()))
        recipes = {recipe_of(pod) for pod in pods if pod.ready and not pod.ending}
        self._recipes.setdefault(ours.model, {})[ours.deployment] = frozenset(recipes - {""})

    def _mark_stopped(self, pod: Pod, deployment: PoolDeployment, within: Deadline) -> None:
        marks = {"annotations": {STOPPED: "true", COST: VICTIM_COST}}
        try:
            self._cluster(deployment).mark(pod, marks, within=within)
        except Absent:
            return  # gone by itself: what is left to do is the count
        finally:
            self._forget(deployment)

    def _let_go(self, pod: Pod, deployment: PoolDeployment, within: Deadline) -> None:
        """Free a replica's good pod for the next one; end a stopped or broken one."""
        cluster = self._cluster(deployment)
        if pod.stopped or fault_of(pod) is not None:
            cluster.delete(pod, grace_s=None, within=within)
        else:
            log.info("pod freed", pod=pod.metadata.name, replica=pod.replica)
            marks = {"labels": {REPLICA: None}, "annotations": {COST: None}}
            try:
                cluster.mark(
                    pod, {**marks, "resourceVersion": pod.metadata.resource_version}, within=within
                )
            except (Absent, Conflict):
                return  # the next search sees it as it is then
        self._forget(deployment)

    def _write_count(self, deployment: PoolDeployment, count: Count, within: Deadline) -> None:
        if write_count(self._cluster(deployment), deployment, count, within=within):
            self._forget(deployment)


def _deployment(*, region: str, role: str, model: str) -> PoolDeployment:
    try:
        return deployment_of(region=region, role=role, model=model)
    except ConfigurationError as error:
        # The pool's row shall tell it, as it tells every start that cannot be.
        raise ProvisionerFailed(str(error)) from error


def _pod_of(replica: str, pods: Sequence[Pod]) -> Pod | None:
    return next((pod for pod in pods if pod.replica == replica), None)


def _unreadiness(pod: Pod) -> tuple[bool, bool, str]:
    return fault_of(pod) is not None, not pod.ready, pod.metadata.name


def _serves(pod: Pod) -> bool:
    """Whether a replica has this pod and lives."""
    return bool(pod.replica) and not (pod.ending or pod.over or pod.stopped)


def _free(pod: Pod) -> bool:
    """Whether a replica may claim this pod."""
    return not (pod.replica or pod.ending or pod.over or pod.stopped)
