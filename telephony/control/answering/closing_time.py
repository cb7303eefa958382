"""What happens to a call outside its number's hours, by the number table alone."""

from datetime import datetime

from telephony.control.decisions import CLOSED_NOW, LEAVE_MESSAGE, Decision, Refuse, TakeMessage
from telephony.control.person import person_or_message
from telephony.numbers.hours import is_open
from telephony.types import NumberConfig


def after_hours(number: NumberConfig, *, at: datetime) -> Decision | None:
    """What the caller is told in place of the agent; None while the agent answers."""
    if number.outside == "agent" or number.hours is None or is_open(number.hours, at=at):
        return None
    if number.outside == "person":
        return person_or_message(number.human_number, dialled=number.e164, say=number.closed_words)
    if number.outside == "message":
        return TakeMessage(number.closed_words or LEAVE_MESSAGE)
    return Refuse(number.closed_words or CLOSED_NOW)
