"""Which provisioners there are, by name; WARMLINE_PROVISIONER says which one starts the pools' replicas."""

from collections.abc import Callable
from functools import cache
from typing import Final

from inference.provisioners.fixed import FixedEndpoint
from inference.provisioners.local import LocalMachine
from inference.provisioners.types import Provisioner
from warmline.kernel import env
from warmline.kernel.errors import ConfigurationError

PROVISIONERS: Final[dict[str, Callable[[], Provisioner]]] = {"local": LocalMachine, "fixed": FixedEndpoint}


@cache
def provisioner(name: str) -> Provisioner:
    """The provisioner of that name; an unknown one is a `ConfigurationError`."""
    if name not in PROVISIONERS:
        raise ConfigurationError(f"there is no provisioner {name!r} (there are: {', '.join(sorted(PROVISIONERS))})")
    return PROVISIONERS[name]()


def provisioner_for(*, fixed_url: str) -> Provisioner:
    """What starts a pool's replicas: nothing for a fixed endpoint, else this installation's provisioner."""
    return provisioner("fixed" if fixed_url else env.text("WARMLINE_PROVISIONER", "local"))
