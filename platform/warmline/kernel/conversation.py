"""A call's conversation as it is stored, for a media process that takes the call up again.

Both planes write it: the media plane turn by turn, the control plane from a call's events where a
region lost its Redis. The messages are those of OpenAI's chat completions.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from warmline.kernel.tool_arguments import arguments_of

# What OpenAI and those who check like it take as a tool's name; another one refuses every request
# that has it in its history.
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_-]")
_MAX_NAME: Final = 64


class ToolCall(msgspec.Struct, frozen=True):
    """A tool that the model asked for; `arguments` is JSON as it gave it."""

    id: str
    name: str
    arguments: str


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message in the format of OpenAI's chat completions."""

    role: str
    content: str | None = None
    tool_calls: tuple[dict[str, Any], ...] | None = None
    tool_call_id: str | None = None


class Conversation(msgspec.Struct, frozen=True):
    """What was said in a call so far, after the prompt.

    `at_ms` is on the call's own clock, `kept_at` the same moment in seconds since 1970; 0 where an
    older version wrote none.
    """

    turn: int
    messages: tuple[Message, ...]
    at_ms: float = 0.0
    kept_at: float = 0.0


encode_conversation = msgspec.json.encode
_decode = msgspec.json.Decoder(Conversation).decode


def decode_conversation(raw: bytes) -> Conversation:
    """A stored conversation; `msgspec.ValidationError` names the field that is wrong."""
    return _decode(raw)


def tool_asked(calls: Sequence[ToolCall], words: str = "") -> Message:
    """The model's request as it stands in the history, with the words it said before asking.

    Its arguments are one JSON object whatever the model gave: replicas parse them again.
    """
    asked = tuple(
        {
            "id": call.id,
            "type": "function",
            "function": {"name": _name(call), "arguments": _object(call)},
        }
        for call in calls
    )
    return Message("assistant", words or None, asked)


def tool_answered(call: ToolCall, result: str) -> Message:
    """What a tool returned, as the model sees it."""
    return Message("tool", result, None, call.id)


def _name(call: ToolCall) -> str:
    return _NOT_IN_A_NAME.sub("_", call.name)[:_MAX_NAME]


def _object(call: ToolCall) -> str:
    arguments = arguments_of(call.arguments) or {}
    if call.arguments.startswith("{") and arguments:
        return call.arguments  # as it was given: the replicas' prefix cache holds
    return msgspec.json.encode(arguments).decode()
