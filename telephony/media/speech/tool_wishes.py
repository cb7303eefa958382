"""What a model asks of tools, matched with those that the agent has."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

import msgspec

from warmline.kernel.conversation import Message, ToolCall
from warmline.kernel.tool_arguments import bare_name, meant_name
from warmline.kernel.vertical import TRANSFER_TO_PERSON, Tool

TRANSFERRING: Final = '{"status":"transferring"}'
# Models that have read of other products ask for transfer_to_human, transfer_call, transferToAgent.
# Others ask to escalate_to_human, speak_to_representative, or misspell it: "tranfer_to_person".
_PERSON_MEANT: Final = re.compile(
    r"transfer|escalat|handoff|handover|(?:to|with)(?:a|an|the|live)?"
    r"(?:person|human|agent|operator|representative|someone)|^(?:human|liveagent|person|operator)$"
)
_LIKE_TRANSFER: Final = 0.85  # of the letters, in their order


def wishes(calls: Iterable[ToolCall], tools: Sequence[Tool]) -> list[ToolCall]:
    """The calls by the names of the agent's tools, each wish once; unknown names stay.

    What reads like a transfer and is no tool is the wish for a person, which every agent grants.
    """
    wanted: dict[tuple[str, str], ToolCall] = {}
    names = [tool.name for tool in tools]
    for call in calls:
        name = meant_name(call.name, names) or call.name
        if name not in names and _means_person(bare_name(name)):
            name = TRANSFER_TO_PERSON
        wanted.setdefault((name, call.arguments), ToolCall(call.id, name, call.arguments))
    return list(wanted.values())


def _means_person(name: str) -> bool:
    if _PERSON_MEANT.search(name) is not None:
        return True
    return SequenceMatcher(None, name[:60], bare_name(TRANSFER_TO_PERSON)).ratio() >= _LIKE_TRANSFER


def no_such_tool(name: str, tools: Sequence[Tool]) -> str:
    """What a model is told that asked for a tool which the agent does not have."""
    names = ", ".join(tool.name for tool in tools) or "none"
    return problem(f"there is no tool {name[:60]}, expected one of: {names}")


def problem(what: str) -> str:
    """A tool's answer when nothing was done: what was wrong, in words that the model can use."""
    return msgspec.json.encode({"status": "error", "problem": what}).decode()


def asked_for_person(messages: Iterable[Message]) -> bool:
    """Whether the agent has asked for a person in these messages."""
    for message in messages:
        for call in message.tool_calls or ():
            if call["function"]["name"] == TRANSFER_TO_PERSON:
                return True
    return False
