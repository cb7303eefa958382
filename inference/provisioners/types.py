"""A provisioner starts and stops replicas and says how they are; a further one is one file."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role


class Order(msgspec.Struct, frozen=True):
    """One replica to start. `number` is free among the pool's replicas, for names that people read.

    `may_sleep` opens the doors by which it is put to sleep; they do more than that, so they stay
    shut otherwise.
    """

    replica: ReplicaId
    region: RegionCode
    role: Role
    model: str
    slots: int
    number: int
    fixed_url: str = ""
    may_sleep: bool = False


class Started(msgspec.Struct, frozen=True):
    """A replica that was asked for: its address if known yet, and the provisioner's handle."""

    base_url: str
    handle: str


class ReplicaStatus(msgspec.Struct, frozen=True):
    """A replica as its provisioner sees it; `gone` when it knows nothing of it any more.

    `loading` says that the model is being loaded: the process is past its own imports. `stages_s`
    is the seconds of each stage of its start that is over.
    """

    running: bool
    gone: bool = False
    loading: bool = False
    stages_s: Mapping[str, float] = {}
    why: str = ""
    base_url: str = ""
    handle: str = ""


class Provisioner(Protocol):
    """Starts replicas somewhere.

    Every call returns within ten seconds or raises `ProvisionerFailed`.
    """

    name: str
    # How many starts at once serve it best: on one machine they take each other's processor. None:
    # any number.
    starts_at_once: int | None

    def start(self, order: Order) -> Started:
        """Ask for a replica; it is up when it answers, not when this returns."""
        ...

    def stop(self, handle: str, *, grace_s: float) -> None:
        """End a replica and forget it; one that is not there is no error."""
        ...

    def fingerprint(self, model: str) -> str:
        """What two replicas must share to answer alike at temperature 0.

        Empty when it is not known.
        """
        ...

    def status(self, handle: str) -> ReplicaStatus:
        """How a replica is.

        One that died says so once and for all, even when something brought it back.
        """
        ...

    def remove_orphans(
        self, *, region: RegionCode, role: Role, model: str, handles: Sequence[str]
    ) -> None:
        """Told at each turn which replicas of a pool live; anything else started may end."""
        ...
