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
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

import msgspec
import structlog

from inference.errors import ProvisionerFailed
from inference.provisioners.kubernetes_api import TRIES, Absent, Cluster, Conflict, Deadline
from inference.provisioners.kubernetes_places import Place, place_of
from inference.provisioners.kubernetes_pods import (
    CLAIMED_COST,
    COST,
    REPLICA,
    STOPPED,
    VICTIM_COST,
    Pod,
    fault_of,
    goes_before,
    look_at,
    recipe_of,
)
from inference.provisioners.types import Look, Order, Started
from warmline.kernel import clock
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

log = structlog.get_logger()

# One list of a Deployment's pods serves all looks at them for so long; so does one reading of a
# starting pod's log.
FRESH_S: Final = 1.0
# A pool that nothing was done to is settled this often.
SETTLE_EVERY_S: Final = 5.0
# So long after it became ready a pod's log is read for the stages of its start.
TELLS_S: Final = 60.0
# Kubernetes' own autoscaler has no floor of 0 unless a feature gate is on.
HPA_LEAST: Final = 1


class Handle(msgspec.Struct, frozen=True):
    """A replica's place, and the pod it has claimed:
    another `uid` under the name is another pod.
    """

    place: Place
    model: str
    replica: str
    pod: str = ""
    uid: str = ""


