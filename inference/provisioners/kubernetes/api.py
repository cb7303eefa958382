"""One cluster through the official client: each request with a deadline, each error a sentence."""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

import msgspec
import urllib3
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException, OpenApiException
from kubernetes.config.config_exception import ConfigException

from inference.errors import ProvisionerFailed
from inference.provisioners.kubernetes.pods import POOL, Camel, Condition, Meta, Pod

# All requests of one call to the provisioner together, and each of them.
CALL_S: Final = 9.0
REQUEST_S: Final = 3.0
# An object that somebody else changed meanwhile is read and written once more, so often.
TRIES: Final = 4
LOG_BYTES: Final = 262_144
LOG_LINES: Final = 2000
MERGE: Final = "application/merge-patch+json"
KEDA: Final = {"group": "keda.sh", "version": "v1alpha1", "plural": "scaledobjects"}

T = TypeVar("T")


class Conflict(ProvisionerFailed):
    """Somebody changed the object between our reading and our writing it."""


class Absent(ProvisionerFailed):
    """The cluster has no such object."""


class ScaleSpec(Camel, frozen=True):
    """How many pods are wanted."""

    replicas: int = 0


class Scale(Camel, frozen=True):
    """A Deployment's scale subresource."""

    metadata: Meta
    spec: ScaleSpec = ScaleSpec()


class DeploymentStatus(Camel, frozen=True):
    """Why a Deployment cannot make its pods, if it cannot."""

    conditions: list[Condition] = []


class Deployment(Camel, frozen=True):
    """A Deployment, as far as it tells of its pods."""

    metadata: Meta
    status: DeploymentStatus = DeploymentStatus()


class PodList(Camel, frozen=True):
    """Pods as listed."""

    items: list[Pod]


class HpaSpec(Camel, frozen=True):
    """A HorizontalPodAutoscaler's bounds."""

    max_replicas: int
    min_replicas: int = 1


class ScaledObjectSpec(Camel, frozen=True):
    """A KEDA ScaledObject's bounds; KEDA's own defaults."""

    min_replica_count: int = 0
    max_replica_count: int = 100


class HorizontalPodAutoscaler(Camel, frozen=True):
    """An autoscaler of Kubernetes' own."""

    metadata: Meta
    spec: HpaSpec


class ScaledObject(Camel, frozen=True):
    """An autoscaler of KEDA's."""

    metadata: Meta
    spec: ScaledObjectSpec


class AutoscalerBounds(msgspec.Struct, frozen=True):
    """An autoscaler's least and most pods, and the version of the object that says so."""

    least: int
    most: int
    version: str


class RawAnswer(Protocol):
    """What the client gives back unparsed."""

    data: bytes


class Deadline:
    """What is left of one call's time."""

    def __init__(self, seconds: float = CALL_S) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds for the next request; `ProvisionerFailed` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise ProvisionerFailed(
                f"the cluster took longer than the {CALL_S:.0f} s that a call may take"
            )
        return min(left, REQUEST_S)


