"""May this call be taken, where, and by whom: slots are leased before the carrier is answered."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import redis
from django.conf import settings

from inference.errors import NoWarmRegion, SnapshotMissing
from inference.fleet import leases, prompt_prefixes, snapshots
from inference.fleet.caller_places import prefix_of
from inference.fleet.routing import choose_region
from inference.types import RANK, RegionChoice, Snapshot
from telephony import media_link
from telephony.carriers import registry
from telephony.control import plans, regional_redis, slots
from telephony.control.decisions import MediaStream
from telephony.control.slots import LeaseSlot
from telephony.errors import NoAgentFree, RegionAway
from telephony.media_link import MediaHeartbeat
from telephony.types import AnsweredCall, IncomingCall, NumberConfig, SlotRequest
from tenants import call_tokens
from warmline.kernel.agent import AgentConfig
from warmline.kernel.call import CallPlan
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

# The token outlives the longest call by the time a lost stream may take to be taken up again.
_TOKEN_SPARE_S = 600
# From the answer to the stream's start; a page that asked for its microphone before needs seconds.
TICKET_S = 60

LeavePlan = Callable[["redis.Redis", CallPlan], None]


@dataclass(frozen=True, slots=True)
class _Terms:
    """How a call's slots are leased, and what becomes of its plan."""

    lease_slot: LeaseSlot
    leave_plan: LeavePlan


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that an agent takes: `worker` is the media process that its audio goes to."""

    plan: CallPlan
    worker: MediaHeartbeat
    routing: dict[str, object]

    @property
    def stream(self) -> MediaStream:
        """Where the call's carrier sends its audio."""
        return stream_to(self.worker, self.plan)


def stream_to(worker: MediaHeartbeat, plan: CallPlan) -> MediaStream:
    """The socket of a media process that speaks the call's carrier's wire."""
    url = registry.media_url(worker.ws_url, carrier=plan.carrier)
    return MediaStream(url, plan.call_id, plan.ticket or plan.token)


def admit(
    number: NumberConfig, call: IncomingCall, *, call_id: CallId, open_calls: int | None
) -> Admitted:
    """Lease the call's slots in the best region that can take it and leave its plan there.

    `open_calls` is how many calls the tenant's agents have, or None when that cannot be known now.
    Raises `NoAgentFree`, which names what is full or away; nothing is held then.
    """
    agent = number.agent
    if agent is None:
        raise NoAgentFree("its agent has no live version")
    if number.trial_ends_at is not None and call.at >= number.trial_ends_at:
        raise NoAgentFree(f"this company's trial ended on {number.trial_ends_at:%d %B %Y}")
    if open_calls is not None and open_calls >= number.max_calls:
        raise NoAgentFree(
            f"{open_calls} of {number.max_calls} calls of this company's agents are going on"
        )
    request = SlotRequest(number, agent, call, call_id)
    return _search(request, lost={}, terms=_Terms(leases.take, _leave_plan))


def admit_again(
    number: NumberConfig,
    agent: AgentConfig,
    call: IncomingCall,
    *,
    call_id: CallId,
    lost: Mapping[RegionCode, str],
) -> Admitted:
    """Lease slots for a call that goes on, in the best region that is not `lost`.

    Its plan is left by whoever asked. The caller is on the line: neither the company's share nor
    its number of calls refuses them, only full pools do. Raises `NoAgentFree`, which names what is
    full or away; nothing is held then.
    """
    request = SlotRequest(number, agent, call, call_id)
    terms = _Terms(slots.lease_despite_share, leave_plan=lambda *_: None)
    return _search(request, lost=lost, terms=terms)


def withdraw(call: AnsweredCall) -> None:
    """Undo an admission that nobody will use: slots back, plan away.

    What cannot be reached expires by itself.
    """
    if not call.region:
        return
    slots.release(call.region, call.leases, call.call_id)
    regional_redis.first_answer(
        lambda client: client.delete(media_link.plan_key(call.call_id)),
        regions=[RegionCode(call.region)],
    )


def media_worker(client: "redis.Redis", *, avoid: str = "") -> MediaHeartbeat:
    """The region's living media process with the most room, not `avoid`.

    `NoAgentFree` when none has any.
    """
    workers = [worker for worker in media_link.media_workers(client) if worker.worker != avoid]
    if not workers:
        raise NoAgentFree("no media process is there")
    if workers[0].calls >= workers[0].slots:
        raise NoAgentFree(f"media is full: {sum(worker.calls for worker in workers)} calls")
    return workers[0]


