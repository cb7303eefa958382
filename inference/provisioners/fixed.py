"""An endpoint that somebody else runs, such as WARMLINE_THINK_URL: probed, never started."""

from collections.abc import Sequence

from inference.provisioners.types import Order, ReplicaStatus, Started
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role


class FixedEndpoint:
    """Takes an address as a replica."""

    name = "fixed"
    starts_at_once: int | None = None

    def start(self, order: Order) -> Started:
        """The address itself, without the /v1 that clients add."""
        return Started(
            base_url=order.fixed_url.rstrip("/").removesuffix("/v1"), handle=order.fixed_url
        )

    def stop(self, handle: str, *, grace_s: float) -> None:
        """Nothing: it is not ours."""

    def fingerprint(self, model: str) -> str:
        """Not known: somebody else may change the model at any time."""
        return ""

    def status(self, handle: str) -> ReplicaStatus:
        """Always running, as far as can be seen without asking it."""
        return ReplicaStatus(running=True, loading=True)

    def remove_orphans(
        self, *, region: RegionCode, role: Role, model: str, handles: Sequence[str]
    ) -> None:
        """Nothing: nothing was started."""
