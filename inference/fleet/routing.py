"""Which region answers a call, and which replica: pure, no I/O, no waiting; every decision says
why.

A region's score is what the caller would wait for the first word: the round trip to it, the slowest
of its roles' first outputs, and a penalty while the last tenth of a role's slots fills. The least
score wins, within the residency, among the regions where every role has a pool meant for calls
warm; one that would answer by a smaller model or a hosted provider comes after all of those,
however near it is. A region where a role is full, or has nothing warm, is out.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal, cast
from zlib import crc32

import msgspec

from inference.errors import NoWarmRegion
from inference.fleet.caller_places import PLACES, prefix_of, round_trip_ms
from inference.types import PURPOSES, RANK, Place, Pool, Region, Replica, Snapshot
from warmline.kernel.call import Purpose
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import CALL_ROLES, Role

_PURPOSES: Final = tuple(PURPOSES)
ANYWHERE: Final = frozenset({"", "anywhere"})
# A caller of unknown place is as far from every region as half the world's longest usual round
# trip.
UNKNOWN_ROUND_TRIP_MS: Final = 150.0
# Bounded load (Mirrokni et al., "Consistent Hashing with Bounded Loads"): at most 1.25 times the
# mean.
BOUND: Final = 1.25
# The last tenth of the slots answers slower, since requests queue on each replica.
LAST_SHARE: Final = 0.1
# Replicas looked at for one call: the cost of a choice does not grow with the fleet.
WINDOW: Final = 32

_MIX: Final = 0x9E3779B1  # 2^32 over the golden ratio: spreads what crc32 leaves linear
_MASK: Final = 0xFFFFFFFF
# above every hash: a replica under the bound comes before one over it
_UNDER_BOUND: Final = 1 << 32


class RegionScore(msgspec.Struct, frozen=True):
    """What one region would cost the caller, in milliseconds to the first word; `refused` says why
    it is out.

    `stands_on` is the last purpose among the pools that would answer there. `outside` is out by
    residency, for ever.
    """

    region: RegionCode
    round_trip_ms: float
    first_word_ms: float
    penalty_ms: float
    refused: str = ""
    stands_on: Purpose = "calls"
    outside: bool = False

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
    def within(self) -> tuple[RegionCode, ...]:
        """The regions of the residency in the order of `scores`,
        with those that cannot answer now at the end.
        """
        return tuple(score.region for score in self.scores if not score.outside)


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
    prefix = prefix_of(caller)
    place = PLACES.get(prefix)
    # Callers of one place share a ranking; a prefix with measured round trips has its own.
    spot = prefix if prefix in snapshot.round_trips_ms else place.label if place else ""
    own = held is snapshot.held_by_pool
    key = (spot, residency, roles, own)
    choice = cast("RegionChoice | None", snapshot.decisions.get(key))
    if choice is None:
        standings = _standings(snapshot, residency, roles, snapshot.held_by_pool if own else {})
        choice = _rank(
            place, residency, _scores(standings, _round_trips_ms(snapshot, prefix, place, spot))
        )
        snapshot.decisions[key] = choice
    passing = {} if own or held is None else held
    if (passing or avoid) and (strained := _strained(snapshot, passing, avoid)):
        choice = _rank(
            place, residency, [_under_strain(score, strained) for score in choice.scores]
        )
    if not choice.scores or choice.scores[0].refused:
        told = (
            "; ".join(f"{score.region}: {score.refused}" for score in choice.scores)
            or "there are no regions"
        )
        raise NoWarmRegion(
            f"no region can answer a caller with residency {residency or 'any'!r}: {told}"
        )
    return choice


# A region, its slowest role's first output and penalty, why it is out, what it stands on, whether
# it is outside.
_Standing = tuple[Region, float, float, str, Purpose, bool]


def _scores(standings: Sequence[_Standing], trips_ms: Sequence[float]) -> list[RegionScore]:
    """Every region's score from the snapshot alone."""
    return [
        RegionScore(region.code, trip_ms, first_word_ms, penalty_ms, refused, stands_on, outside)
        for (region, first_word_ms, penalty_ms, refused, stands_on, outside), trip_ms in zip(
            standings, trips_ms, strict=True
        )
    ]


