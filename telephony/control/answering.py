"""A call rings: who is dialled, who can take it, what the carrier is told.
It always is told something.
"""

import msgspec
import structlog

from telephony.calls import actions, queries
from telephony.carriers.twilio import twiml
from telephony.control import admission, number_table, webhook_spool
from telephony.control.database_breaker import POSTGRES_AWAY, postgres
from telephony.control.plans import audience_of
from telephony.errors import NoAgentFree
from telephony.types import AnsweredCall, IncomingCall, NumberConfig
from tenants.actions import record_security_event
from tenants.context import as_tenant
from warmline.kernel.ids import new_call_id

log = structlog.get_logger()

NOT_IN_SERVICE = (
    "Sorry, the number you have dialed is not in service. Please check it and try again. Goodbye."
)
CANNOT_NOW = (
    "Sorry, we cannot take your call right now. Please try again in a few minutes. Goodbye."
)
ONE_MOMENT = "One moment please, we are connecting you to a person."
STAY_ON_THE_LINE = "One moment please."
NOBODY_FREE = "Sorry, nobody is free to take your call right now."


def answer(ring: IncomingCall) -> str:
    """The TwiML for a call that rings. The same call again gets the same answer, with or without
    Postgres.

    What the number leads to is read from the regions' table, and from Postgres only where that
    knows nothing.
    """
    try:
        postgres.check()
        route = _route(ring)
        if route is None:
            record_security_event(action="number.unknown", source=ring.carrier_call_id)
            return twiml.refuse(NOT_IN_SERVICE)
        return _answer_and_write(route, ring)
    except POSTGRES_AWAY as away:
        postgres.notice(away)
        log.warning(
            "answering without postgres", carrier_call=ring.carrier_call_id, why=type(away).__name__
        )
        return _answer_and_leave(ring)


def _route(ring: IncomingCall) -> NumberConfig | None:
    if not ring.dialled:
        return None
    return number_table.lookup(ring.dialled) or _route_from_postgres(ring.dialled)


def _route_from_postgres(e164: str) -> NumberConfig | None:
    tenant_id = queries.tenant_of_number(e164)
    if tenant_id is None:
        return None
    with as_tenant(tenant_id):
        number = queries.number(e164)
        return number_table.put(number) if number else None


def _answer_and_write(route: NumberConfig, ring: IncomingCall) -> str:
    with as_tenant(route.tenant_id):
        standing = queries.number_standing(route.e164)
        if not standing.is_ours:
            number_table.forget(route.e164)
            return twiml.refuse(NOT_IN_SERVICE)
        # Remembered before the commit, so that one whose outcome is lost is found again by its
        # carrier id.
        opened = _remember(_take(route, ring, open_calls=standing.open_calls))
        if actions.open_call(opened):
            return opened.answer
        known = queries.webhook_answer(actions.voice_key(opened.carrier_call_id))
    if known is not None and known != opened.answer:
        admission.withdraw(opened)
    return known or twiml.refuse(CANNOT_NOW)


def _answer_and_leave(ring: IncomingCall) -> str:
    """Without Postgres: the recorder writes the call's row when it is back."""
    opened = webhook_spool.recall(ring.carrier_call_id)
    if opened is None:
        route = number_table.lookup(ring.dialled) if ring.dialled else None
        if route is None:
            return twiml.refuse(CANNOT_NOW)
        opened = _remember(_take(route, ring, open_calls=None))
    webhook_spool.put_opened(opened)
    return opened.answer


def _remember(opened: AnsweredCall) -> AnsweredCall:
    """The call as it was answered first; what a later copy took is given back."""
    first = webhook_spool.remember(opened)
    if first.call_id != opened.call_id:
        admission.withdraw(opened)
    return first


def _take(route: NumberConfig, ring: IncomingCall, *, open_calls: int | None) -> AnsweredCall:
    """An agent takes the call, or a person does, or a message is taken: with the reason kept."""
    call_id = new_call_id()
    opened = AnsweredCall(
        call_id=call_id,
        tenant_id=route.tenant_id,
        carrier_call_id=ring.carrier_call_id,
        from_number=ring.caller,
        to_number=route.e164,
        verstat=ring.verstat,
        region="",
        vertical=route.vertical,
        agent_version_id=route.agent.agent_version_id if route.agent else "",
        audience=audience_of(route),
        human_number=route.human_number,
        leases=(),
        routing={},
        handed_because="",
        answer="",
        at=ring.at,
    )
    try:
        admitted = admission.admit(route, ring, call_id=call_id, open_calls=open_calls)
    except NoAgentFree as full:
        log.warning("no agent takes the call", call=call_id, tenant=route.tenant_id, why=str(full))
        return msgspec.structs.replace(
            opened, handed_because=str(full), answer=without_agent(route)
        )
    return msgspec.structs.replace(
        opened,
        region=admitted.plan.region,
        leases=admitted.plan.leases,
        routing=admitted.routing,
        answer=_with_agent(route, admitted),
    )


def _with_agent(route: NumberConfig, admitted: admission.Admitted) -> str:
    stream = twiml.StreamTo(admitted.stream_url, admitted.plan.call_id, admitted.plan.token)
    if route.mode == "shadow":
        return twiml.fork_to_screen(stream, human_number=route.human_number)
    return twiml.connect_stream(stream, attempt=1)


def without_agent(route: NumberConfig) -> str:
    """A person, or a message: never dead air. In shadow mode a person was to answer anyway."""
    if not route.human_number:
        return twiml.take_message(NOBODY_FREE)
    return twiml.dial_human(route.human_number, say="" if route.mode == "shadow" else ONE_MOMENT)
