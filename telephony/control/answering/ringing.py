"""A call rings: the carrier is always told something.

With Postgres it is answered by `recorded_answers`, and without by `spooled_answers`; which of them
is chosen here, once.
"""

from dataclasses import replace

from telephony.control.answering import recorded_answers, spooled_answers
from telephony.control.database_breaker import database
from telephony.types import IncomingCall
from warmline.kernel.phone_numbers import caller_number


def answer(call: IncomingCall) -> str:
    """The document for a call that rings.

    The same call again gets the same one, with or without Postgres. A caller whose number is
    withheld, whatever the carrier writes in its place, is nobody from here on.
    """
    call = replace(call, caller=caller_number(call.caller))
    return database.ask(
        lambda: recorded_answers.answer(call),
        otherwise=lambda: spooled_answers.answer(call),
        event="answering without postgres",
        carrier_call=call.carrier_call_id,
    )
