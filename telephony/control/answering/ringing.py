"""A call rings: the carrier is always told something.

With Postgres it is answered by `recorded_answers`, and without by `spooled_answers`; which of them
is chosen here, once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from telephony.control.answering import recorded_answers, spooled_answers
from telephony.control.database_breaker import database
from telephony.types import IncomingCall
from warmline.kernel.phone_numbers import caller_number

# Copies that come at once would each hold slots that the others need: one of ten was told that all
# were taken, and so the caller. Locks by a hash of the call, since there is no end of calls; of 40
# threads with different calls, 1 in 100 waits for a stranger's.
_CALLS_APART: Final = tuple(threading.Lock() for _ in range(4096))
_COPY_WAIT_S: Final = 1.0


def answer(call: IncomingCall) -> str:
    """The document for a call that rings.

    The same call again gets the same one, with or without Postgres. A caller whose number is
    withheld, whatever the carrier writes in its place, is nobody from here on.
    """
    call = replace(call, caller=caller_number(call.caller))
    with _after_its_copies(call):
        return database.ask(
            lambda: recorded_answers.answer(call),
            otherwise=lambda: spooled_answers.answer(call),
            event="answering without postgres",
            carrier_call=call.carrier_call_id,
        )


@contextmanager
def _after_its_copies(call: IncomingCall) -> Iterator[None]:
    """Wait for the call's copies in this process, a second at most: the first one's answer counts
    whoever was quicker.
    """
    lock = _CALLS_APART[hash((call.carrier, call.carrier_call_id)) % len(_CALLS_APART)]
    held = lock.acquire(timeout=_COPY_WAIT_S)
    try:
        yield
    finally:
        if held:
            lock.release()