def _round_trips_ms(
    snapshot: Snapshot, prefix: str, place: Place | None, spot: str
) -> tuple[float, ...]:
    """From a caller's place to every region, in their order: as measured, else by distance.

    The same for every residency, and a quarter of the first decision for a place: kept for the
    others.
    """
    key = ("trips", spot)
    found = cast("tuple[float, ...] | None", snapshot.decisions.get(key))
    if found is None:
        measured = snapshot.round_trips_ms.get(prefix, {})
        away = [
            round_trip_ms(place, each.place) if place else UNKNOWN_ROUND_TRIP_MS
            for each in snapshot.regions
        ]
        found = tuple(
            measured.get(each.code, trip) for each, trip in zip(snapshot.regions, away, strict=True)
        )
        snapshot.decisions[key] = found
    return found


def _rank(place: Place | None, residency: str, scores: Sequence[RegionScore]) -> RegionChoice:
    """The scores as a choice, best first; whether the best may answer is for the caller to see."""
    label = place.label if place else "an unknown place"
    if not scores:
        return RegionChoice(RegionCode(""), "there are no regions", (), label, residency)
    # By value, then by name, so that equal regions are always taken in the same order.
    order = sorted(
        [
            (s.refused != "", RANK[s.stands_on], s.total_ms, s.region, number)
            for number, s in enumerate(scores)
        ]
    )
    ranked = tuple([scores[each[4]] for each in order])
    return RegionChoice(ranked[0].region, _because(ranked, label), ranked, label, residency)


def _because(scores: Sequence[RegionScore], label: str) -> str:
    best = scores[0]
    said = f"{best.region}: {best.round_trip_ms:.0f} ms from {label}, first word in {best.first_word_ms:.0f} ms"
    if best.penalty_ms:
        said += f", {best.penalty_ms:.0f} ms as its slots run out"
    if best.stands_on != "calls":
        said += f", by a {PURPOSES[best.stands_on]}, since no region can answer by pools for calls"
    if len(scores) == 1:
        return f"{said}; the only region"
    after = scores[1]
    if after.refused:
        return f"{said}; {after.region} is out: {after.refused}"
    if after.stands_on != best.stands_on:
        return f"{said}; {after.region} would answer by a {PURPOSES[after.stands_on]}"
    return f"{said}; {after.total_ms - best.total_ms:.0f} ms before {after.region}"


def _standings(
    snapshot: Snapshot, residency: str, roles: tuple[Role, ...], held: Mapping[str, int]
) -> tuple[_Standing, ...]:
    """For each region what does not depend on the caller.
    `held` is nothing, or what the snapshot says.
    """
    key = ("standings", residency, roles, bool(held))
    found = cast("tuple[_Standing, ...] | None", snapshot.decisions.get(key))
    if found is None:
        strained = _strained(snapshot, held, ())
        found = tuple(
            _standing(snapshot, region, residency, roles, strained) for region in snapshot.regions
        )
        snapshot.decisions[key] = found
    return found


def _standing(
    snapshot: Snapshot,
    region: Region,
    residency: str,
    roles: tuple[Role, ...],
    strained: Mapping[RegionCode, str],
) -> _Standing:
    refused, outside = "", residency not in ANYWHERE and region.residency != residency
    if outside:
        refused = f"its residency is {region.residency}, the tenant's is {residency}"
    first_word_ms, stands_on = 0.0, 0
    for role in roles:
        best = snapshot.best_warm(region.code, role)
        if best is not None:
            first_word_ms = max(first_word_ms, best.first_word_ms)
            stands_on = max(stands_on, RANK[best.purpose])
        elif not refused:
            refused = f"no warm replica for {role}"
    penalty_ms = 0.0
    if not refused and region.code in strained:
        refused = strained[region.code]
        penalty_ms = _penalty_ms(first_word_ms, refused)
    return region, first_word_ms, penalty_ms, refused, _PURPOSES[stands_on], outside


