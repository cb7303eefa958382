"""The carrier's stream or dial is over and it asks what comes next."""

from dataclasses import dataclass
from typing import Literal

import redis
import structlog

from telephony import admission, handoff, inbox, queries, regional, reports
from telephony.absence import POSTGRES_AWAY, postgres
from telephony.answering import CANNOT_NOW, NOBODY_FREE, ONE_MOMENT, STAY_ON_THE_LINE
from telephony.errors import NoAgentFree
from telephony.twilio import twiml
from telephony.types import CarrierReport, VerbEnded
from tenants.context import as_tenant
from warmline.kernel import clock
from warmline.kernel.call import CallPlan, EndReason, decode_plan
from warmline.kernel.errors import Unavailable
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()

# The first stream and two more; then a person takes over.
MAX_STREAMS = 3
_ANSWER_KEPT_S = 4 * 3600
Next = Literal["hang_up", "person", "stream"]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a known call is: enough to go on without Postgres."""

    call_id: CallId
    region: RegionCode
    human_number: str


def decide(end: EndReason | None, *, attempt: int, has_human: bool) -> Next:
    """What follows the end of a stream. `end` is None when the media process died without a word."""
    if end in {"transferred", "no_capacity"}:
        return "person"
    if end == "media_failed":
        # Once is an accident. Without a person to go to, the caller was told that there is trouble.
        return "stream" if has_human and attempt == 1 else "person"
    if end is not None and end != "stream_lost":
        return "hang_up"
    return "stream" if attempt < MAX_STREAMS else "person"


def after_stream(ended: VerbEnded) -> str:
    """The TwiML after <Connect>. The same question again gets the same answer and disturbs no living stream."""
    place = _find(ended)
    if place is None:
        return twiml.refuse(CANNOT_NOW)
    try:
        client = regional.client(place.region)
        if client is None:
            return _person(ended, place, "no_capacity")
        key = f"call:{place.call_id}:resumed:{ended.attempt}"
        known = client.get(key)
        if isinstance(known, bytes):
            return known.decode()
        answer = _next(client, ended, place)
        client.set(key, answer, ex=_ANSWER_KEPT_S)
    except redis.RedisError as away:
        log.warning("resume without redis", call=place.call_id, why=type(away).__name__)
        return _person(ended, place, "media_failed")
    return answer


def after_dial(ended: VerbEnded) -> str:
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


def _next(client: "redis.Redis", ended: VerbEnded, place: _Place) -> str:
    end = handoff.stream_end(client, place.call_id)
    following = decide(end, attempt=ended.attempt, has_human=bool(place.human_number))
    log.info("stream over", call=place.call_id, end=end, attempt=ended.attempt, next=following)
    if following == "hang_up":
        return twiml.hang_up()
    if following == "person":
        return _person(ended, place, end or "media_failed")
    raw = client.get(handoff.plan_key(place.call_id))
    if not isinstance(raw, bytes):
        return _person(ended, place, "media_failed")
    return _stream_again(client, ended, place, decode_plan(raw))


def _stream_again(client: "redis.Redis", ended: VerbEnded, place: _Place, plan: CallPlan) -> str:
    holder = handoff.stream_holder(client, place.call_id)
    try:
        # The process that held the stream died; for as long as a heartbeat lasts, it is still among the living.
        worker = admission.media_worker(place.region, avoid=holder.split()[0] if holder else "")
    except NoAgentFree as none_there:
        log.warning("no media to resume on", call=place.call_id, why=str(none_there))
        return _wait_for_media(ended)
    handoff.free_stream(client, place.call_id)
    admission.lease_again(plan)
    stream = twiml.StreamTo(worker.ws_url, plan.call_id, plan.token)
    return twiml.connect_stream(stream, attempt=ended.attempt + 1)


def _wait_for_media(ended: VerbEnded) -> str:
    """Until the supervisor has started the process again (2 s, measured) and a dead one's heartbeat is over."""
    say = STAY_ON_THE_LINE if ended.attempt == 1 else ""
    return twiml.hold_the_line(attempt=ended.attempt + 1, seconds=handoff.HEARTBEAT_SECONDS, say=say)


def _person(ended: VerbEnded, place: _Place, why: EndReason) -> str:
    said = CarrierReport(
        carrier_call_id=ended.carrier_call_id,
        dialled=ended.dialled,
        key=f"handed:{ended.carrier_call_id}",
        at=clock.now(),
        handed="transferred" if why == "transferred" else "media_failed",
    )
    _tell(said)
    if not place.human_number:
        return twiml.take_message(NOBODY_FREE)
    return twiml.dial_human(place.human_number, say="" if why == "transferred" else ONE_MOMENT)


def _tell(said: CarrierReport) -> None:
    """The caller waits for the answer: what cannot be written down now must not keep them."""
    try:
        reports.report(said)
    except Unavailable as nowhere:
        log.error("report not kept", carrier_call=said.carrier_call_id, why=str(nowhere))


def _find(ended: VerbEnded) -> _Place | None:
    try:
        postgres.check()
        tenant_id = queries.tenant_of_number(ended.dialled) if ended.dialled else None
        if tenant_id is not None:
            with as_tenant(tenant_id):
                call = queries.call_by_carrier(ended.carrier_call_id)
            if call is not None:
                return _Place(CallId(str(call.pk)), RegionCode(call.region), call.human_number)
    except POSTGRES_AWAY as away:
        postgres.notice(away)
        log.warning("resume without postgres", carrier_call=ended.carrier_call_id, why=type(away).__name__)
    opened = inbox.recall(ended.carrier_call_id)
    if opened is None or opened.to_number != ended.dialled:
        return None
    return _Place(CallId(opened.call_id), RegionCode(opened.region), opened.human_number)
