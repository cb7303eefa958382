"""The carrier's stream or dial is over and it asks what comes next."""

from typing import Literal

import redis
import structlog

from telephony import media_link
from telephony.calls import queries
from telephony.carriers.twilio import twiml
from telephony.control import (
    admission,
    region_failover,
    regional_redis,
    status_reports,
    webhook_spool,
)
from telephony.control.answering import CANNOT_NOW, NOBODY_FREE, ONE_MOMENT, STAY_ON_THE_LINE
from telephony.control.database_breaker import POSTGRES_AWAY, postgres
from telephony.errors import NoAgentFree
from telephony.types import AnsweredCall, CarrierReport, VerbCallback
from tenants.context import as_tenant
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
Next = Literal["hang_up", "person", "stream"]


def decide(end: EndReason | None, *, attempt: int, has_human: bool) -> Next:
    """What follows the end of a stream.
    `end` is None when the media process died without a word.
    """
    if end in {"transferred", "no_capacity"}:
        return "person"
    if end == "media_failed":
        # Once is an accident. Without a person to go to, the caller was told that there is trouble.
        return "stream" if has_human and attempt == 1 else "person"
    if end is not None and end != "stream_lost":
        return "hang_up"
    return "stream" if attempt < MAX_STREAMS else "person"


def after_stream(ended: VerbCallback) -> str:
    """The TwiML after <Connect>. The same question again gets the same answer and disturbs no
    living stream.
    """
    call = _find(ended)
    if call is None:
        return twiml.refuse(CANNOT_NOW)
    client = regional_redis.client(RegionCode(call.region))
    if client is None:
        return _person(ended, call, "no_capacity")
    key = f"call:{call.call_id}:resumed:{ended.attempt}.{ended.holds}"
    try:
        known = client.get(media_link.moved_key(call.call_id, ended.attempt)) or client.get(key)
        if isinstance(known, bytes):
            return known.decode()
        answer = _next(client, ended, call)
        client.set(key, answer, ex=_ANSWER_KEPT_S)
    except redis.RedisError as away:
        regional_redis.notice(RegionCode(call.region))
        log.warning("resume without redis", call=call.call_id, why=type(away).__name__)
        return _without_redis(ended, call, f"its Redis is away ({type(away).__name__})")
    return answer


def after_dial(ended: VerbCallback) -> str:
    """The TwiML after <Dial> or <Record>: the end, or a message when nobody picked up."""
    if ended.dial_status in {"busy", "no-answer", "failed", "canceled"}:
        return twiml.take_message(NOBODY_FREE)
    if ended.dial_status in {"completed", "answered"}:
        said = CarrierReport(
            carrier_call_id=ended.carrier_call_id,
            dialled=ended.dialled,
            key=f"dialled:{ended.carrier_call_id}",
            at=clock.now(),
            human_answered=True,
        )
        _tell(said)
    return twiml.hang_up()


def _next(client: "redis.Redis", ended: VerbCallback, call: AnsweredCall) -> str:
    end = media_link.stream_end(client, CallId(call.call_id))
    following = decide(end, attempt=ended.attempt, has_human=bool(call.human_number))
    log.info("stream over", call=call.call_id, end=end, attempt=ended.attempt, next=following)
    if following == "hang_up":
        return twiml.hang_up()
    if following == "person":
        return _person(ended, call, end or "media_failed")
    plan = media_link.stored_plan(client, CallId(call.call_id))
    if plan is None:
        return region_failover.take_up(ended, call, left=client, lost={}) or _person(
            ended, call, "media_failed"
        )
    return _stream_again(client, ended, call, plan)


def _stream_again(
    client: "redis.Redis", ended: VerbCallback, call: AnsweredCall, plan: CallPlan
) -> str:
    holder = media_link.stream_holder(client, plan.call_id)
    try:
        # The process that held the stream died; for as long as a heartbeat lasts, it is still among
        # the living.
        worker = admission.media_worker(plan.region, avoid=holder.split()[0] if holder else "")
    except NoAgentFree as none_there:
        log.warning(
            "no media to resume on", call=plan.call_id, why=str(none_there), holds=ended.holds
        )
        return _without_media(client, ended, call, str(none_there))
    media_link.free_stream(client, plan.call_id)
    admission.lease_again(plan)
    stream = twiml.StreamTo(worker.ws_url, plan.call_id, plan.token)
    return twiml.connect_stream(stream, attempt=ended.attempt + 1)


def _without_media(client: "redis.Redis", ended: VerbCallback, call: AnsweredCall, why: str) -> str:
    """Until the supervisor has started the process again (2 s, measured) and a dead one's heartbeat
    is over.

    After one such wait the region counts as lost, and the call goes to the next one.
    """
    if ended.holds:
        answer = region_failover.take_up(
            ended, call, left=client, lost={RegionCode(call.region): why}
        )
        if answer is not None:
            return answer
    if ended.holds >= MAX_HOLDS:
        return _person(ended, call, "media_failed")
    return twiml.hold_the_line(
        attempt=ended.attempt,
        holds=ended.holds + 1,
        seconds=media_link.HEARTBEAT_SECONDS,
        say="" if ended.holds else STAY_ON_THE_LINE,
    )


def _without_redis(ended: VerbCallback, call: AnsweredCall, why: str) -> str:
    """A living media process told another region how the stream ended;
    without a word it is taken for lost.
    """
    end = webhook_spool.known_end(call.call_id, region=call.region)
    following = decide(end, attempt=ended.attempt, has_human=bool(call.human_number))
    if following == "hang_up":
        return twiml.hang_up()
    if following == "person":
        return _person(ended, call, end or "media_failed")
    answer = region_failover.take_up(ended, call, left=None, lost={RegionCode(call.region): why})
    return answer or _person(ended, call, "media_failed")


def _person(ended: VerbCallback, call: AnsweredCall, why: EndReason) -> str:
    said = CarrierReport(
        carrier_call_id=ended.carrier_call_id,
        dialled=ended.dialled,
        key=f"handed:{ended.carrier_call_id}",
        at=clock.now(),
        handed="transferred" if why == "transferred" else "media_failed",
    )
    _tell(said)
    if not call.human_number:
        return twiml.take_message(NOBODY_FREE)
    return twiml.dial_human(call.human_number, say="" if why == "transferred" else ONE_MOMENT)


def _tell(said: CarrierReport) -> None:
    """The caller waits for the answer: what cannot be written down now must not keep them."""
    try:
        status_reports.report(said)
    except Unavailable as nowhere:
        log.error("report not kept", carrier_call=said.carrier_call_id, why=str(nowhere))


def _find(ended: VerbCallback) -> AnsweredCall | None:
    """The call where it is now: enough to go on without Postgres."""
    try:
        postgres.check()
        tenant_id = queries.tenant_of_number(ended.dialled) if ended.dialled else None
        if tenant_id is not None:
            with as_tenant(tenant_id):
                call = queries.call_by_carrier(ended.carrier_call_id)
            if call is not None:
                return queries.opened_again(call)
    except POSTGRES_AWAY as away:
        postgres.notice(away)
        log.warning(
            "resume without postgres", carrier_call=ended.carrier_call_id, why=type(away).__name__
        )
    opened = webhook_spool.recall(ended.carrier_call_id)
    if opened is None or opened.to_number != ended.dialled:
        return None
    return opened