class Kubernetes:
    """Starts replicas as pods; `fresh_s` and `settle_every_s` say how old a view may be."""

    name = "kubernetes"
    starts_at_once: int | None = None

    def __init__(self, *, fresh_s: float = FRESH_S, settle_every_s: float = SETTLE_EVERY_S) -> None:
        self._fresh_s, self._settle_every_s = fresh_s, settle_every_s
        self._clusters: dict[tuple[str | None, str], Cluster] = {}
        self._seen: dict[Place, tuple[float, tuple[Pod, ...]]] = {}
        self._settled: dict[Place, float] = {}
        self._logs: dict[str, tuple[float, str]] = {}
        self._recipes: dict[str, dict[Place, frozenset[str]]] = {}
        self._claiming = Lock()

    def start(self, order: Order) -> Started:
        """Ask for one pod more than replicas have claimed.
        Its address comes with its readiness, through `look`.
        """
        place = _place(region=order.region, role=order.role, model=order.model)
        handle = Handle(place, order.model, order.replica)
        within = Deadline()
        claimed = sum(1 for pod in self._pods(place, within, fresh=True) if _serves(pod))
        self._write(place, lambda now: max(now, claimed + 1), within)
        # Of several starts in one turn only the last count is right; settling knows it.
        self._forget(place)
        return Started(base_url="", handle=msgspec.json.encode(handle).decode())

    def look(self, handle: str) -> Look:
        """A replica by its pod. It claims one first, if it has none;
        without any it says what the pods wait for.
        """
        ours = msgspec.json.decode(handle, type=Handle)
        place, within = ours.place, Deadline()
        pod = next(
            (each for each in self._pods(place, within) if each.replica == ours.replica), None
        )
        if pod is None and not ours.pod:
            pod = self._claim(ours, within)
            if pod is None:
                return self._without_pod(place, within)
        if pod is None or (ours.uid and pod.metadata.uid != ours.uid):
            return Look(
                running=False,
                gone=True,
                why=f"pod {ours.pod} is gone: it was evicted or its node was lost",
            )
        self._keep_recipe(ours)
        seen = look_at(pod, log=self._log(pod, place, within))
        named = msgspec.structs.replace(ours, pod=pod.metadata.name, uid=pod.metadata.uid)
        return msgspec.structs.replace(seen, handle=msgspec.json.encode(named).decode())

    def stop(self, handle: str, *, grace_s: float) -> None:
        """End a replica's pod and ask for one less.

        Drained or not is decided before: the warmer stops a replica when nothing runs on it. The
        pod is made the cheapest to delete and the scale goes down by one. Kubernetes compares costs
        only among pods that are as far as each other; where another pod would go first, and under
        an autoscaler, this one is deleted by name, and what its ReplicaSet makes in its place costs
        least of all.
        """
        ours = msgspec.json.decode(handle, type=Handle)
        place, within = ours.place, Deadline()
        pods = self._pods(place, within, fresh=True)
        pod = next((each for each in pods if each.replica == ours.replica), None)
        others = sum(1 for each in pods if _serves(each) and each.replica != ours.replica)
        if pod is not None and not pod.ending:
            self._mark_stopped(pod, place, within)
            rivals = [
                each for each in pods if not each.ending and not each.over and each is not pod
            ]
            if pod.over or place.floored or any(goes_before(each, pod) for each in rivals):
                self._cluster(place).delete(pod, grace_s=grace_s, within=within)
        # One that is stopped twice takes nobody else's pod.
        self._write(place, lambda now: now if now <= others else now - 1, within)

    def settle(self, *, region: RegionCode, role: Role, model: str, handles: Sequence[str]) -> None:
        """Make the count of pods the count of these replicas, and end or free the pods that none of
        them has.

        This mends what a worker that died between two steps has left, a pod that came in place of a
        lost one, and a scale that somebody changed by hand. A pod freed is up already for the next
        replica that starts.
        """
        place = _place(region=region, role=role, model=model)
        if (
            time.monotonic() - self._settled.get(place, -self._settle_every_s)
            < self._settle_every_s
        ):
            return
        within = Deadline()
        ours = {msgspec.json.decode(handle, type=Handle).replica for handle in handles}
        for pod in self._pods(place, within, fresh=True):
            if pod.replica and pod.replica not in ours and not pod.ending:
                self._let_go(pod, place, within)
        self._write(place, lambda _now: len(ours), within)
        self._settled[place] = time.monotonic()

    def fingerprint(self, model: str) -> str:
        """The image as pulled, its arguments and its node's kind, where all pods of the model
        lately seen agree.

        While a new image is rolled out they do not, and nothing is known.
        """
        recipes = frozenset[str]().union(*self._recipes.get(model, {}).values())
        return next(iter(recipes)) if len(recipes) == 1 else ""

    def _cluster(self, place: Place) -> Cluster:
        key = (place.context, place.namespace)
        if key not in self._clusters:
            self._clusters[key] = Cluster(context=place.context, namespace=place.namespace)
        return self._clusters[key]

    def _pods(self, place: Place, within: Deadline, *, fresh: bool = False) -> tuple[Pod, ...]:
        at, pods = self._seen.get(place, (float("-inf"), ()))
        if fresh or time.monotonic() - at > self._fresh_s:
            pods = self._cluster(place).pods(place.deployment, within=within)
            self._seen[place] = (time.monotonic(), pods)
        return pods

    def _forget(self, place: Place) -> None:
        """What was seen before a change is not true any more."""
        self._seen.pop(place, None)
        self._settled.pop(place, None)

    def _claim(self, ours: Handle, within: Deadline) -> Pod | None:
        """A pod nobody has, the readiest first;
        a broken one where there is no other, so that its fault is told.
        """
        marks = {"labels": {REPLICA: ours.replica}, "annotations": {COST: CLAIMED_COST}}
        with self._claiming:
            free = [pod for pod in self._pods(ours.place, within, fresh=True) if _free(pod)]
            for pod in sorted(
                free,
                key=lambda each: (fault_of(each) is not None, not each.ready, each.metadata.name),
            ):
                version = pod.metadata.resource_version
                try:
                    return self._cluster(ours.place).mark(
                        pod, marks | {"resourceVersion": version}, within=within
                    )
                except (Absent, Conflict):
                    # its status moved or another worker was quicker; the next look tries again
                    continue
                finally:
                    self._forget(ours.place)
        return None

    def _without_pod(self, place: Place, within: Deadline) -> Look:
        trouble = self._cluster(place).trouble(place.deployment, within=within)
        if trouble:
            return Look(
                running=False, why=f"deployment {place.deployment} can make no pod: {trouble}"
            )
        by = f"its autoscaler ({place.floored})" if place.floored else "its controller"
        return Look(running=True, why=f"deployment {place.deployment}: no pod yet from {by}")

    def _log(self, pod: Pod, place: Place, within: Deadline) -> str:
        """What tells of a start or of a death: one that serves is asked only just after it came."""
        fault, status = fault_of(pod), pod.main_status
        if fault is not None:
            container, previous, wanted = fault.container, fault.previous, fault.has_log
        else:
            runs = status is not None and status.state.running is not None
            container, previous, wanted = pod.main.name, False, runs and not _settled_in(pod)
        if not wanted:
            self._logs.pop(pod.metadata.uid, None)
            return ""
        at, text = self._logs.get(pod.metadata.uid, (float("-inf"), ""))
        if fault is None and time.monotonic() - at <= self._fresh_s:
            return text
        try:
            text = self._cluster(place).log(
                pod, container=container, previous=previous, within=within
            )
        except ProvisionerFailed as wrong:
            # The pod's own state is known all the same.
            log.warning("log not read", pod=pod.metadata.name, why=str(wrong))
            return ""
        self._logs = {
            uid: kept for uid, kept in self._logs.items() if time.monotonic() - kept[0] < TELLS_S
        }
        self._logs[pod.metadata.uid] = (time.monotonic(), text)
        return text

    def _keep_recipe(self, ours: Handle) -> None:
        _at, pods = self._seen.get(ours.place, (0.0, ()))
        found = frozenset(
            recipe for pod in pods if pod.ready and not pod.ending and (recipe := recipe_of(pod))
        )
        self._recipes.setdefault(ours.model, {})[ours.place] = found

    def _mark_stopped(self, pod: Pod, place: Place, within: Deadline) -> None:
        marks = {"annotations": {STOPPED: "true", COST: VICTIM_COST}}
        try:
            self._cluster(place).mark(pod, marks, within=within)
        except Absent:
            return  # gone by itself: what is left to do is the count
        finally:
            self._forget(place)

    def _let_go(self, pod: Pod, place: Place, within: Deadline) -> None:
        """A pod whose replica is over:
        a good one is free again, a stopped or broken one is ended.
        """
        cluster = self._cluster(place)
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
                return  # the next settling sees it as it is then
        self._forget(place)

    def _write(self, place: Place, wanted: Callable[[int], int], within: Deadline) -> None:
        """Write how many pods there shall be, from how many there should be now."""
        for _ in range(TRIES):
            try:
                changed = (self._write_floor if place.floored else self._write_scale)(
                    place, wanted, within
                )
            except Conflict:
                continue
            if changed:
                self._forget(place)
            return
        raise ProvisionerFailed(
            f"deployment {place.deployment}: somebody else changed its scale {TRIES} times in a row"
        )

    def _write_scale(self, place: Place, wanted: Callable[[int], int], within: Deadline) -> bool:
        cluster, name = self._cluster(place), place.deployment
        scale = cluster.scale(name, within=within)
        replicas = wanted(scale.spec.replicas)
        if replicas == scale.spec.replicas:
            return False
        cluster.set_scale(name, replicas, version=scale.metadata.resource_version, within=within)
        return True

    def _write_floor(self, place: Place, wanted: Callable[[int], int], within: Deadline) -> bool:
        cluster, name = self._cluster(place), place.deployment
        floor = cluster.floor(name, kind=place.floored, within=within)
        least = wanted(floor.least)
        if place.floored == "hpa":
            least = max(least, HPA_LEAST)
        if least > floor.most:
            raise ProvisionerFailed(
                f"the autoscaler of {name} keeps at most {floor.most} pods, wanted are {least}"
            )
        if least == floor.least:
            return False
        cluster.set_floor(name, least, kind=place.floored, version=floor.version, within=within)
        return True


def _place(*, region: str, role: str, model: str) -> Place:
    try:
        return place_of(region=region, role=role, model=model)
    except ConfigurationError as wrong:
        # The pool's row shall tell it, as it tells every start that cannot be.
        raise ProvisionerFailed(str(wrong)) from wrong


def _serves(pod: Pod) -> bool:
    """Whether a replica has this pod and lives."""
    return bool(pod.replica) and not (pod.ending or pod.over or pod.stopped)


def _free(pod: Pod) -> bool:
    """Whether a replica may claim this pod."""
    return not (pod.replica or pod.ending or pod.over or pod.stopped)


def _settled_in(pod: Pod) -> bool:
    """Whether a pod has been ready for a while."""
    ready = pod.condition("Ready")
    if ready is None or ready.status != "True" or ready.last_transition_time is None:
        return False
    return (clock.now() - ready.last_transition_time).total_seconds() > TELLS_S
