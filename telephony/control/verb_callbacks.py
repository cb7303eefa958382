"""The carrier's stream or dial is over and it asks what comes next."""

from typing import Literal

import redis
import structlog

from telephony import media_link
from telephony.carriers import registry
from telephony.control import (
    admission,
    number_table,
    queries,
    region_failover,
    regional_redis,
    slots,
    status_reports,
)
from telephony.control.answering import answer_memory
from telephony.control.database_breaker import database
from telephony.control.decisions import (
    CANNOT_NOW,
    NOBODY_FREE,
    ONE_MOMENT,
    STAY_ON_THE_LINE,
    Connect,
    Decision,
    Dial,
    HangUp,
    Hold,
    Refuse,
    TakeMessage,
)
from telephony.control.person import person_or_message, without_agent
from telephony.errors import NoAgentFree, RegionAway
from telephony.types import (
    AnsweredCall,
    CarrierReport,
    DialCallback,
    HandOver,
    StreamCallback,
)
from warmline.kernel import clock
from warmline.kernel.call import CallPlan, EndReason
from warmline.kernel.errors import Unavailable
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()

# The first stream and two more; then a person takes over.
MAX_STREAMS = 3
# How often the caller waits for a media process after one stream.
MAX_HOLDS = 2
_ANSWER_KEPT_S = 4 * 3600
NextStep = Literal["hang_up", "person", "stream"]


def decide(end: EndReason | None, *, attempt: int, has_human: bool) -> NextStep:
    """What follows a stream. `end` is None when the media process died without a word."""
    if end in {"transferred", "no_capacity"}:
        return "person"
    if end == "media_failed":
        # Once is an accident. Without a person to go to, the caller was told that there is trouble.
        return "stream" if has_human and attempt == 1 else "person"
    if end is not None and end != "stream_lost":
        return "hang_up"
    return "stream" if attempt < MAX_STREAMS else "person"


def after_stream(ended: StreamCallback) -> str:
    """The document after a stream.

    The same question again gets the same one and disturbs no living stream.
    """
    call = _call_of(ended)
    if call is None:
        return registry.render(Refuse(CANNOT_NOW), carrier=ended.carrier)
    region = RegionCode(call.region)
    if regional_redis.client(region) is None:
        return registry.render(_person(ended, call, "no_capacity"), carrier=ended.carrier)
    try:
        with regional_redis.asking(region) as client:
            return _answer_once(client, ended, call)
    except RegionAway as error:
        log.warning("resume without redis", call=call.call_id, why=str(error))
        return registry.render(_without_redis(ended, call, str(error)), carrier=ended.carrier)


def after_dial(ended: DialCallback) -> str:
    """The document after a dial or a message: the end, or a message when nobody picked up."""
    if ended.outcome == "nobody":
        return registry.render(TakeMessage(NOBODY_FREE), carrier=ended.carrier)
    has_talked = ended.outcome == "talked"
    report = CarrierReport(
        carrier=ended.carrier,
        carrier_call_id=ended.carrier_call_id,
        dialled=ended.dialled,
        key=f"{'dialled' if has_talked else 'message'}:{ended.carrier_call_id}",
        at=clock.now(),
        human_answered=has_talked,
        message_left=not has_talked,
    )
    _report(report)
    return registry.render(HangUp(), carrier=ended.carrier)


def _answer_once(client: "redis.Redis", ended: StreamCallback, call: AnsweredCall) -> str:
    key = f"call:{call.call_id}:resumed:{ended.attempt}.{ended.holds}"
    earlier = client.get(media_link.moved_key(call.call_id, ended.attempt)) or client.get(key)
    if isinstance(earlier, bytes):
        return earlier.decode()
    document = registry.render(_next(client, ended, call), carrier=ended.carrier)
    client.set(key, document, ex=_ANSWER_KEPT_S)
    return document


def _next(client: "redis.Redis", ended: StreamCallback, call: AnsweredCall) -> Decision:
    end = media_link.stream_end(client, CallId(call.call_id))
    following = decide(end, attempt=ended.attempt, has_human=bool(call.human_number))
    log.info("stream over", call=call.call_id, end=end, attempt=ended.attempt, next=following)
    if following == "hang_up":
        return HangUp()
    if following == "person":
        return _person(ended, call, end or "media_failed")
    plan = media_link.stored_plan(client, CallId(call.call_id))
    if plan is None:
        return region_failover.fail_over(ended, call, left=client, lost={}) or _person(
            ended, call, "media_failed"
        )
    return _stream_again(client, ended, call, plan)


