"""What every plane knows of regions, pools and replicas: frozen, without Django.

A pool is (region, role, model). A snapshot is all of it at one moment; each region's Redis holds
one.
"""

from datetime import datetime
from functools import cached_property
from typing import Final, Literal

import msgspec

from warmline.kernel.call import Purpose
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

ReplicaState = Literal[
    "cold",
    "starting",
    "loading",
    "priming",
    "warm",
    "draining",
    "asleep",
    "waking",
    "stopped",
    "failed",
]

# In the order in which a call turns to them, each with its word for people.
PURPOSES: Final[dict[Purpose, str]] = {
    "calls": "for calls",
    "stand_in": "smaller model",
    "hosted": "hosted provider",
}
RANK: Final[dict[Purpose, int]] = {purpose: rank for rank, purpose in enumerate(PURPOSES)}


class Place(msgspec.Struct, frozen=True):
    """A point on the globe, in degrees; `label` as an operator would say it."""

    label: str
    latitude: float
    longitude: float


class Region(msgspec.Struct, frozen=True):
    """Where a part of the platform runs.
    `residency` is the zone whose data may be kept there, such as `us` or `eu`.
    """

    code: RegionCode
    place: Place
    residency: str


class Pool(msgspec.Struct, frozen=True):
    """The replicas of one model for one role in one region.

    `slots` is calls a replica at once. `purpose` is what the pool is to the ladder. `fixed_url`
    names an endpoint outside the pool's care: nothing is started for it, it is only probed.
    `first_word_ms` is what a warm replica needs to its first output, as lately measured; `start_s`
    is what a start takes here, as lately measured. `held` is the slots that calls have leased, as
    lately seen.
    """

    region: RegionCode
    role: Role
    model: str
    slots: int
    fixed_url: str | None = None
    first_word_ms: float = 100.0
    start_s: float = 60.0
    want: int = 0
    because: str = ""
    purpose: Purpose = "calls"
    held: int = 0

    @property
    def name(self) -> str:
        """The pool's name in rows, leases, metrics and logs: `eu-west/think/frontdesk`."""
        return pool_name(self.region, self.role, self.model)


class Replica(msgspec.Struct, frozen=True):
    """One process (or endpoint) that answers.
    Only `warm` ones are routed to; `busy` is calls lately seen on it.
    """

    id: ReplicaId
    pool: str
    region: RegionCode
    role: Role
    model: str
    base_url: str
    state: ReplicaState
    slots: int
    since: datetime
    busy: int = 0


class Snapshot(msgspec.Struct, frozen=True, dict=True):
    """All regions, pools and replicas at one moment. `number` only grows: an older one never
    replaces a newer.

    `round_trips_ms` holds measured round trips, by the caller's number prefix and region
    (`inference.fleet.roundtrips` has made them comparable with distance estimates, which are used
    where nothing was measured).
    """

    number: int
    at: datetime
    regions: tuple[Region, ...] = ()
    pools: tuple[Pool, ...] = ()
    replicas: tuple[Replica, ...] = ()
    round_trips_ms: dict[str, dict[RegionCode, float]] = {}

    @cached_property
    def pool_by_name(self) -> dict[str, Pool]:
        """Pools by name."""
        return {pool.name: pool for pool in self.pools}

    @cached_property
    def held_by_pool(self) -> dict[str, int]:
        """Leased slots by pool, as lately seen; pools without any are left out."""
        return {pool.name: pool.held for pool in self.pools if pool.held}

    @cached_property
    def pools_by_place(self) -> dict[tuple[RegionCode, Role], tuple[Pool, ...]]:
        """A region's pools of a role, in the order of their definition."""
        found: dict[tuple[RegionCode, Role], tuple[Pool, ...]] = {}
        for pool in self.pools:
            key = (pool.region, pool.role)
            found[key] = (*found.get(key, ()), pool)
        return found

    @cached_property
    def warm_by_place(self) -> dict[tuple[RegionCode, Role], tuple[Replica, ...]]:
        """A region's warm replicas of a role."""
        found: dict[tuple[RegionCode, Role], list[Replica]] = {}
        for replica in self.replicas:
            if replica.state == "warm":
                found.setdefault((replica.region, replica.role), []).append(replica)
        return {key: tuple(replicas) for key, replicas in found.items()}

    @cached_property
    def warm_by_id(self) -> dict[ReplicaId, Replica]:
        """The warm replicas by their id."""
        return {replica.id: replica for replica in self.replicas if replica.state == "warm"}

    @cached_property
    def slots_by_pool(self) -> dict[str, int]:
        """Call slots on warm replicas, by pool."""
        slots: dict[str, int] = {}
        for replica in self.replicas:
            if replica.state == "warm":
                slots[replica.pool] = slots.get(replica.pool, 0) + replica.slots
        return slots

    def best_warm(self, region: RegionCode, role: Role) -> Pool | None:
        """The pool of a place that would answer now:
        with a warm replica, and the first in the order of purposes.
        """
        warm = (
            pool
            for pool in self.pools_by_place.get((region, role), ())
            if pool.name in self.slots_by_pool
        )
        return min(warm, key=lambda pool: RANK[pool.purpose], default=None)

    @cached_property
    def decisions(self) -> dict[object, object]:
        """Where routing keeps what follows from this snapshot alone; it goes with the snapshot."""
        return {}


def pool_name(region: str, role: str, model: str) -> str:
    """The name of the pool (region, role, model)."""
    return f"{region}/{role}/{model}"


encode_snapshot = msgspec.json.encode
_snapshot_decoder = msgspec.json.Decoder(Snapshot)


def decode_snapshot(raw: bytes) -> Snapshot:
    """A snapshot from its JSON; anything else is `BadInput` naming the field."""
    try:
        return _snapshot_decoder.decode(raw)
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"pools snapshot: {wrong}") from wrong
