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
    desired: int = msgspec.field(default=0, name="want")
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


class RegionScore(msgspec.Struct, frozen=True):
    """What one region would cost the caller, in milliseconds to the first word.

    `refused` says why it is out. `purpose` is the last one, in the order of purposes, among the
    pools that would answer there. `outside_residency` regions are out for ever.
    """

    region: RegionCode
    round_trip_ms: float
    first_word_ms: float
    penalty_ms: float
    refused: str = ""
    purpose: Purpose = "calls"
    outside_residency: bool = False

    @property
    def total_ms(self) -> float:
        """The score; less is better."""
        return self.round_trip_ms + self.first_word_ms + self.penalty_ms


class RegionChoice(msgspec.Struct, frozen=True):
    """The region taken, the others after it (the fallback order), and all scores, best first."""

    region: RegionCode
    because: str
    scores: tuple[RegionScore, ...]
    caller_place: str
    residency: str = ""

    @property
    def order(self) -> tuple[RegionCode, ...]:
        """The regions that may answer, best first."""
        return tuple(score.region for score in self.scores if not score.refused)

    @property
    def within_residency(self) -> tuple[RegionCode, ...]:
        """The residency's regions, best first, with those that cannot answer now at the end."""
        return tuple(score.region for score in self.scores if not score.outside_residency)


# A replica's own hash, its id, its slots, the calls lately seen on it, and itself: a plain tuple,
# since a choice unpacks two dozen of them.
RingEntry = tuple[int, ReplicaId, int, int, Replica]


class RoutingMemo(msgspec.Struct, frozen=True):
    """Routing's answers that follow from one snapshot alone, each worked out once.

    `choices` are by caller place, residency, roles and whether the snapshot's own held slots count;
    `round_trips_ms` by caller place, in the order of the snapshot's regions; `scores`, without
    their round trip, by residency, roles and whether held slots count; `rings` by region, role and
    model.
    """

    choices: dict[tuple[str, str, tuple[Role, ...], bool], RegionChoice] = {}
    round_trips_ms: dict[str, tuple[float, ...]] = {}
    scores: dict[tuple[str, tuple[Role, ...], bool], tuple[RegionScore, ...]] = {}
    rings: dict[tuple[RegionCode, Role, str | None], tuple[RingEntry, ...]] = {}


class Snapshot(msgspec.Struct, frozen=True, dict=True):
    """All regions, pools and replicas at one moment.

    `number` only grows: an older one never replaces a newer. `round_trips_ms` holds measured round
    trips, by the caller's number prefix and region (`inference.fleet.roundtrips` has made them
    comparable with distance estimates, which are used where nothing was measured).
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
        by_place: dict[tuple[RegionCode, Role], tuple[Pool, ...]] = {}
        for pool in self.pools:
            place = (pool.region, pool.role)
            by_place[place] = (*by_place.get(place, ()), pool)
        return by_place

    @cached_property
    def warm_by_place(self) -> dict[tuple[RegionCode, Role], tuple[Replica, ...]]:
        """A region's warm replicas of a role."""
        by_place: dict[tuple[RegionCode, Role], list[Replica]] = {}
        for replica in self.replicas:
            if replica.state == "warm":
                by_place.setdefault((replica.region, replica.role), []).append(replica)
        return {place: tuple(replicas) for place, replicas in by_place.items()}

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
        """The first pool of a place, in the order of purposes, that has a warm replica."""
        warm = (
            pool
            for pool in self.pools_by_place.get((region, role), ())
            if pool.name in self.slots_by_pool
        )
        return min(warm, key=lambda pool: RANK[pool.purpose], default=None)

    @cached_property
    def routing_memo(self) -> RoutingMemo:
        """What routing has worked out from this snapshot alone; it goes with the snapshot."""
        return RoutingMemo()


def pool_name(region: str, role: str, model: str) -> str:
    """The name of the pool (region, role, model)."""
    return f"{region}/{role}/{model}"


encode_snapshot = msgspec.json.encode
_snapshot_decoder = msgspec.json.Decoder(Snapshot)


def decode_snapshot(raw: bytes) -> Snapshot:
    """A snapshot from its JSON; anything else is `BadInput` naming the field."""
    try:
        return _snapshot_decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise BadInput(f"pools snapshot: {error}") from error
