"""May this call be taken, where, and by whom: slots are leased before the carrier is answered."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import redis
from django.conf import settings

from inference.errors import NoWarmRegion, SnapshotMissing
from inference.fleet import leases, prompt_prefixes, snapshots
from inference.fleet.routing import choose_region
from inference.types import RANK, Pool, RegionChoice, Snapshot
from telephony import media_link
from telephony.control import plans, regional_redis
from telephony.errors import NoAgentFree
from telephony.media_link import MediaHeartbeat
from telephony.types import AnsweredCall, IncomingCall, NumberConfig
from tenants import call_tokens
from warmline.kernel.agent import AgentConfig
from warmline.kernel.call import CallPlan
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

# The token outlives the longest call by the time a lost stream may take to be taken up again.
_TOKEN_SPARE_S = 600


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that an agent takes: its plan lies in the region's Redis,
    `stream_url` is where its audio goes.
    """

    plan: CallPlan
    stream_url: str
    routing: dict[str, object]


def admit(
    route: NumberConfig, ring: IncomingCall, *, call_id: CallId, open_calls: int | None
) -> Admitted:
    """Lease the call's slots in the best region that can take it and leave its plan there.

    `open_calls` is how many calls the tenant has, or None when that cannot be known now.
    Raises `NoAgentFree`, which names what is full or away; nothing is held then.
    """
    agent = route.agent
    if agent is None:
        raise NoAgentFree("its agent has no live version")
    if open_calls is not None and open_calls >= route.max_calls:
        raise NoAgentFree(f"{open_calls} of {route.max_calls} calls of this company are going on")
    return _seek(_Wanted(route, agent, ring, call_id, leases.take), lost={}, leave=_leave_plan)


def admit_again(
    route: NumberConfig,
    agent: AgentConfig,
    ring: IncomingCall,
    *,
    call_id: CallId,
    lost: Mapping[RegionCode, str],
) -> Admitted:
    """Lease slots for a call that goes on, in the best region that is not `lost`; its plan is left
    by whoever asked.

    The caller is on the line: neither the company's share nor its number of calls refuses them,
    only full pools do. Raises `NoAgentFree`, which names what is full or away; nothing is held
    then.
    """

    def lease(
        client: "redis.Redis", pool: str, lease: str, *, tenant: str, slots: int, **_: int
    ) -> leases.Taken:
        return leases.take_again(client, pool, lease, tenant=tenant, slots=slots)

    return _seek(_Wanted(route, agent, ring, call_id, lease), lost=lost, leave=lambda _: None)


def release(region: str, names: tuple[str, ...], call_id: str) -> None:
    """Give a call's slots back; what cannot be given back now expires by itself."""
    client = regional_redis.client(RegionCode(region))
    if client is None:
        return
    try:
        for name in names:
            leases.release(client, name, call_id)
    except redis.RedisError:
        return


def withdraw(opened: AnsweredCall) -> None:
    """Undo an admission that nobody will use: slots back, plan away."""
    client = regional_redis.client(RegionCode(opened.region))
    if client is None:
        return
    release(opened.region, opened.leases, opened.call_id)
    try:
        client.delete(media_link.plan_key(opened.call_id))
    except redis.RedisError:
        return  # it expires by itself


def lease_again(plan: CallPlan) -> None:
    """Hold the slots of a call that is taken up again.
    The caller is on the line: a full pool does not end it.
    """
    client = _client(plan.region)
    try:
        slots = snapshots.current().slots_by_pool
    except SnapshotMissing:
        return
    for name in plan.leases:
        leases.take_again(
            client, name, plan.call_id, tenant=plan.tenant_id, slots=slots.get(name, 0)
        )


def media_worker(region: RegionCode, *, avoid: str = "") -> MediaHeartbeat:
    """The region's living media process with the most room, not `avoid`;
    `NoAgentFree` when none has any.
    """
    client = _client(region)
    workers = [each for each in media_link.media_workers(client) if each.worker != avoid]
    if not workers:
        raise NoAgentFree("no media process is there")
    if workers[0].calls >= workers[0].slots:
        raise NoAgentFree(f"media is full: {sum(worker.calls for worker in workers)} calls")
    return workers[0]


