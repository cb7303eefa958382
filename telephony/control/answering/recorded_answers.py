"""Calls that ring while Postgres is there: their rows are written before they are answered."""

from telephony.calls import actions
from telephony.carriers import registry
from telephony.control import admission, number_table, queries
from telephony.control.answering import taking
from telephony.control.decisions import CANNOT_NOW, NOT_IN_SERVICE, Refuse
from telephony.types import IncomingCall, NumberConfig
from tenants.actions import record_security_event
from tenants.context import as_tenant


def answer(call: IncomingCall) -> str:
    """The document for a call that rings.

    What the number leads to is read from the regions' table, and from Postgres only where that
    knows nothing. The same call again is answered as its first copy was.
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
        document = actions.open_call(taken)
    if document is not None and document != taken.answer:
        admission.withdraw(taken)
    return document or registry.render(Refuse(CANNOT_NOW), carrier=call.carrier)


def _number(e164: str) -> NumberConfig | None:
    return number_table.lookup(e164) or number_table.load(e164)
