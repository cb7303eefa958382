"""Calls that ring while Postgres is away: the recorder writes their rows when it is back."""

from telephony.carriers import registry
from telephony.control import number_table, webhook_spool
from telephony.control.answering import answer_memory, taking
from telephony.control.decisions import CANNOT_NOW, Refuse
from telephony.types import IncomingCall


def answer(call: IncomingCall) -> str:
    """The document for a call that rings, from the regions' number table alone."""
    taken = answer_memory.recall_call(call.carrier_call_id, carrier=call.carrier)
    if taken is None:
        number = number_table.lookup(call.dialled) if call.dialled else None
        if number is None:
            return registry.render(Refuse(CANNOT_NOW), carrier=call.carrier)
        taken = taking.take_once(number, call, open_calls=None)
    webhook_spool.put_call(taken)
    return taken.answer