class KubernetesCluster:
    """One cluster's API, in one namespace.

    Its errors are `ProvisionerFailed`, each with what was asked.
    """

    def __init__(self, *, context: str | None, namespace: str) -> None:
        self.namespace = namespace
        self._core, self._apps, self._scalers, self._custom = _apis(context)

    def scale(self, name: str, *, within: Deadline) -> Scale:
        """How many pods a Deployment shall have."""
        read = self._apps.read_namespaced_deployment_scale
        return self._ask(f"deployment {name}", read, Scale, within, name=name)

    def set_scale(self, name: str, replicas: int, *, version: str, within: Deadline) -> None:
        """Change it, unless somebody else has meanwhile (`Conflict`)."""
        body = {"metadata": {"resourceVersion": version}, "spec": {"replicas": replicas}}
        patch = self._apps.patch_namespaced_deployment_scale
        self._ask(
            f"deployment {name} to {replicas} pods", patch, Scale, within, name=name, body=body
        )

    def trouble(self, name: str, *, within: Deadline) -> str:
        """Why a Deployment cannot make pods, such as a quota; empty when nothing hinders it."""
        read = self._apps.read_namespaced_deployment
        deployment = self._ask(f"deployment {name}", read, Deployment, within, name=name)
        for condition in deployment.status.conditions:
            if condition.type == "ReplicaFailure" and condition.status == "True":
                return f"{condition.reason}: {condition.message}"
        return ""

    def pods(self, name: str, *, within: Deadline) -> tuple[Pod, ...]:
        """The pods of a Deployment, the ending ones too."""
        selector = f"{POOL}={name}"
        ask = self._core.list_namespaced_pod
        return tuple(
            self._ask(f"pods of {name}", ask, PodList, within, label_selector=selector).items
        )

    def mark(self, pod: Pod, metadata: Mapping[str, object], *, within: Deadline) -> Pod:
        """Change a pod's marks.

        With a `resourceVersion` among them only if it is unchanged since (`Conflict`).
        """
        ask, name = self._core.patch_namespaced_pod, pod.metadata.name
        return self._ask(
            f"pod {name}", ask, Pod, within, name=name, body={"metadata": dict(metadata)}
        )

    def delete(self, pod: Pod, *, grace_s: float | None, within: Deadline) -> None:
        """End exactly this pod, in its own time of grace if none is given.

        One that is gone already is no error.
        """
        preconditions = client.V1Preconditions(uid=pod.metadata.uid)
        body = client.V1DeleteOptions(
            grace_period_seconds=None if grace_s is None else int(grace_s),
            preconditions=preconditions,
        )
        ask, name = self._core.delete_namespaced_pod, pod.metadata.name
        try:
            # It answers with the pod or with a status: neither tells anything.
            self._send(f"pod {name}", ask, within, name=name, body=body)
        except (Absent, Conflict):
            # Conflict: by now another pod has the name.
            return

    def log(self, pod: Pod, *, container: str, previous: bool, within: Deadline) -> str:
        """The end of what a container said, or said before its last restart.

        Empty when there is no log of it.
        """
        try:
            answer = self._send(
                f"log of pod {pod.metadata.name}",
                self._core.read_namespaced_pod_log,
                within,
                name=pod.metadata.name,
                container=container,
                previous=previous,
                tail_lines=LOG_LINES,
                limit_bytes=LOG_BYTES,
            )
        except _NotKept:
            return ""
        return answer.decode(errors="replace")

    def floor(self, name: str, *, kind: str, within: Deadline) -> AutoscalerBounds:
        """The bounds of the Deployment's autoscaler, `hpa` or `keda`, which has its name."""
        if kind == "hpa":
            ask = self._scalers.read_namespaced_horizontal_pod_autoscaler
            hpa = self._ask(f"autoscaler {name}", ask, HorizontalPodAutoscaler, within, name=name)
            return AutoscalerBounds(
                hpa.spec.min_replicas, hpa.spec.max_replicas, hpa.metadata.resource_version
            )
        read = self._custom.get_namespaced_custom_object
        scaled = self._ask(f"scaled object {name}", read, ScaledObject, within, name=name, **KEDA)
        return AutoscalerBounds(
            scaled.spec.min_replica_count,
            scaled.spec.max_replica_count,
            scaled.metadata.resource_version,
        )

    def set_floor(
        self, name: str, least: int, *, kind: str, version: str, within: Deadline
    ) -> None:
        """Change the least, unless somebody else has changed the object meanwhile (`Conflict`)."""
        metadata = {"resourceVersion": version}
        if kind == "hpa":
            ask = self._scalers.patch_namespaced_horizontal_pod_autoscaler
            body = {"metadata": metadata, "spec": {"minReplicas": least}}
            self._ask(
                f"autoscaler {name}", ask, HorizontalPodAutoscaler, within, name=name, body=body
            )
            return
        patch = self._custom.patch_namespaced_custom_object
        wanted = {"metadata": metadata, "spec": {"minReplicaCount": least}}
        self._ask(
            f"scaled object {name}", patch, ScaledObject, within, name=name, body=wanted, **KEDA
        )

    def _ask(
        self,
        what: str,
        ask: Callable[..., Any],
        answer: type[T],
        within: Deadline,
        **arguments: Any,
    ) -> T:
        raw = self._send(what, ask, within, **arguments)
        try:
            return msgspec.json.decode(raw, type=answer)
        except msgspec.MsgspecError as error:
            raise ProvisionerFailed(
                f"{self._where(what)}: the cluster's answer is not what was expected: {error}"
            ) from error

    def _send(
        self, what: str, ask: Callable[..., Any], within: Deadline, **arguments: Any
    ) -> bytes:
        if ask.__name__.startswith("patch_"):
            arguments["_content_type"] = MERGE
        try:
            answer: RawAnswer = ask(
                namespace=self.namespace,
                _preload_content=False,
                _request_timeout=within.left(),
                **arguments,
            )
            return answer.data
        except ApiException as error:
            raise _refusal(self._where(what), error) from error
        except (OpenApiException, urllib3.exceptions.HTTPError, ConfigException, OSError) as error:
            raise ProvisionerFailed(
                f"{self._where(what)}: the cluster's API does not answer: "
                f"{type(error).__name__}: {error}"
            ) from error

    def _where(self, what: str) -> str:
        return f"{what} in namespace {self.namespace}"


class _NotKept(ProvisionerFailed):
    """There is no such log: the container has not run (before)."""


def _apis(
    context: str | None,
) -> tuple[client.CoreV1Api, client.AppsV1Api, client.AutoscalingV2Api, Any]:
    """The APIs by the client's own loaders: a kubeconfig's context, else the service account."""
    # The loader reads KUBECONFIG once, at its import.
    settings, named = client.Configuration(), os.environ.get("KUBECONFIG")
    try:
        if context is None:
            try:
                config.load_incluster_config(  # type: ignore[no-untyped-call]
                    client_configuration=settings
                )
            except ConfigException:
                config.load_kube_config(  # type: ignore[no-untyped-call]
                    config_file=named, client_configuration=settings
                )
        else:
            config.load_kube_config(
                config_file=named, context=context, client_configuration=settings
            )  # type: ignore[no-untyped-call]
    except (ConfigException, OSError) as error:
        wanted = (
            f"context {context!r} of the kubeconfig"
            if context
            else "a service account or a kubeconfig"
        )
        raise ProvisionerFailed(f"no cluster to ask: expected {wanted}: {error}") from error
    # A request that is tried again inside the client would outlive its deadline.
    settings.retries = False
    made = client.ApiClient(settings)
    return (
        client.CoreV1Api(made),
        client.AppsV1Api(made),
        client.AutoscalingV2Api(made),
        client.CustomObjectsApi(made),
    )


def _refusal(where: str, refusal: ApiException) -> ProvisionerFailed:
    try:
        message = msgspec.json.decode(refusal.body or b"", type=dict[str, Any]).get("message")
    except msgspec.MsgspecError:
        message = None
    sentence = f"{where}: the cluster answered {refusal.status}: {message or refusal.reason}"
    kinds = {404: Absent, 409: Conflict}
    if refusal.status == 400 and where.startswith("log "):
        return _NotKept(sentence)
    return kinds.get(refusal.status, ProvisionerFailed)(sentence)
