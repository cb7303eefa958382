"""A call's slots: one of a pool for each role, leased before the carrier is answered."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import redis

from inference.errors import SnapshotMissing
from inference.fleet import leases, pace_store, snapshots
from inference.fleet.pace import Pace
from inference.types import RANK, Pool, Snapshot
from telephony.control import regional_redis
from telephony.errors import NoAgentFree
from telephony.types import SlotRequest
from warmline.kernel.call import CallPlan
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role


class LeaseSlot(Protocol):
    """`leases.take`, or what stands for it."""

    def __call__(
        self,
        client: "redis.Redis",
        pool: str,
        lease: str,
        /,
        *,
        tenant: str,
        slots: int,
        weight: int,
        replica_slots: int,
    ) -> leases.LeaseResult: ...


def lease(
    request: SlotRequest,
    client: "redis.Redis",
    *,
    lease_slot: LeaseSlot,
    snapshot: Snapshot,
    region: RegionCode,
    reach: int,
) -> tuple[str, ...]:
    """Lease a slot for each role in the region's first pool that has one; all or none.

    Pools down to the purposes within `reach`. `NoAgentFree` says which role has none.
    """
    held: list[str] = []
    by_role = {role: _pools(snapshot, region, role, reach=reach) for role in request.roles}
    paces = pace_store.paces(client, [pool.name for pools in by_role.values() for pool in pools])
    try:
        for role, pools in by_role.items():
            pool = _lease_role(
                request,
                client,
                role,
                pools,
                lease_slot=lease_slot,
                slots=snapshot.slots_by_pool,
                paces=paces,
            )
            held.append(pool)
    except NoAgentFree:
        release(region, tuple(held), request.call_id)
        raise
    return tuple(held)


def lease_despite_share(
    client: "redis.Redis", pool: str, lease: str, *, tenant: str, slots: int, **_: int
) -> leases.LeaseResult:
    """For a caller who is on the line: only a full pool refuses, not the company's share."""
    return leases.take_again(client, pool, lease, tenant=tenant, slots=slots)


def lease_again(client: "redis.Redis", plan: CallPlan) -> None:
    """Hold the slots of a call that is taken up again where it was.

    The caller is on the line: a full pool does not end it.
    """
    try:
        slots = snapshots.current().slots_by_pool
    except SnapshotMissing:
        return
    for name in plan.leases:
        leases.take_again(
            client, name, plan.call_id, tenant=plan.tenant_id, slots=slots.get(name, 0)
        )


def release(region: str, names: tuple[str, ...], call_id: str) -> None:
    """Give a call's slots back; what cannot be given back now expires by itself."""

    def give_back(client: "redis.Redis") -> None:
        for name in names:
            leases.release(client, name, call_id)

    if names:
        regional_redis.first_answer(give_back, regions=[RegionCode(region)])


def _lease_role(
    request: SlotRequest,
    client: "redis.Redis",
    role: Role,
    pools: Sequence[Pool],
    *,
    lease_slot: LeaseSlot,
    slots: Mapping[str, int],
    paces: Mapping[str, Pace],
) -> str:
    refused: list[leases.LeaseResult] = []
    for pool in pools:
        if not slots.get(pool.name):
            continue
        pace = paces.get(pool.name)
        used = slots[pool.name] if pace is None else min(slots[pool.name], pace.slots)
        taken = lease_slot(
            client,
            pool.name,
            request.call_id,
            tenant=request.number.tenant_id,
            slots=used,
            weight=request.number.call_weight,
            replica_slots=pool.slots,
        )
        if taken.granted:
            return pool.name
        refused.append(taken)
    slow = [paces[pool.name] for pool in pools if pool.name in paces]
    raise NoAgentFree(_why_none(role, refused, slow))


def _why_none(role: Role, refused: Sequence[leases.LeaseResult], slow: Sequence[Pace]) -> str:
    """Whether slots are left for others, or for nobody, or are not used since answers are late."""
    for taken in refused:
        if not taken.is_full:
            return (
                f"{role}: this company holds {taken.own} of {taken.slots} slots, "
                f"its fair share is {round(taken.fair, 1):g} while slots are short"
            )
    if slow:
        used = f"{slow[0].slots} of its slots are used"
        return f"{role} answers no more calls in time: {used}, {slow[0].because}"
    return f"{role} is full: 0 of {sum(taken.slots for taken in refused)} slots free"


def _pools(snapshot: Snapshot, region: RegionCode, role: Role, *, reach: int) -> list[Pool]:
    """The region's pools down to a purpose, those meant for calls first."""
    pools = [
        pool
        for pool in snapshot.pools_by_place.get((region, role), ())
        if RANK[pool.purpose] <= reach
    ]
    return sorted(pools, key=lambda pool: RANK[pool.purpose])
