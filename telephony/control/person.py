"""Putting a call through to a person: the last look at the number before it is dialled."""

import structlog

from telephony.control import number_table
from telephony.control.decisions import CANNOT_NOW, NOBODY_FREE, Decision, Dial, Refuse, TakeMessage
from warmline.kernel.agent import AgentConfig
from warmline.kernel.phone_numbers import is_dialable

log = structlog.get_logger()


def person_or_message(human_number: str, *, dialled: str, say: str) -> Dial | TakeMessage:
    """A person, or a message where nobody can be dialled: never dead air, never a call in a circle.

    `dialled` is the number that the caller dialled.
    """
    if human_number and can_be_dialled(human_number, dialled=dialled):
        return Dial(human_number, say)
    return TakeMessage(NOBODY_FREE)


def without_agent(
    agent: AgentConfig | None, human_number: str, *, dialled: str, say: str
) -> Decision:
    """What becomes of a call that no agent can take or go on with, as its agent's version says."""
    on_failure = "person" if agent is None else agent.on_failure
    if on_failure == "goodbye":
        return Refuse(CANNOT_NOW)
    if on_failure == "message":
        return TakeMessage(NOBODY_FREE)
    return person_or_message(human_number, dialled=dialled, say=say)


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
