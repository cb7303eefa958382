"""Which Deployment each pool is on Kubernetes: by settings, and by names made of the pool's own."""

import re
from hashlib import sha256
from typing import Final, Literal, cast

import msgspec

from inference.types import pool_name
from warmline.kernel import configuration
from warmline.kernel.errors import ConfigurationError

AutoscalerKind = Literal["", "hpa", "keda"]
NAME_MOST: Final = 52


class PoolDeployment(msgspec.Struct, frozen=True):
    """A pool's cluster (a kubeconfig's context, or None for the one we run in), its namespace and
    its Deployment.

    `autoscaler` is the one whose floor is written in place of the Deployment's scale. The fields'
    other names are those in handles that are stored.
    """

    context: str | None
    namespace: str
    name: str = msgspec.field(name="deployment")
    autoscaler: AutoscalerKind = msgspec.field(default="", name="floored")


def deployment_of(*, region: str, role: str, model: str) -> PoolDeployment:
    """A pool's Deployment. Settings that contradict themselves are a `ConfigurationError`."""
    pool = pool_name(region, role, model)
    autoscaler = configuration.KUBERNETES_FLOORS.value().get(pool, "")
    contexts = configuration.KUBERNETES_CONTEXTS.value()
    if contexts and region not in contexts:
        known = ", ".join(sorted(contexts))
        raise ConfigurationError(
            f"WARMLINE_KUBERNETES_CONTEXTS names no context for the region {region} (only {known})"
        )
    return PoolDeployment(
        context=contexts.get(region),
        namespace=configuration.KUBERNETES_NAMESPACE.value(),
        name=deployment_name(region=region, role=role, model=model),
        autoscaler=cast("AutoscalerKind", autoscaler),
    )


def deployment_name(*, region: str, role: str, model: str) -> str:
    """`think-us-east-frontdesk`: what Kubernetes allows in a name.

    A long or changed one ends in a digest.
    """
    plain = f"{role}-{region}-{model}"
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if name == plain and len(name) <= NAME_MOST:
        return name
    return f"{name[:NAME_MOST].rstrip('-')}-{sha256(plain.encode()).hexdigest()[:8]}"
