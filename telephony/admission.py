"""May this call be taken, where, and by whom: slots are leased before the carrier is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

import redis
from django.conf import settings

from inference import leases, prefixes, snapshots
from inference.errors import NoWarmRegion, SnapshotMissing
from inference.routing import RegionChoice, choose_region
from inference.types import Pool, Role, Snapshot
from telephony import handoff, plans, regional
from telephony.errors import NoAgentFree
from telephony.handoff import MediaHeartbeat
from telephony.types import AgentPart, Opened, Ring, Route
from tenants import call_tokens
from warmline.kernel.call import CallPlan
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

# The token outlives the longest call by the time a lost stream may take to be taken up again.
_TOKEN_SPARE_S = 600


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that an agent takes: its plan lies in the region's Redis, `stream_url` is where its audio goes."""

    plan: CallPlan
    stream_url: str
    routing: dict[str, object]


def admit(route: Route, ring: Ring, *, call_id: CallId, open_calls: int | None) -> Admitted:
    """Lease the call's slots in the best region that can take it and leave its plan there.

    `open_calls` is how many calls the tenant has, or None when that cannot be known now.
    Raises `NoAgentFree`, which names what is full or away; nothing is held then.
    """
    agent = route.agent
    if agent is None:
        raise NoAgentFree("its agent has no live version")
    if open_calls is not None and open_calls >= route.max_calls:
        raise NoAgentFree(f"{open_calls} of {route.max_calls} calls of this company are going on")
    try:
        snapshot = snapshots.current()
    except SnapshotMissing as missing:
        raise NoAgentFree(str(missing)) from missing
    roles = plans.roles_of(plans.audience_of(route))
    refusals: dict[RegionCode, str] = {}
    while True:
        try:
            choice = choose_region(snapshot, ring.caller, route.residency, roles=roles, avoid=refusals)
        except NoWarmRegion as none_left:
            told = "; ".join(f"{region}: {why}" for region, why in refusals.items())
            raise NoAgentFree(told or str(none_left)) from none_left
        try:
            return _take(route, agent, ring=ring, call_id=call_id, snapshot=snapshot, choice=choice, roles=roles)
        except NoAgentFree as full:
            refusals[choice.region] = str(full)
        except redis.RedisError as away:
            refusals[choice.region] = f"its Redis is away ({type(away).__name__})"


def release(region: str, names: tuple[str, ...], call_id: str) -> None:
    """Give a call's slots back; what cannot be given back now expires by itself."""
    client = regional.client(RegionCode(region))
    if client is None:
        return
    try:
        for name in names:
            leases.release(client, name, call_id)
    except redis.RedisError:
        return


def withdraw(opened: Opened) -> None:
    """Undo an admission that nobody will use: slots back, plan away."""
    client = regional.client(RegionCode(opened.region))
    if client is None:
        return
    release(opened.region, opened.leases, opened.call_id)
    try:
        client.delete(handoff.plan_key(opened.call_id))
    except redis.RedisError:
        return  # it expires by itself


def lease_again(plan: CallPlan) -> None:
    """Hold the slots of a call that is taken up again. The caller is on the line: a full pool does not end it."""
    client = _client(plan.region)
    try:
        slots = snapshots.current().slots_by_pool
    except SnapshotMissing:
        return
    for name in plan.leases:
        leases.take_again(client, name, plan.call_id, tenant=plan.tenant_id, slots=slots.get(name, 0))


def media_worker(region: RegionCode, *, avoid: str = "") -> MediaHeartbeat:
    """The region's living media process with the most room, not `avoid`; `NoAgentFree` when none has any."""
    client = _client(region)
    workers = [each for each in handoff.media_workers(client) if each.worker != avoid]
    if not workers:
        raise NoAgentFree("no media process is there")
    if workers[0].calls >= workers[0].slots:
        raise NoAgentFree(f"media is full: {sum(worker.calls for worker in workers)} calls")
    return workers[0]


def _take(
    route: Route,
    agent: AgentPart,
    *,
    ring: Ring,
    call_id: CallId,
    snapshot: Snapshot,
    choice: RegionChoice,
    roles: tuple[Role, ...],
) -> Admitted:
    region = choice.region
    worker = media_worker(region)
    held = _lease(snapshot, region, roles, route=route, call_id=call_id)
    try:
        plan = plans.make_plan(
            route,
            agent,
            ring=ring,
            call_id=call_id,
            choice=choice,
            region=region,
            rungs=plans.ladder(snapshot, choice.order, roles),
            leases=held,
            token=call_tokens.issue(
                call_id,
                route.tenant_id,
                [tool.name for tool in agent.tools],
                agent.knowledge,
                agent.limits.max_seconds + _TOKEN_SPARE_S,
            ),
            web_url=settings.INTERNAL_URL,
        )
        handoff.put_plan(_client(region), plan)
        prefixes.note_call(_client(region), plan.agent_version_id)
    except redis.RedisError:
        release(region, held, call_id)
        raise
    return Admitted(plan, worker.ws_url, plans.routing_reasons(choice))


def _lease(
    snapshot: Snapshot, region: RegionCode, roles: tuple[Role, ...], *, route: Route, call_id: CallId
) -> tuple[str, ...]:
    """A slot of one pool for each role, the region's first pool that has one; all of them or none."""
    held: list[str] = []
    for role in roles:
        try:
            held.append(_lease_role(snapshot, region, role, route=route, call_id=call_id))
        except NoAgentFree:
            release(region, tuple(held), call_id)
            raise
    return tuple(held)


def _lease_role(snapshot: Snapshot, region: RegionCode, role: Role, *, route: Route, call_id: CallId) -> str:
    refused: list[leases.Taken] = []
    for pool in _pools(snapshot, region, role):
        slots = snapshot.slots_by_pool.get(pool.name, 0)
        if not slots:
            continue
        taken = leases.take(
            _client(region), pool.name, call_id, tenant=route.tenant_id, slots=slots, weight=route.call_weight
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


def _pools(snapshot: Snapshot, region: RegionCode, role: Role) -> tuple[Pool, ...]:
    return snapshot.pools_by_place.get((region, role), ())


def _client(region: RegionCode) -> "redis.Redis":
    client = regional.client(region)
    if client is None:
        raise NoAgentFree("no Redis is configured for it")
    return client
