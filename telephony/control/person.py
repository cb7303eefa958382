"""Putting a call through to a person: the last look at the number before it is dialled."""

import structlog

from telephony.control import number_table
from telephony.control.decisions import NOBODY_FREE, Dial, TakeMessage
from warmline.kernel.phone_numbers import is_dialable

log = structlog.get_logger()


def person_or_message(human_number: str, *, dialled: str, say: str) -> Dial | TakeMessage:
    """A person, or a message where nobody can be dialled: never dead air, never a call in a circle.

    `dialled` is the number that the caller dialled.
    """
    if human_number and can_be_dialled(human_number, dialled=dialled):
        return Dial(human_number, say)
    return TakeMessage(NOBODY_FREE)


def can_be_dialled(human_number: str, *, dialled: str) -> bool:
    """Whether a person may be there: no emergency or premium number, none that is answered here.

    What is set now was checked when it was set; rows and regions' entries may be older, and a
    number may have become another company's since.
    """
    why = ""
    if not is_dialable(human_number):
        why = "not a number to be dialled"
    elif human_number == dialled or number_table.lookup(human_number) is not None:
        why = "answered by this platform"
    if why:
        log.error("person not dialled", dialled=dialled, why=why)
    return not why
