"""A call of a lost region fails over to the next one, under its id, with what was said."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
import redis
import structlog

from inference.fleet import prompt_prefixes
from telephony import media_link
from telephony.calls import actions, conversation_replay
from telephony.calls.queries import stored_events
from telephony.carriers import registry
from telephony.control import admission, number_table, regional_redis, slots
from telephony.control.admission import Admitted
from telephony.control.answering import answer_memory
from telephony.control.answering.answer_memory import FailoverAnswer
from telephony.control.database_breaker import database
from telephony.control.decisions import Connect, Remembered
from telephony.errors import NoAgentFree, RegionAway
from telephony.types import AnsweredCall, IncomingCall, NumberConfig, StreamCallback
from tenants.context import as_tenant
from warmline.kernel import clock
from warmline.kernel.call import CallPlan
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()


def fail_over(
    ended: StreamCallback,
    call: AnsweredCall,
    *,
    left: "redis.Redis | None",
    lost: Mapping[RegionCode, str],
) -> Remembered | None:
    """What brings a call from a region that is lost to the next one of its residency.

    None when none can take it. `left` is the old region's Redis while that answers. The same
    question again, also at the same time, gets the same answer: a call is in one region. What the
    old region held of it is given back, or expires.
    """
    if call.audience == "screen":
        return None
    name = answer_memory.call_name(ended.carrier_call_id, carrier=ended.carrier)
    question = f"{name}:{ended.attempt}"
    earlier = answer_memory.recall_failover(question)
    if earlier is not None:
        return Remembered(earlier.answer)
    plan, spoken = _left_behind(left, call)
    try:
        admitted = _admit(ended, call, plan, lost=lost)
    except NoAgentFree as error:
        log.warning("no region takes the call", call=call.call_id, lost=dict(lost), why=str(error))
        return None
    connect = Connect(admitted.stream, attempt=ended.attempt + 1)
    ours = FailoverAnswer(admitted.plan.region, registry.render(connect, carrier=ended.carrier))
    first = answer_memory.remember_failover(question, ours)
    if first != ours:
        if first.region != ours.region:
            slots.release(ours.region, admitted.plan.leases, call.call_id)
        return Remembered(first.answer)
    log.warning("call failed over", call=call.call_id, lost=dict(lost), region=ours.region)
    _leave_call(ended, call, admitted.plan, answer=ours.answer, spoken=spoken)
    _follow(call, admitted, lost=lost)
    return Remembered(ours.answer)


def _left_behind(
    left: "redis.Redis | None", call: AnsweredCall
) -> tuple[CallPlan | None, bytes | None]:
    """The plan and the conversation in the old region.

    A process that still holds the stream there has lost it.
    """
    if left is None:
        return None, None
    call_id = CallId(call.call_id)
    try:
        media_link.free_stream(left, call_id)
        return media_link.stored_plan(left, call_id), media_link.stored_conversation(left, call_id)
    except (redis.RedisError, msgspec.MsgspecError) as error:
        log.warning("nothing left of the call", call=call_id, why=type(error).__name__)
        return None, None


def _admit(
    ended: StreamCallback,
    call: AnsweredCall,
    plan: CallPlan | None,
    *,
    lost: Mapping[RegionCode, str],
) -> Admitted:
    number = _number(call)
    agent = plan.agent if plan is not None else number.agent
    if agent is None:
        raise NoAgentFree("its agent has no live version")
    again = IncomingCall(
        carrier=call.carrier,
        carrier_call_id=call.carrier_call_id,
        caller=call.from_number,
        dialled=ended.dialled,
        verstat=call.verstat,
        at=clock.now(),
    )
    return admission.admit_again(number, agent, again, call_id=CallId(call.call_id), lost=lost)


def _number(call: AnsweredCall) -> NumberConfig:
    """What the number leads to: where its calls may go.

    For this call the rest is as it was when it was answered.
    """
    number = number_table.lookup(call.to_number) if call.to_number else None
    if number is None or number.tenant_id != call.tenant_id:
        raise NoAgentFree("no region's table knows its number")
    return msgspec.structs.replace(number, mode="live", human_number=call.human_number)


def _replayed(call: AnsweredCall) -> bytes | None:
    """What was said, from the rows; None without Postgres."""

    def replay() -> bytes | None:
        with as_tenant(call.tenant_id):
            return conversation_replay.conversation(stored_events(UUID(call.call_id)))

    return database.ask(
        replay,
        otherwise=lambda: None,
        event="failed over without what was said",
        carrier_call=call.carrier_call_id,
    )


def _leave_call(
    ended: StreamCallback,
    call: AnsweredCall,
    plan: CallPlan,
    *,
    answer: str,
    spoken: bytes | None,
) -> None:
    spoken = spoken or _replayed(call)
    try:
        with regional_redis.asking(plan.region) as client:
            media_link.put_moved_call(
                client, plan, streams=ended.attempt, spoken=spoken, answer=answer
            )
            prompt_prefixes.note_call(client, plan.agent.agent_version_id)
    except RegionAway as error:
        # The stream is refused there, and the carrier asks once more.
        log.error("call not left there", call=plan.call_id, region=plan.region, why=str(error))


def _follow(call: AnsweredCall, admitted: Admitted, *, lost: Mapping[RegionCode, str]) -> None:
    """Give the old slots back, and have memory and row say where the call is.

    Whatever fails here costs a column that the recorder mends, not the call.
    """
    plan = admitted.plan
    if call.region != plan.region and not regional_redis.backs_off(RegionCode(call.region)):
        slots.release(call.region, call.leases, call.call_id)
    answer_memory.note_failover(call, region=plan.region, leases=plan.leases)
    why = "; ".join(f"{region} was lost: {because}" for region, because in lost.items())
    routing = {**admitted.routing, "because": f"{why}; {plan.routing_because}"}
    database.ask(
        lambda: _move_row(call, plan, routing),
        otherwise=lambda: None,
        event="call moved without postgres",
        carrier_call=call.carrier_call_id,
    )


def _move_row(call: AnsweredCall, plan: CallPlan, routing: Mapping[str, object]) -> None:
    try:
        with as_tenant(call.tenant_id):
            actions.move_call(
                UUID(call.call_id), region=plan.region, leases=plan.leases, routing=routing
            )
    except NotFound:
        log.info("call moved before its row was written", call=call.call_id)
