"""How many pods a pool's Deployment shall have: its own scale, or its autoscaler's floor."""

from collections.abc import Callable
from typing import Final

from inference.errors import ProvisionerFailed
from inference.provisioners.kubernetes.api import TRIES, Conflict, Deadline, KubernetesCluster
from inference.provisioners.kubernetes.deployments import PoolDeployment

# Kubernetes' own autoscaler has no floor of 0 unless a feature gate is on.
HPA_LEAST: Final = 1

# From how many pods there should be now to how many there shall be.
Count = Callable[[int], int]


def write_count(
    cluster: KubernetesCluster, deployment: PoolDeployment, count: Count, *, within: Deadline
) -> bool:
    """Write how many pods there shall be; whether that is another number than before."""
    write = _write_floor if deployment.autoscaler else _write_scale
    for _ in range(TRIES):
        try:
            return write(cluster, deployment, count, within)
        except Conflict:
            continue
    raise ProvisionerFailed(
        f"deployment {deployment.name}: somebody else changed its scale {TRIES} times in a row"
    )


def _write_scale(
    cluster: KubernetesCluster, deployment: PoolDeployment, count: Count, within: Deadline
) -> bool:
    scale = cluster.scale(deployment.name, within=within)
    replicas = count(scale.spec.replicas)
    if replicas == scale.spec.replicas:
        return False
    version = scale.metadata.resource_version
    cluster.set_scale(deployment.name, replicas, version=version, within=within)
    return True


def _write_floor(
    cluster: KubernetesCluster, deployment: PoolDeployment, count: Count, within: Deadline
) -> bool:
    name, kind = deployment.name, deployment.autoscaler
    floor = cluster.floor(name, kind=kind, within=within)
    least = count(floor.least)
    if kind == "hpa":
        least = max(least, HPA_LEAST)
    if least > floor.most:
        raise ProvisionerFailed(
            f"the autoscaler of {name} keeps at most {floor.most} pods, wanted are {least}"
        )
    if least == floor.least:
        return False
    cluster.set_floor(name, least, kind=kind, version=floor.version, within=within)
    return True
