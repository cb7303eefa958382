"""Which provisioners there are, by name.

WARMLINE_PROVISIONER says which one starts the pools' replicas. WARMLINE_POOL_PROVISIONERS, a JSON
object, names another one for single pools.
"""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Final

from inference.provisioners.fixed import FixedEndpoint
from inference.provisioners.local import LocalMachine
from inference.provisioners.types import Provisioner
from warmline.kernel import configuration
from warmline.kernel.errors import ConfigurationError


def _kubernetes() -> Provisioner:
    try:
        from inference.provisioners.kubernetes.provisioner import Kubernetes
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "kubernetes":
            raise
        raise ConfigurationError(
            "the kubernetes provisioner needs warmline's extra `kubernetes`"
        ) from error
    return Kubernetes()


PROVISIONERS: Final[dict[str, Callable[[], Provisioner]]] = {
    "local": LocalMachine,
    "fixed": FixedEndpoint,
    "kubernetes": _kubernetes,
}


def provisioner_name(text: str) -> str:
    """A name that a setting may hold, else `ValueError`; a fixed endpoint is a pool's own address.

    A name whose packages are not installed is refused too.
    """
    names = sorted(PROVISIONERS.keys() - {"fixed"})
    if text not in names:
        raise ValueError(" or ".join(names))
    if text == "kubernetes" and find_spec("kubernetes") is None:
        raise ValueError("warmline's extra `kubernetes` to be installed for it")
    return text


@cache
def provisioner(name: str) -> Provisioner:
    """The provisioner of that name; an unknown one is a `ConfigurationError`."""
    if name not in PROVISIONERS:
        raise ConfigurationError(
            f"there is no provisioner {name!r} (there are: {', '.join(sorted(PROVISIONERS))})"
        )
    return PROVISIONERS[name]()


def provisioner_for(*, pool: str, fixed_url: str) -> Provisioner:
    """What starts a pool's replicas: nothing for a fixed endpoint, else what
    WARMLINE_POOL_PROVISIONERS names for it, else this installation's provisioner.
    """
    if fixed_url:
        return provisioner("fixed")
    own = configuration.POOL_PROVISIONERS.value().get(pool)
    return provisioner(own or configuration.PROVISIONER.value())
