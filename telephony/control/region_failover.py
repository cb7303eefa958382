"""A call whose region is lost goes on in the next one:
under its own id, with what was said so far, told once.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec
import redis
import structlog

from inference.fleet import prompt_prefixes
from telephony import media_link
from telephony.calls import actions, conversation_replay, queries
from telephony.carriers.twilio import twiml
from telephony.control import admission, number_table, regional_redis, webhook_spool
from telephony.control.admission import Admitted
from telephony.control.database_breaker import POSTGRES_AWAY, postgres
from telephony.control.webhook_spool import Elsewhere
from telephony.errors import NoAgentFree
from telephony.types import AnsweredCall, IncomingCall, NumberConfig, VerbCallback
from tenants.context import as_tenant
from warmline.kernel import clock
from warmline.kernel.call import CallPlan
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()

_NOTHING: Final[tuple[None, None]] = (None, None)


def take_up(
    ended: VerbCallback,
    opened: AnsweredCall,
    *,
    left: "redis.Redis | None",
    lost: Mapping[RegionCode, str],
) -> str | None:
    """The TwiML that brings a call from a region that is lost to the next one of its residency;
    None when none can.

    `left` is the old region's Redis while that answers. The same question again, also at the same
    time, gets the same answer: a call is in one region. What the old region held of it is given
    back, or expires.
    """
    if opened.audience == "screen":
        return None
    question = f"{ended.carrier_call_id}:{ended.attempt}"
    before = webhook_spool.moved_before(question)
    if before is not None:
        return before.answer
    plan, spoken = _left_behind(left, opened)
    try:
        admitted = _admit(ended, opened, plan, lost=lost)
    except NoAgentFree as nobody:
        log.warning(
            "no region takes the call up", call=opened.call_id, lost=dict(lost), why=str(nobody)
        )
        return None
    stream = twiml.StreamTo(admitted.stream_url, admitted.plan.call_id, admitted.plan.token)
    mine = Elsewhere(admitted.plan.region, twiml.connect_stream(stream, attempt=ended.attempt + 1))
    first = webhook_spool.remember_moved(question, mine)
    if first != mine:
        if first.region != mine.region:
            admission.release(mine.region, admitted.plan.leases, opened.call_id)
        return first.answer
    log.warning("call taken up elsewhere", call=opened.call_id, lost=dict(lost), region=mine.region)
    _hand_over(ended, opened, admitted.plan, answer=mine.answer, spoken=spoken)
    _settle(opened, admitted, lost=lost)
    return mine.answer


def _left_behind(
    left: "redis.Redis | None", opened: AnsweredCall
) -> tuple[CallPlan | None, bytes | None]:
    """The plan and the conversation in the old region;
    a process that still holds the stream there has lost it.
    """
    if left is None:
        return _NOTHING
    call_id = CallId(opened.call_id)
    try:
        media_link.free_stream(left, call_id)
        return media_link.stored_plan(left, call_id), media_link.stored_conversation(left, call_id)
    except (redis.RedisError, msgspec.MsgspecError) as away:
        log.warning("nothing left of the call in its region", call=call_id, why=type(away).__name__)
        return _NOTHING


def _admit(
    ended: VerbCallback,
    opened: AnsweredCall,
    plan: CallPlan | None,
    *,
    lost: Mapping[RegionCode, str],
) -> Admitted:
    route = _route(opened)
    agent = plan.agent if plan is not None else route.agent
    if agent is None:
        raise NoAgentFree("its agent has no live version")
    ring = IncomingCall(
        opened.carrier_call_id, opened.from_number, ended.dialled, opened.verstat, clock.now()
    )
    return admission.admit_again(route, agent, ring, call_id=CallId(opened.call_id), lost=lost)


def _route(opened: AnsweredCall) -> NumberConfig:
    """What the number leads to: where its calls may go.
    For this call the rest is as it was when it was answered.
    """
    route = number_table.lookup(opened.to_number) if opened.to_number else None
    if route is None or route.tenant_id != opened.tenant_id:
        raise NoAgentFree("no region's table knows its number")
    return msgspec.structs.replace(route, mode="live", human_number=opened.human_number)


def _retold(opened: AnsweredCall) -> bytes | None:
    """What was said, from the rows."""
    try:
        postgres.check()
        with as_tenant(opened.tenant_id):
            return conversation_replay.conversation(queries.stored_events(UUID(opened.call_id)))
    except POSTGRES_AWAY as away:
        postgres.notice(away)
        log.warning("taken up without what was said", call=opened.call_id, why=type(away).__name__)
        return None


def _hand_over(
    ended: VerbCallback, opened: AnsweredCall, plan: CallPlan, *, answer: str, spoken: bytes | None
) -> None:
    client = regional_redis.client(plan.region)
    assert client is not None, "slots were leased there"
    said = spoken or _retold(opened)
    try:
        media_link.hand_over(client, plan, streams=ended.attempt, spoken=said, answer=answer)
        prompt_prefixes.note_call(client, plan.agent.agent_version_id)
    except redis.RedisError as away:
        # The stream is refused there, and the carrier asks once more.
        log.error(
            "call not handed over", call=plan.call_id, region=plan.region, why=type(away).__name__
        )


def _settle(opened: AnsweredCall, admitted: Admitted, *, lost: Mapping[RegionCode, str]) -> None:
    """Slots back, memory and row follow.
    Whatever fails here costs a column that the recorder mends, not the call.
    """
    plan = admitted.plan
    if opened.region != plan.region and not regional_redis.rests(RegionCode(opened.region)):
        admission.release(opened.region, opened.leases, opened.call_id)
    webhook_spool.note_region(opened.carrier_call_id, region=plan.region, leases=plan.leases)
    why = "; ".join(f"{region} was lost: {because}" for region, because in lost.items())
    routing = {**admitted.routing, "because": f"{why}; {plan.routing_because}"}
    try:
        postgres.check()
        with as_tenant(opened.tenant_id):
            actions.move_call(
                UUID(opened.call_id), region=plan.region, leases=plan.leases, routing=routing
            )
    except NotFound:
        log.info("call moved before its row was written", call=opened.call_id)
    except POSTGRES_AWAY as away:
        postgres.notice(away)
        log.warning("call moved without postgres", call=opened.call_id, why=type(away).__name__)
