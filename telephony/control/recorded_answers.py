"""Calls that ring while Postgres is there: their rows are written before they are answered."""

from telephony.calls import actions
from telephony.carriers import registry
from telephony.control import admission, number_table, queries, taking
from telephony.control.decisions import CANNOT_NOW, NOT_IN_SERVICE, Refuse
from telephony.types import AnsweredCall, IncomingCall, NumberConfig
from tenants.actions import record_security_event
from tenants.context import as_tenant


def answer(call: IncomingCall) -> str:
    """The document for a call that rings.

    What the number leads to is read from the regions' table, and from Postgres only where that
    knows nothing.
    """
    number = _number(call.dialled) if call.dialled else None
    if number is None:
        record_security_event(action="number.unknown", source=call.carrier_call_id)
        return registry.render(Refuse(NOT_IN_SERVICE), carrier=call.carrier)
    with as_tenant(number.tenant_id):
        check = queries.number_check(number.e164)
        if not check.is_ours:
            number_table.forget(number.e164)
            return registry.render(Refuse(NOT_IN_SERVICE), carrier=call.carrier)
        # Remembered before the commit, so that one whose outcome is lost is found again by its
        # carrier id.
        taken = taking.take_once(number, call, open_calls=check.open_calls)
        if actions.open_call(taken):
            return taken.answer
        earlier = queries.webhook_answer(
            actions.voice_key(taken.carrier_call_id), carrier=taken.carrier
        )
    return _answer_of_copy(taken, earlier)


def _answer_of_copy(taken: AnsweredCall, earlier: str | None) -> str:
    """What the call's first copy was answered; what this one took for another answer is given
    back.
    """
    if earlier is not None and earlier != taken.answer:
        admission.withdraw(taken)
    return earlier or registry.render(Refuse(CANNOT_NOW), carrier=taken.carrier)


def _number(e164: str) -> NumberConfig | None:
    return number_table.lookup(e164) or _number_from_postgres(e164)


def _number_from_postgres(e164: str) -> NumberConfig | None:
    tenant_id = queries.tenant_of_number(e164)
    if tenant_id is None:
        return None
    with as_tenant(tenant_id):
        number = queries.number(e164)
        return number_table.put(number) if number else None
