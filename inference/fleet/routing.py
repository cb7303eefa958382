"""Which region answers a call, and which replica.

Pure: no I/O, no waiting; every decision says why. A region's score is what the caller would wait
for the first word: the round trip to it, the slowest of its roles' first outputs, and a penalty
while the last tenth of a role's slots fills. The least score wins, within the residency, among the
regions where every role has a pool meant for calls warm; one that would answer by a smaller model
or a hosted provider comes after all of those, however near it is. A region where a role is full, or
has nothing warm, is out.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal
from zlib import crc32

from msgspec.structs import replace

from inference.errors import NoWarmRegion
from inference.fleet.caller_places import PLACES, prefix_of, round_trip_ms
from inference.types import (
    PURPOSES,
    RANK,
    Place,
    Pool,
    Region,
    RegionChoice,
    RegionScore,
    Replica,
    RingEntry,
    Snapshot,
)
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import CALL_ROLES, Role

_PURPOSES: Final = tuple(PURPOSES)
ANYWHERE: Final = frozenset({"", "anywhere"})
# A caller of unknown place is half the world's longest usual round trip from every region.
UNKNOWN_ROUND_TRIP_MS: Final = 150.0
# At most 1.25 times the mean (Mirrokni et al., "Consistent Hashing with Bounded Loads").
BOUND: Final = 1.25
# The last tenth of the slots answers slower, since requests queue on each replica.
LAST_SHARE: Final = 0.1
# Replicas looked at for one call: the cost of a choice does not grow with the fleet.
WINDOW: Final = 32

_MIX: Final = 0x9E3779B1  # 2^32 over the golden ratio: spreads what crc32 leaves linear
_MASK: Final = 0xFFFFFFFF
# above every hash: a replica under the bound comes before one over it
_UNDER_BOUND: Final = 1 << 32


def choose_region(
    snapshot: Snapshot,
    caller: str,
    residency: str,
    *,
    roles: tuple[Role, ...] = CALL_ROLES,
    held: Mapping[str, int] | None = None,
    avoid: Collection[RegionCode] = (),
) -> RegionChoice:
    """The region with the least expected time to the first word for a caller's E.164 number.

    `residency` is a zone such as `us` or `eu`, or `anywhere`. `held` is leased slots by pool name,
    where known; what follows from the snapshot's own (`held_by_pool`) is worked out once. Regions
    in `avoid` (seen failing) are out. Raises `NoWarmRegion` when none is left.
    """
    own_held = held is snapshot.held_by_pool
    choice = _choice_from_snapshot(snapshot, caller, residency, roles, own_held=own_held)
    other_held = {} if own_held or held is None else held
    if (other_held or avoid) and (strained := _strained(snapshot, other_held, avoid)):
        scores = [_under_strain(score, strained) for score in choice.scores]
        choice = _rank(choice.caller_place, residency, scores)
    if not choice.scores or choice.scores[0].refused:
        raise _no_warm_region(choice)
    return choice


def _no_warm_region(choice: RegionChoice) -> NoWarmRegion:
    reasons = "; ".join(f"{score.region}: {score.refused}" for score in choice.scores)
    return NoWarmRegion(
        f"no region can answer a caller with residency {choice.residency or 'any'!r}: "
        + (reasons or "there are no regions")
    )


def _choice_from_snapshot(
    snapshot: Snapshot, caller: str, residency: str, roles: tuple[Role, ...], *, own_held: bool
) -> RegionChoice:
    """The choice without what only the asker knows, its best region refused or not."""
    prefix = prefix_of(caller)
    place = PLACES.get(prefix)
    # Callers of one place share a ranking; a prefix with measured round trips has its own.
    label = place.label if place else ""
    spot = prefix if prefix in snapshot.round_trips_ms else label
    key = (spot, residency, roles, own_held)
    choice = snapshot.routing_memo.choices.get(key)
    if choice is None:
        trips_ms = _round_trips_ms(snapshot, prefix, place, spot)
        near = _scores_without_trip(snapshot, residency, roles, own_held=own_held)
        scores = [
            RegionScore(
                score.region,
                trip_ms,
                score.first_word_ms,
                score.penalty_ms,
                score.refused,
                score.purpose,
                score.outside_residency,
            )
            for score, trip_ms in zip(near, trips_ms, strict=True)
        ]
        choice = _rank(label or "an unknown place", residency, scores)
        snapshot.routing_memo.choices[key] = choice
    return choice


def _round_trips_ms(
    snapshot: Snapshot, prefix: str, place: Place | None, spot: str
) -> tuple[float, ...]:
    """From a caller's place to every region, in their order: as measured, else by distance.

    The same for every residency, and a quarter of the first decision for a place: kept for the
    others.
    """
    trips_ms = snapshot.routing_memo.round_trips_ms.get(spot)
    if trips_ms is None:
        measured = snapshot.round_trips_ms.get(prefix, {})
        estimated = [
            round_trip_ms(place, region.place) if place else UNKNOWN_ROUND_TRIP_MS
            for region in snapshot.regions
        ]
        trips_ms = tuple(
            measured.get(region.code, estimate_ms)
            for region, estimate_ms in zip(snapshot.regions, estimated, strict=True)
        )
        snapshot.routing_memo.round_trips_ms[spot] = trips_ms
    return trips_ms


def _rank(caller_place: str, residency: str, scores: Sequence[RegionScore]) -> RegionChoice:
    """The scores as a choice, best first; whether the best may answer is for the caller to see."""
    if not scores:
        return RegionChoice(RegionCode(""), "there are no regions", (), caller_place, residency)
    # By value, then by name, so that equal regions are always taken in the same order.
    order = sorted(
        [
            (score.refused != "", RANK[score.purpose], score.total_ms, score.region, number)
            for number, score in enumerate(scores)
        ]
    )
    ranked = tuple([scores[number] for _, _, _, _, number in order])
    because = _because(ranked, caller_place)
    return RegionChoice(ranked[0].region, because, ranked, caller_place, residency)


def _because(scores: Sequence[RegionScore], caller_place: str) -> str:
    best = scores[0]
    because = (
        f"{best.region}: {best.round_trip_ms:.0f} ms from {caller_place}, "
        f"first word in {best.first_word_ms:.0f} ms"
    )
    if best.penalty_ms:
        because += f", {best.penalty_ms:.0f} ms as its slots run out"
    if best.purpose != "calls":
        because += f", by a {PURPOSES[best.purpose]}, since no region can answer by pools for calls"
    if len(scores) == 1:
        return f"{because}; the only region"
    after = scores[1]
    if after.refused:
        return f"{because}; {after.region} is out: {after.refused}"
    if after.purpose != best.purpose:
        return f"{because}; {after.region} would answer by a {PURPOSES[after.purpose]}"
    return f"{because}; {after.total_ms - best.total_ms:.0f} ms before {after.region}"


def _scores_without_trip(
    snapshot: Snapshot, residency: str, roles: tuple[Role, ...], *, own_held: bool
) -> tuple[RegionScore, ...]:
    """For each region what does not depend on the caller: its score with a round trip of nothing.

    `own_held` says whether the slots that the snapshot knows to be leased count.
    """
    key = (residency, roles, own_held)
    scores = snapshot.routing_memo.scores.get(key)
    if scores is None:
        strained = _strained(snapshot, snapshot.held_by_pool if own_held else {}, ())
        scores = tuple(
            _score_without_trip(snapshot, region, residency, roles, strained)
            for region in snapshot.regions
        )
        snapshot.routing_memo.scores[key] = scores
    return scores


def _score_without_trip(
    snapshot: Snapshot,
    region: Region,
    residency: str,
    roles: tuple[Role, ...],
    strained: Mapping[RegionCode, str],
) -> RegionScore:
    refused, outside = "", residency not in ANYWHERE and region.residency != residency
    if outside:
        refused = f"its residency is {region.residency}, the tenant's is {residency}"
    first_word_ms, fallback_rank = 0.0, 0
    for role in roles:
        best = snapshot.best_warm(region.code, role)
        if best is not None:
            first_word_ms = max(first_word_ms, best.first_word_ms)
            fallback_rank = max(fallback_rank, RANK[best.purpose])
        elif not refused:
            refused = f"no warm replica for {role}"
    score = RegionScore(
        region.code, 0.0, first_word_ms, 0.0, refused, _PURPOSES[fallback_rank], outside
    )
    return _under_strain(score, strained)


def strain(held: int, *, slots: int) -> Literal[0, 1, 2]:
    """How full slots are to routing: 0 with room, 1 in the last tenth, 2 full."""
    free = slots - held
    if free <= 0:
        return 2
    return 1 if free <= slots * LAST_SHARE else 0


def _strained(
    snapshot: Snapshot, held: Mapping[str, int], avoid: Collection[RegionCode]
) -> dict[RegionCode, str]:
    """Regions that are out (with the reason) or nearly full (with an empty one): normally none."""
    strained: dict[RegionCode, str] = dict.fromkeys(avoid, "seen failing")
    for name, leased in held.items():
        slots = snapshot.slots_by_pool.get(name, 0)
        if not strain(leased, slots=slots):
            continue
        pool = snapshot.pool_by_name.get(name)
        if pool is None or strained.get(pool.region):
            continue
        free, slots = _free_slots(snapshot, pool, held)
        if free <= 0:
            strained[pool.region] = f"{pool.role} is full: 0 of {slots} slots free"
        elif strain(slots - free, slots=slots):
            strained[pool.region] = ""
    return strained


def _free_slots(snapshot: Snapshot, pool: Pool, held: Mapping[str, int]) -> tuple[int, int]:
    """What is free, and what there is, in the pools that would answer beside a full one."""
    best = snapshot.best_warm(pool.region, pool.role)
    peers = [
        peer.name
        for peer in snapshot.pools_by_place[pool.region, pool.role]
        if best is not None and peer.purpose == best.purpose
    ]
    slots = sum(snapshot.slots_by_pool.get(name, 0) for name in peers)
    return slots - sum(held.get(name, 0) for name in peers), slots


def _under_strain(score: RegionScore, strained: Mapping[RegionCode, str]) -> RegionScore:
    """The score of a region that is out or nearly full.

    The last tenth of its slots costs a caller about half of the first output again.
    """
    why = strained.get(score.region)
    if why is None or score.refused:
        return score
    return replace(score, refused=why, penalty_ms=0.0 if why else score.first_word_ms / 2)


def choose_replica(
    snapshot: Snapshot,
    region: RegionCode,
    role: Role,
    call_id: str,
    *,
    model: str | None = None,
    prefix: str = "",
    load: Mapping[ReplicaId, int] | None = None,
    stay_with: ReplicaId | None = None,
    avoid: Collection[ReplicaId] = (),
) -> Replica | None:
    """A warm replica with a free call slot, or None.

    A call stays with its replica (`stay_with`) while that is warm. Otherwise calls with the same
    `prefix` (an agent version's id, whose prompt is cached) share replicas by rendezvous hashing,
    up to 1.25 times the mean load, and calls without one spread by their id. `load` is the asker's
    own count of calls by replica; the snapshot's `busy` is used where it knows none. Replicas in
    `avoid` have just failed for the asker.
    """
    staying = snapshot.warm_by_id.get(stay_with) if stay_with is not None else None
    if staying is not None and staying.id not in avoid:
        return staying
    ring = _ring(snapshot, region, role, model)
    key = crc32((prefix or call_id).encode())
    if len(ring) > WINDOW:
        ring = _window(ring, key)
    counts = load or {}
    total = room = 0
    for _, replica_id, slots, busy, _ in ring:
        calls = counts.get(replica_id, busy) if counts else busy
        if calls < slots:
            total += calls
            room += 1
    if not room:
        return None
    bound = BOUND * (total + 1) / room
    best: Replica | None = None
    best_rank = -1
    for own_hash, replica_id, slots, busy, replica in ring:
        calls = counts.get(replica_id, busy) if counts else busy
        rank = ((own_hash ^ key) * _MIX) & _MASK
        if calls < bound:
            rank |= _UNDER_BOUND
        if rank <= best_rank or calls >= slots or (avoid and replica_id in avoid):
            continue
        best, best_rank = replica, rank
    return best


def _ring(
    snapshot: Snapshot, region: RegionCode, role: Role, model: str | None
) -> tuple[RingEntry, ...]:
    """The warm replicas of a role, or of one of its models, by their hash: once a snapshot."""
    key = (region, role, model)
    ring = snapshot.routing_memo.rings.get(key)
    if ring is None:
        entries = [
            (crc32(replica.id.encode()), replica.id, replica.slots, replica.busy, replica)
            for replica in snapshot.warm_by_place.get((region, role), ())
            if model is None or replica.model == model
        ]
        ring = tuple(sorted(entries, key=lambda entry: entry[:2]))
        snapshot.routing_memo.rings[key] = ring
    return ring


def _window(ring: tuple[RingEntry, ...], key: int) -> tuple[RingEntry, ...]:
    """A slice of the ring that the key alone decides, so that equal prefixes see the same one."""
    start = key % len(ring)
    end = start + WINDOW
    return ring[start:end] if end <= len(ring) else ring[start:] + ring[: end - len(ring)]
