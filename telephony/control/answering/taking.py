"""Who takes a call that rings: an agent, a person, or nobody and a message is taken."""

from typing import Final

import msgspec
import structlog

from telephony.carriers import registry
from telephony.control import admission
from telephony.control.admission import Admitted
from telephony.control.answering import answer_memory
from telephony.control.answering.closing_time import after_hours
from telephony.control.decisions import ONE_MOMENT, Connect, Decision, Dial, ForkToShadow
from telephony.control.person import can_be_dialled, person_or_message, without_agent
from telephony.errors import NoAgentFree
from telephony.types import AnsweredCall, HandOver, HandOverReason, IncomingCall, NumberConfig
from warmline.kernel.ids import CallId, new_call_id

log = structlog.get_logger()

# What a call's row says of one that came outside its number's hours.
CLOSED: Final = "outside the hours"


def take_once(number: NumberConfig, call: IncomingCall, *, open_calls: int | None) -> AnsweredCall:
    """The call with its answer, as it was answered first; what a later copy took is given back.

    `open_calls` is how many calls the tenant's agents have, or None when that cannot be known now.
    """
    taken = _take(number, call, open_calls=open_calls)
    first = answer_memory.remember_call(taken)
    if first.call_id != taken.call_id:
        admission.withdraw(taken)
    return first


def _take(number: NumberConfig, call: IncomingCall, *, open_calls: int | None) -> AnsweredCall:
    call_id = new_call_id()
    taken = unanswered(number, call, call_id=call_id)
    closed = after_hours(number, at=call.at)
    if closed is not None:
        because = f"{CLOSED}: {number.outside}"
        taken = _handed_over(taken, closed, reason="closed", because=because)
        return msgspec.structs.replace(taken, answer=registry.render(closed, carrier=call.carrier))
    try:
        _check_person(number)
        admitted = admission.admit(number, call, call_id=call_id, open_calls=open_calls)
    except NoAgentFree as error:
        log.warning(
            "no agent takes the call", call=call_id, tenant=number.tenant_id, why=str(error)
        )
        decision = _without_agent(number)
        taken = _handed_over(taken, decision, reason="no_agent", because=str(error))
    else:
        decision = _with_agent(number, admitted)
        taken = admitted_as(taken, admitted)
    document = registry.render(decision, carrier=call.carrier)
    return msgspec.structs.replace(taken, answer=document)


def unanswered(number: NumberConfig, call: IncomingCall, *, call_id: CallId) -> AnsweredCall:
    """The call as far as it is known before anybody takes it."""
    return AnsweredCall(
        call_id=call_id,
        tenant_id=number.tenant_id,
        carrier=call.carrier,
        carrier_call_id=call.carrier_call_id,
        from_number=call.caller,
        to_number=number.e164,
        verstat=call.verstat,
        region="",
        vertical=number.vertical,
        agent_version_id=number.agent.agent_version_id if number.agent else "",
        audience=number.audience,
        human_number=number.human_number,
        leases=(),
        routing={},
        transferred_because="",
        answer="",
        at=call.at,
        agent_id=number.agent.agent_id if number.agent else "",
    )


def admitted_as(taken: AnsweredCall, admitted: Admitted) -> AnsweredCall:
    """The call with where it was admitted."""
    plan = admitted.plan
    return msgspec.structs.replace(
        taken, region=plan.region, leases=plan.leases, routing=admitted.routing
    )


def _handed_over(
    taken: AnsweredCall, decision: Decision, *, reason: HandOverReason, because: str
) -> AnsweredCall:
    """The call without an agent, and whether a person is dialled in its place."""
    hand_over = None
    if isinstance(decision, Dial):
        hand_over = HandOver(decision.human_number, reason, because)
    return msgspec.structs.replace(taken, transferred_because=because, hand_over=hand_over)


def _check_person(number: NumberConfig) -> None:
    """`NoAgentFree` where a person shall answer in shadow mode, and none can be dialled."""
    if number.mode == "shadow" and not can_be_dialled(number.human_number, dialled=number.e164):
        raise NoAgentFree("in shadow mode a person answers, and the number of theirs is none")


def _with_agent(number: NumberConfig, admitted: Admitted) -> Decision:
    if number.mode == "shadow":
        return ForkToShadow(admitted.stream, number.human_number)
    return Connect(admitted.stream, attempt=1)


def _without_agent(number: NumberConfig) -> Decision:
    """In shadow mode a person was to answer anyway, so nothing is said of it."""
    if number.mode == "shadow":
        return person_or_message(number.human_number, dialled=number.e164, say="")
    return without_agent(number.agent, number.human_number, dialled=number.e164, say=ONE_MOMENT)
