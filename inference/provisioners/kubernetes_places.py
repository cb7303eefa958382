"""Where each pool lives on Kubernetes:
by settings, and by names that follow from the pool's own.
"""

import re
from hashlib import sha256
from typing import Final, Literal, cast

import msgspec

from inference.types import pool_name
from warmline.kernel import env
from warmline.kernel.errors import ConfigurationError

Floored = Literal["", "hpa", "keda"]
NAME_MOST: Final = 52


class Place(msgspec.Struct, frozen=True):
    """A pool's cluster (a kubeconfig's context, or None for the one we run in), its namespace and
    its Deployment.

    `floored` names the autoscaler whose floor is written in place of the Deployment's scale.
    """

    context: str | None
    namespace: str
    deployment: str
    floored: Floored = ""


def place_of(*, region: str, role: str, model: str) -> Place:
    """A pool's place. Settings that contradict themselves are a `ConfigurationError`."""
    pool = pool_name(region, role, model)
    floored = env.mapping("WARMLINE_KUBERNETES_FLOORS", {}).get(pool, "")
    if floored not in {"", "hpa", "keda"}:
        raise ConfigurationError(
            f"WARMLINE_KUBERNETES_FLOORS: {pool} is {floored!r}, expected hpa or keda"
        )
    contexts = env.mapping("WARMLINE_KUBERNETES_CONTEXTS", {})
    if contexts and region not in contexts:
        known = ", ".join(sorted(contexts))
        raise ConfigurationError(
            f"WARMLINE_KUBERNETES_CONTEXTS names no context for the region {region} (only {known})"
        )
    return Place(
        context=contexts.get(region),
        namespace=env.text("WARMLINE_KUBERNETES_NAMESPACE", "warmline"),
        deployment=deployment_name(region=region, role=role, model=model),
        floored=cast("Floored", floored),
    )


def deployment_name(*, region: str, role: str, model: str) -> str:
    """`think-us-east-frontdesk`: what Kubernetes allows in a name;
    a long or changed one ends in a digest.
    """
    plain = f"{role}-{region}-{model}"
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if name == plain and len(name) <= NAME_MOST:
        return name
    return f"{name[:NAME_MOST].rstrip('-')}-{sha256(plain.encode()).hexdigest()[:8]}"
