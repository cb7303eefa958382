"""A call rings: the carrier is always told something.

With Postgres it is answered by `recorded_answers`, and without by `spooled_answers`; which of them
is chosen here, once.
"""

from telephony.control.answering import recorded_answers, spooled_answers
from telephony.control.database_breaker import database
from telephony.types import IncomingCall


def answer(call: IncomingCall) -> str:
    """The document for a call that rings.

    The same call again gets the same one, with or without Postgres.
    """
    return database.ask(
        lambda: recorded_answers.answer(call),
        otherwise=lambda: spooled_answers.answer(call),
        event="answering without postgres",
        carrier_call=call.carrier_call_id,
    )
