"""What a model asks of tools, matched with those that the agent has."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from warmline.kernel.conversation import Message, ToolCall
from warmline.kernel.tool_arguments import bare_name, meant_name
from warmline.kernel.vertical import TRANSFER_TO_PERSON, Tool

TRANSFERRING: Final = '{"status":"transferring"}'
# Models that have read of other products ask for transfer_to_human, transfer_call, transferToAgent.
_TRANSFER_STEM: Final = "transfer"


def wishes(calls: Iterable[ToolCall], tools: Sequence[Tool]) -> list[ToolCall]:
    """The calls by the names of the agent's tools, each wish once; unknown names stay.

    Whatever begins with "transfer" and is no tool is the wish for a person, which every agent
    grants.
    """
    wanted: dict[tuple[str, str], ToolCall] = {}
    names = [tool.name for tool in tools]
    for call in calls:
        name = meant_name(call.name, names) or call.name
        if name not in names and bare_name(name).startswith(_TRANSFER_STEM):
            name = TRANSFER_TO_PERSON
        wanted.setdefault((name, call.arguments), ToolCall(call.id, name, call.arguments))
    return list(wanted.values())


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
