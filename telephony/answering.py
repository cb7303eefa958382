"""A call rings: who is dialled, who can take it, what the carrier is told. It always is told something."""

import msgspec
import structlog

from telephony import actions, admission, inbox, queries, routes
from telephony.absence import POSTGRES_AWAY, postgres
from telephony.errors import NoAgentFree
from telephony.plans import audience_of
from telephony.twilio import twiml
from telephony.types import Opened, Ring, Route
from tenants.actions import record_audit, record_security_event
from tenants.context import as_tenant
from warmline.kernel.ids import TenantId, new_call_id

log = structlog.get_logger()

NOT_IN_SERVICE = "Sorry, the number you have dialed is not in service. Please check it and try again. Goodbye."
CANNOT_NOW = "Sorry, we cannot take your call right now. Please try again in a few minutes. Goodbye."
ONE_MOMENT = "One moment please, we are connecting you to a person."
NOBODY_FREE = "Sorry, nobody is free to take your call right now."


def answer(ring: Ring) -> str:
    """The TwiML for a call that rings. The same call again gets the same answer, with or without Postgres."""
    try:
        postgres.check()
        tenant_id = queries.tenant_of_number(ring.dialled) if ring.dialled else None
        if tenant_id is None:
            record_security_event(action="number.unknown", source=ring.carrier_call_id)
            return twiml.refuse(NOT_IN_SERVICE)
        return _answer_from_postgres(ring, tenant_id)
    except POSTGRES_AWAY as away:
        postgres.notice(away)
        log.warning("answering without postgres", carrier_call=ring.carrier_call_id, why=type(away).__name__)
        return _answer_from_redis(ring)


def _answer_from_postgres(ring: Ring, tenant_id: TenantId) -> str:
    key = f"voice:{ring.carrier_call_id}"
    with as_tenant(tenant_id):
        if not actions.claim_webhook(key):
            return queries.webhook_answer(key) or twiml.refuse(CANNOT_NOW)
        number = queries.number(ring.dialled)
        if number is None:
            return twiml.refuse(NOT_IN_SERVICE)
        opened = _take(routes.route_of(number), ring, open_calls=queries.open_calls_count())
        # Before the commit, so that a commit whose outcome is lost is found again by its carrier id.
        opened = _remember(opened)
        actions.open_call(opened)
        if opened.handed_because:
            record_audit(action="call.handed_over", subject=opened.call_id, detail={"why": opened.handed_because})
        actions.answer_webhook(key, opened.answer)
    return opened.answer


def _answer_from_redis(ring: Ring) -> str:
    known = inbox.recall(ring.carrier_call_id)
    if known is None:
        route = routes.lookup(ring.dialled) if ring.dialled else None
        if route is None:
            return twiml.refuse(CANNOT_NOW)
        known = _remember(_take(route, ring, open_calls=None))
    inbox.put_opened(known)
    return known.answer


def _remember(opened: Opened) -> Opened:
    """The call as it was answered first; a slower copy gives its slots back."""
    first = inbox.remember(opened)
    if first.call_id != opened.call_id:
        admission.release(opened.region, opened.leases, opened.call_id)
    return first


def _take(route: Route, ring: Ring, *, open_calls: int | None) -> Opened:
    """An agent takes the call, or a person does, or a message is taken: with the reason kept."""
    call_id = new_call_id()
    opened = Opened(
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
        return msgspec.structs.replace(opened, handed_because=str(full), answer=without_agent(route))
    return msgspec.structs.replace(
        opened,
        region=admitted.plan.region,
        leases=admitted.plan.leases,
        routing=admitted.routing,
        answer=_with_agent(route, admitted),
    )


def _with_agent(route: Route, admitted: admission.Admitted) -> str:
    stream = twiml.StreamTo(admitted.stream_url, admitted.plan.call_id, admitted.plan.token)
    if route.mode == "shadow":
        return twiml.fork_to_screen(stream, human_number=route.human_number)
    return twiml.connect_stream(stream, attempt=1)


def without_agent(route: Route) -> str:
    """A person, or a message: never dead air. In shadow mode a person was to answer anyway."""
    if not route.human_number:
        return twiml.take_message(NOBODY_FREE)
    return twiml.dial_human(route.human_number, say="" if route.mode == "shadow" else ONE_MOMENT)