def _stream_again(
    client: "redis.Redis", ended: StreamCallback, call: AnsweredCall, plan: CallPlan
) -> Decision:
    holder = media_link.stream_holder(client, plan.call_id)
    try:
        # The process that held the stream died; its heartbeat outlives it by some seconds.
        worker = admission.media_worker(client, avoid=holder.split()[0] if holder else "")
    except NoAgentFree as error:
        log.warning("no media to resume on", call=plan.call_id, why=str(error), holds=ended.holds)
        return _without_media(client, ended, call, str(error))
    media_link.free_stream(client, plan.call_id)
    slots.lease_again(client, plan)
    return Connect(admission.stream_to(worker, plan), attempt=ended.attempt + 1)


def _without_media(
    client: "redis.Redis", ended: StreamCallback, call: AnsweredCall, why: str
) -> Decision:
    """Until the supervisor has started the process again (2 s, measured) and a dead one's heartbeat
    is over.

    After one such wait the region counts as lost, and the call goes to the next one.
    """
    if ended.holds:
        lost = {RegionCode(call.region): why}
        moved = region_failover.fail_over(ended, call, left=client, lost=lost)
        if moved is not None:
            return moved
    if ended.holds >= MAX_HOLDS:
        return _person(ended, call, "media_failed")
    return Hold(
        media_link.HEARTBEAT_SECONDS,
        attempt=ended.attempt,
        holds=ended.holds + 1,
        say="" if ended.holds else STAY_ON_THE_LINE,
    )


def _without_redis(ended: StreamCallback, call: AnsweredCall, why: str) -> Decision:
    """A living media process told another region how the stream ended.

    Without a word it is taken for lost.
    """
    end = answer_memory.recall_end(call.call_id, region=call.region)
    following = decide(end, attempt=ended.attempt, has_human=bool(call.human_number))
    if following == "hang_up":
        return HangUp()
    if following == "stream":
        lost = {RegionCode(call.region): why}
        moved = region_failover.fail_over(ended, call, left=None, lost=lost)
        if moved is not None:
            return moved
    return _person(ended, call, end or "media_failed")


def _person(ended: StreamCallback, call: AnsweredCall, why: EndReason) -> Decision:
    decision = _after_agent(ended, call, why)
    if isinstance(decision, Refuse):
        return decision  # nobody takes the call over
    transferred = CarrierReport(
        carrier=ended.carrier,
        carrier_call_id=ended.carrier_call_id,
        dialled=ended.dialled,
        key=f"handed:{ended.carrier_call_id}",
        at=clock.now(),
        transferred="transferred" if why == "transferred" else "media_failed",
        hand_over=_hand_over(decision, why),
    )
    _report(transferred)
    return decision


def _hand_over(decision: Decision, why: EndReason) -> HandOver | None:
    """Who is dialled, and why; None where nobody is and a message is taken."""
    if not isinstance(decision, Dial):
        return None
    if why == "transferred":
        return HandOver(decision.human_number, why, "the agent put the caller through")
    return HandOver(decision.human_number, "agent_lost", f"the agent could not go on: {why}")


def _after_agent(ended: StreamCallback, call: AnsweredCall, why: EndReason) -> Decision:
    """A person for whoever was promised one; else what the number's agent does when it fails."""
    if why == "transferred":
        return person_or_message(call.human_number, dialled=ended.dialled, say="")
    number = number_table.lookup(ended.dialled)
    agent = None if number is None else number.agent
    return without_agent(agent, call.human_number, dialled=ended.dialled, say=ONE_MOMENT)


def _report(report: CarrierReport) -> None:
    """The caller waits for the answer: what cannot be written down now must not keep them."""
    try:
        status_reports.report(report)
    except Unavailable as error:
        log.error("report not kept", carrier_call=report.carrier_call_id, why=str(error))


def _call_of(ended: StreamCallback) -> AnsweredCall | None:
    """The call where it is now: enough to go on without Postgres."""
    call = database.ask(
        lambda: queries.answered_call(
            ended.dialled, carrier=ended.carrier, carrier_call_id=ended.carrier_call_id
        ),
        otherwise=lambda: None,
        event="resume without postgres",
        carrier_call=ended.carrier_call_id,
    )
    if call is not None:
        return call
    remembered = answer_memory.recall_call(ended.carrier_call_id, carrier=ended.carrier)
    is_dialled = remembered is not None and remembered.to_number == ended.dialled
    return remembered if is_dialled else None
