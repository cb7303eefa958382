"""A caller in danger, or who wants a person, is put through by rule: no model is asked."""

from collections.abc import Mapping
from typing import Final

import msgspec

from telephony.media.speech import phrases
from verticals.urgent import Urgency, urgency
from warmline.kernel.call import CallPlan
from warmline.kernel.conversation import ToolCall
from warmline.kernel.vertical import TRANSFER_TO_PERSON

_SAID: Final[Mapping[Urgency, str]] = {
    "danger": phrases.IN_DANGER,
    "person": phrases.PUTTING_THROUGH,
}
_REASONS: Final[Mapping[Urgency, str]] = {
    "danger": "emergency: the caller's words",
    "person": "the caller asked for a person",
}


class PutThrough(msgspec.Struct, frozen=True):
    """What is said, in the agent's language, and the tool that is called."""

    words: str
    call: ToolCall


def put_through(text: str, plan: CallPlan) -> PutThrough | None:
    """What becomes of a turn with these words; None where the model answers it."""
    language = plan.agent.language
    found = urgency(text, vertical=plan.vertical, language=language)
    if found is None:
        return None
    arguments = msgspec.json.encode({"reason": _REASONS[found]}).decode()
    words = phrases.in_language(_SAID[found], language)
    return PutThrough(words, ToolCall(f"rule-{found}", TRANSFER_TO_PERSON, arguments))