class _Lease(Protocol):
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
    ) -> leases.Taken: ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A call that looks for its slots."""

    route: NumberConfig
    agent: AgentConfig
    ring: IncomingCall
    call_id: CallId
    lease: _Lease

    @property
    def roles(self) -> tuple[Role, ...]:
        """What it needs."""
        return plans.roles_of(plans.audience_of(self.route))


def _seek(
    wanted: _Wanted, *, lost: Mapping[RegionCode, str], leave: Callable[[CallPlan], None]
) -> Admitted:
    """Slots of pools meant for calls in any region;
    where no region has them, smaller models, then hosted providers.
    """
    try:
        snapshot = snapshots.current()
    except SnapshotMissing as missing:
        raise NoAgentFree(str(missing)) from missing
    away = dict(lost)
    full: dict[RegionCode, str] = {}
    told = ""
    for reach in _reaches(snapshot):
        full.clear()
        while True:
            avoid = {**full, **away}
            try:
                choice = _best(wanted, snapshot, avoid, reach=reach)
            except NoWarmRegion as none_left:
                told = "; ".join(f"{region}: {why}" for region, why in avoid.items()) or str(
                    none_left
                )
                break
            if choice is None:
                break
            try:
                return _take(wanted, snapshot, choice, reach=reach, leave=leave)
            except NoAgentFree as why:
                full[choice.region] = str(why)
            except redis.RedisError as gone:
                away[choice.region] = f"its Redis is away ({type(gone).__name__})"
    raise NoAgentFree(told)


def _best(
    wanted: _Wanted, snapshot: Snapshot, avoid: Mapping[RegionCode, str], *, reach: int
) -> RegionChoice | None:
    """The best region that answers by pools down to a purpose, or None; `NoWarmRegion` when none
    answers at all.

    By the slots that were lately seen held, first. Where those leave no region, a slot may have
    come free meanwhile: only the lease knows, so that nobody is turned away on the strength of what
    was seen.
    """
    caller, residency, roles = wanted.ring.caller, wanted.route.residency, wanted.roles
    with suppress(NoWarmRegion):
        choice = choose_region(
            snapshot, caller, residency, roles=roles, held=snapshot.held_by_pool, avoid=avoid
        )
        if RANK[choice.scores[0].purpose] <= reach:
            return choice
    choice = choose_region(snapshot, caller, residency, roles=roles, avoid=avoid)
    return choice if RANK[choice.scores[0].purpose] <= reach else None


def _reaches(snapshot: Snapshot) -> tuple[int, ...]:
    """How far down the purposes a slot may be looked for, step by step:
    no further than there are warm pools.
    """
    warm = {RANK[pool.purpose] for pool in snapshot.pools if pool.name in snapshot.slots_by_pool}
    return tuple(sorted(warm | {0}))


def _take(
    wanted: _Wanted,
    snapshot: Snapshot,
    choice: RegionChoice,
    *,
    reach: int,
    leave: Callable[[CallPlan], None],
) -> Admitted:
    region, agent, route = choice.region, wanted.agent, wanted.route
    worker = media_worker(region)
    held = _lease(wanted, snapshot, region, reach=reach)
    try:
        plan = plans.make_plan(
            route,
            agent,
            ring=wanted.ring,
            call_id=wanted.call_id,
            choice=choice,
            region=region,
            rungs=plans.ladder(snapshot, choice.within_residency, wanted.roles, leased=held),
            leases=held,
            token=call_tokens.issue(
                wanted.call_id,
                route.tenant_id,
                [tool.name for tool in agent.tools],
                agent.knowledge,
                agent.limits.max_seconds + _TOKEN_SPARE_S,
            ),
            web_url=settings.INTERNAL_URL,
        )
        leave(plan)
    except redis.RedisError:
        release(region, held, wanted.call_id)
        raise
    return Admitted(plan, worker.ws_url, plans.routing_reasons(choice))


def _leave_plan(plan: CallPlan) -> None:
    client = _client(plan.region)
    media_link.put_plan(client, plan)
    prompt_prefixes.note_call(client, plan.agent.agent_version_id)


def _lease(
    wanted: _Wanted, snapshot: Snapshot, region: RegionCode, *, reach: int
) -> tuple[str, ...]:
    """A slot of one pool for each role, the region's first pool that has one;
    all of them or none.
    """
    held: list[str] = []
    for role in wanted.roles:
        try:
            held.append(_lease_role(wanted, snapshot, region, role, reach=reach))
        except NoAgentFree:
            release(region, tuple(held), wanted.call_id)
            raise
    return tuple(held)


def _lease_role(
    wanted: _Wanted, snapshot: Snapshot, region: RegionCode, role: Role, *, reach: int
) -> str:
    refused: list[leases.Taken] = []
    client, route = _client(region), wanted.route
    for pool in _pools(snapshot, region, role, reach=reach):
        slots = snapshot.slots_by_pool.get(pool.name, 0)
        if not slots:
            continue
        taken = wanted.lease(
            client,
            pool.name,
            wanted.call_id,
            tenant=route.tenant_id,
            slots=slots,
            weight=route.call_weight,
            replica_slots=pool.slots,
        )
        if taken.granted:
            return pool.name
        refused.append(taken)
    raise NoAgentFree(_why_none(role, refused))


def _why_none(role: Role, refused: Sequence[leases.Taken]) -> str:
    """Whether slots are left for others, or for nobody."""
    for taken in refused:
        if not taken.is_full:
            return (
                f"{role}: this company holds {taken.own} of {taken.slots} slots, "
                f"its fair share is {round(taken.fair, 1):g} while slots are short"
            )
    return f"{role} is full: 0 of {sum(taken.slots for taken in refused)} slots free"


def _pools(snapshot: Snapshot, region: RegionCode, role: Role, *, reach: int) -> list[Pool]:
    """The place's pools down to a purpose, those meant for calls first."""
    pools = [
        pool
        for pool in snapshot.pools_by_place.get((region, role), ())
        if RANK[pool.purpose] <= reach
    ]
    return sorted(pools, key=lambda pool: RANK[pool.purpose])


def _client(region: RegionCode) -> "redis.Redis":
    client = regional_redis.client(region)
    if client is None:
        raise NoAgentFree("no Redis is configured for it")
    return client
