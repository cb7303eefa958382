"""Replicas from the region's snapshot of all pools."""

from collections.abc import Collection, Mapping
from typing import Protocol, cast

from inference.errors import SnapshotMissing
from inference.fleet.routing import choose_replica
from inference.types import Snapshot
from telephony.media.replicas.endpoints import Endpoint, without_version
from warmline.kernel import roles
from warmline.kernel.call import PoolRung
from warmline.kernel.ids import CallId, ReplicaId


class HoldsSnapshot(Protocol):
    """A snapshot that is kept current: `inference.fleet.snapshots.Follower`, or one moment's."""

    @property
    def snapshot(self) -> Snapshot:
        """The newest one; `SnapshotMissing` before the first."""


class PoolReplicas:
    """`replica_picker.Replicas` over a followed snapshot."""

    def __init__(self, follower: HoldsSnapshot) -> None:
        self._follower = follower

    def pick(
        self,
        rung: PoolRung,
        *,
        call_id: CallId,
        prefix: str,
        load: Mapping[str, int],
        avoid: Collection[str],
        stay_with: str | None = None,
    ) -> Endpoint | None:
        """A warm replica of the rung's pool, or None; none either before the first snapshot."""
        try:
            snapshot = self._follower.snapshot
        except SnapshotMissing:
            return None
        replica = choose_replica(
            snapshot,
            rung.region,
            rung.role,
            call_id,
            model=rung.model or None,
            prefix=prefix if rung.role == roles.LLM else "",
            load=cast("Mapping[ReplicaId, int]", load),
            avoid=cast("Collection[ReplicaId]", avoid),
            stay_with=cast("ReplicaId | None", stay_with),
        )
        if replica is None:
            return None
        return Endpoint(
            without_version(replica.base_url), replica.id, replica.region, replica.model
        )