def _search(request: SlotRequest, *, lost: Mapping[RegionCode, str], terms: _Terms) -> Admitted:
    """Slots of pools meant for calls in any region.

    Where no region has them, smaller models, then hosted providers.
    """
    try:
        snapshot = snapshots.current()
    except SnapshotMissing as error:
        raise NoAgentFree(str(error)) from error
    away = dict(lost)
    why = ""
    for reach in _reaches(snapshot):
        full: dict[RegionCode, str] = {}
        try:
            while choice := _best(request, snapshot, full | away, reach=reach):
                try:
                    return _take(request, snapshot, choice, reach=reach, terms=terms)
                except NoAgentFree as error:
                    full[choice.region] = str(error)
                except RegionAway as error:
                    away[choice.region] = str(error)
        except NoWarmRegion as error:
            reasons = [f"{region}: {reason}" for region, reason in (full | away).items()]
            why = "; ".join(reasons) or str(error)
    raise NoAgentFree(why)


def _best(
    request: SlotRequest, snapshot: Snapshot, avoid: Mapping[RegionCode, str], *, reach: int
) -> RegionChoice | None:
    """The best region that answers by pools down to a purpose, or None.

    `NoWarmRegion` when none answers at all. By the slots that were lately seen held, first. Where
    those leave no region, a slot may have come free meanwhile: only the lease knows, so that nobody
    is turned away on the strength of what was seen.
    """
    caller, residency, roles = _near(request), request.number.residency, request.roles
    with suppress(NoWarmRegion):
        choice = choose_region(
            snapshot, caller, residency, roles=roles, held=snapshot.held_by_pool, avoid=avoid
        )
        if RANK[choice.scores[0].purpose] <= reach:
            return choice
    choice = choose_region(snapshot, caller, residency, roles=roles, avoid=avoid)
    return choice if RANK[choice.scores[0].purpose] <= reach else None


def _near(request: SlotRequest) -> str:
    """The number whose place a region shall be near to.

    Where the caller's says nothing, the one that was dialled: most calls come from its own country.
    """
    caller = request.call.caller
    return caller if prefix_of(caller) else request.number.near or request.number.e164


def _reaches(snapshot: Snapshot) -> tuple[int, ...]:
    """How far down the purposes a slot may be looked for, in steps, while pools are warm."""
    warm = {RANK[pool.purpose] for pool in snapshot.pools if pool.name in snapshot.slots_by_pool}
    return tuple(sorted(warm | {0}))


def _take(
    request: SlotRequest,
    snapshot: Snapshot,
    choice: RegionChoice,
    *,
    reach: int,
    terms: _Terms,
) -> Admitted:
    region = choice.region
    with regional_redis.asking(region) as client:
        worker = media_worker(client)
        held = slots.lease(
            request,
            client,
            lease_slot=terms.lease_slot,
            snapshot=snapshot,
            region=region,
            reach=reach,
        )
        age_s = request.agent.limits.max_seconds + _TOKEN_SPARE_S
        plan = plans.make_plan(
            request,
            snapshot=snapshot,
            choice=choice,
            leases=held,
            token=_token(request, region=region, max_age_s=age_s),
            until=time.time() + age_s,
            ticket_until=time.time() + TICKET_S,
            web_url=settings.INTERNAL_URL,
        )
        routing = plans.routing_reasons(choice)
        try:
            terms.leave_plan(client, plan)
        except redis.RedisError:
            slots.release(region, held, request.call_id)
            raise
    return Admitted(plan, worker, routing)


def _token(request: SlotRequest, *, region: RegionCode, max_age_s: int) -> str:
    """The call's own credential."""
    agent = request.agent
    return call_tokens.issue(
        request.call_id,
        request.number.tenant_id,
        [tool.name for tool in agent.tools],
        agent.knowledge,
        max_age_s,
        region=region,
        caller_number=_vouched_number(request.call),
    )


def _vouched_number(call: IncomingCall) -> str:
    """The caller's number, but for one that its carrier found to be forged: bookings open to it."""
    return "" if call.verstat.startswith("TN-Validation-Failed") else call.caller


def _leave_plan(client: "redis.Redis", plan: CallPlan) -> None:
    media_link.put_plan(client, plan)
    prompt_prefixes.note_call(client, plan.agent.agent_version_id)
