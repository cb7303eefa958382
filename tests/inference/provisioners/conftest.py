"""A small cluster with the shipped manifests, and the real client pointed at it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
import yaml

from inference.provisioners.kubernetes.provisioner import Kubernetes
from inference.provisioners.types import Order, ReplicaStatus
from tests.fakes.kubernetes_api import KubernetesApi, small_cluster
from tests.fakes.kubernetes_cluster import Pod
from warmline.kernel import env
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode

MANIFESTS: Final = env.REPOSITORY / "deploy" / "kubernetes"
DEPLOYMENT: Final = "think-us-east-frontdesk"
US_EAST: Final = RegionCode("us-east")


def manifests(*files: str) -> list[dict[str, Any]]:
    """The objects in these files of deploy/kubernetes;
    in all that kustomize applies, if none is named.
    """
    names = (
        files
        or yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text(encoding="utf-8"))[
            "resources"
        ]
    )
    return [
        manifest
        for name in names
        for manifest in yaml.safe_load_all((MANIFESTS / name).read_text(encoding="utf-8"))
        if manifest
    ]


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KubernetesApi]:
    """The cluster with the think pool of the manifests and the rights that they give;
    at the end nothing was wrong.
    """
    with small_cluster() as api:
        for manifest in manifests("think.yaml", "access.yaml"):
            if manifest["kind"] == "Deployment":
                api.cluster.apply(manifest)
            elif manifest["kind"] == "Role":
                api.rules = manifest["rules"]
        config = tmp_path / "kubeconfig"
        config.write_text(api.kubeconfig(), encoding="utf-8")
        monkeypatch.setenv("KUBECONFIG", str(config))
        yield api
        assert api.wrong == []


@pytest.fixture
def kubernetes() -> Kubernetes:
    """The provisioner; it sees each change at once."""
    return Kubernetes(fresh_s=0.0, orphans_every_s=0.0)


class Desk:
    """The warmer's part: it orders, keeps what it learns, and tells which replicas live."""

    def __init__(self, api: KubernetesApi, kubernetes: Kubernetes) -> None:
        self.api, self.kubernetes = api, kubernetes
        self.handles: dict[str, str] = {}
        self.statuses: dict[str, ReplicaStatus] = {}

    def start(self, name: str) -> str:
        """Order a replica; the name is the caller's own."""
        order = Order(ReplicaId(str(uuid4())), US_EAST, "think", "frontdesk", slots=16, number=1)
        self.handles[name] = self.kubernetes.start(order).handle
        return name

    def status(self, name: str) -> ReplicaStatus:
        """See it once and keep its handle."""
        status = self.kubernetes.status(self.handles[name])
        self.handles[name] = status.handle or self.handles[name]
        self.statuses[name] = status
        return status

    def status_until(self, name: str, condition: Callable[[ReplicaStatus], bool]) -> ReplicaStatus:
        """See it until something holds; each look is a step of the cluster."""
        for _ in range(20):
            if condition(status := self.status(name)):
                return status
            self.remove_orphans()
        raise AssertionError(f"{name} is still so after 20 steps: {status}")

    def until_ready(self, name: str) -> ReplicaStatus:
        """See it until it has an address."""
        return self.status_until(name, lambda status: bool(status.base_url))

    def stop(self, name: str) -> None:
        """End it."""
        self.kubernetes.stop(self.handles.pop(name), grace_s=5.0)

    def remove_orphans(self) -> None:
        """Say which live."""
        self.kubernetes.remove_orphans(
            region=US_EAST, role="think", model="frontdesk", handles=list(self.handles.values())
        )

    def pod(self, name: str) -> Pod:
        """The pod that it has claimed."""
        return next(
            pod
            for pod in self.pods
            if pod.labels.get("warmline.io/replica", "-") in self.handles[name]
        )

    @property
    def pods(self) -> list[Pod]:
        """The Deployment's pods."""
        return self.api.cluster.of(DEPLOYMENT)

    @property
    def replicas(self) -> int:
        """How many its scale says."""
        return self.api.cluster.deployments[DEPLOYMENT].replicas


@pytest.fixture
def desk(api: KubernetesApi, kubernetes: Kubernetes) -> Desk:
    """Who orders replicas."""
    return Desk(api, kubernetes)


def body_of(api: KubernetesApi, operation: str) -> Mapping[str, Any]:
    """The body of the latest request of a kind."""
    body: Mapping[str, Any] = [
        request.body for request in api.asked if request.operation == operation
    ][-1]
    return body