def strain(held: int, *, slots: int) -> Literal[0, 1, 2]:
    """How full slots are to routing: 0 with room, 1 in the last tenth, 2 full."""
    free = slots - held
    return 2 if free <= 0 else 1 if free <= slots * LAST_SHARE else 0


def _strained(
    snapshot: Snapshot, held: Mapping[str, int], avoid: Collection[RegionCode]
) -> dict[RegionCode, str]:
    """Regions that are out (with the reason) or nearly full (with an empty one): normally none."""
    found: dict[RegionCode, str] = dict.fromkeys(avoid, "seen failing")
    for name, leased in held.items():
        slots = snapshot.slots_by_pool.get(name, 0)
        if not strain(leased, slots=slots):
            continue
        pool = snapshot.pool_by_name.get(name)
        if pool is None or found.get(pool.region):
            continue
        free, slots = _free_slots(snapshot, pool, held)
        if strain(slots - free, slots=slots):
            found[pool.region] = (
                f"{pool.role} is full: 0 of {slots} slots free" if free <= 0 else ""
            )
    return found


def _free_slots(snapshot: Snapshot, pool: Pool, held: Mapping[str, int]) -> tuple[int, int]:
    """What is free, and what there is, in the pools that the region stands on beside a full one."""
    best = snapshot.best_warm(pool.region, pool.role)
    peers = [
        each.name
        for each in snapshot.pools_by_place[pool.region, pool.role]
        if best is not None and each.purpose == best.purpose
    ]
    slots = sum(snapshot.slots_by_pool.get(name, 0) for name in peers)
    return slots - sum(held.get(name, 0) for name in peers), slots


def _under_strain(score: RegionScore, strained: Mapping[RegionCode, str]) -> RegionScore:
    why = strained.get(score.region)
    if why is None or score.refused:
        return score
    return msgspec.structs.replace(
        score, refused=why, penalty_ms=_penalty_ms(score.first_word_ms, why)
    )


def _penalty_ms(first_word_ms: float, refused: str) -> float:
    """What the last tenth of the slots costs the caller: about half of the first output again."""
    return 0.0 if refused else first_word_ms / 2


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
    routes = _routes(snapshot, region, role, model)
    key = crc32((prefix or call_id).encode())
    if len(routes) > WINDOW:
        routes = _window(routes, key)
    counts = load or {}
    total = room = 0
    for _, replica_id, slots, busy, _ in routes:
        calls = counts.get(replica_id, busy) if counts else busy
        if calls < slots:
            total += calls
            room += 1
    if not room:
        return None
    bound = BOUND * (total + 1) / room
    best: Replica | None = None
    best_rank = -1
    for own, replica_id, slots, busy, replica in routes:
        calls = counts.get(replica_id, busy) if counts else busy
        rank = ((own ^ key) * _MIX) & _MASK
        if calls < bound:
            rank |= _UNDER_BOUND
        if rank <= best_rank or calls >= slots or (avoid and replica_id in avoid):
            continue
        best, best_rank = replica, rank
    return best


# A replica's own hash, id, slots, calls lately seen on it, and itself.
_Route = tuple[int, ReplicaId, int, int, Replica]


def _routes(
    snapshot: Snapshot, region: RegionCode, role: Role, model: str | None
) -> tuple[_Route, ...]:
    """The warm replicas of a role, or of one of its models,
    as a ring, worked out once a snapshot.
    """
    place = ("routes", region, role, model)
    routes = cast("tuple[_Route, ...] | None", snapshot.decisions.get(place))
    if routes is None:
        warm = snapshot.warm_by_place.get((region, role), ())
        mine = [each for each in warm if model is None or each.model == model]
        found = ((crc32(each.id.encode()), each.id, each.slots, each.busy, each) for each in mine)
        routes = tuple(sorted(found, key=lambda route: route[:2]))
        snapshot.decisions[place] = routes
    return routes


def _window(routes: tuple[_Route, ...], key: int) -> tuple[_Route, ...]:
    """A slice of the ring of replicas that the key alone decides,
    so that equal prefixes see the same ones.
    """
    start = key % len(routes)
    end = start + WINDOW
    return routes[start:end] if end <= len(routes) else routes[start:] + routes[: end - len(routes)]
