"""What was said in a call, told again from its rows, for a media process that finds no conversation
in its Redis. Pure.

As far as the rows go: the caller's turns, the agent's words as they were heard, and the tools that
came back. A tool whose answer is not known is left out, as is what the agent was about to say.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from telephony.calls.projection import StoredEvent
from telephony.media.session.context import (
    Conversation,
    Message,
    ToolCall,
    encode_conversation,
    tool_answered,
    tool_asked,
)


class _Retold:
    """The messages so far."""

    def __init__(self) -> None:
        self.turn = 0
        self.messages: list[Message] = []
        self._asked: dict[str, ToolCall] = {}

    def caller_turn(self, told: dict[str, Any]) -> None:
        self.turn = max(self.turn, int(told.get("turn", 0)))
        self._add("user", str(told.get("text", "")))

    def sentence_heard(self, told: dict[str, Any]) -> None:
        self._add("assistant", str(told.get("heard", "")))

    def tool_called(self, told: dict[str, Any]) -> None:
        call = ToolCall(
            str(told.get("tool_call_id", "")),
            str(told.get("name", "")),
            str(told.get("arguments", "")),
        )
        self._asked[call.id] = call

    def tool_returned(self, told: dict[str, Any]) -> None:
        call = self._asked.pop(str(told.get("tool_call_id", "")), None)
        if call is not None:
            self.messages += [tool_asked([call]), tool_answered(call, str(told.get("result", "")))]

    def _add(self, role: str, text: str) -> None:
        """Words of the same side in a row are one message: a turn has many sentences."""
        last = self.messages[-1] if self.messages else None
        if not text:
            return
        if last is not None and last.role == role and last.tool_calls is None:
            self.messages[-1] = Message(role, f"{last.content} {text}")
        else:
            self.messages.append(Message(role, text))


_STEPS: Final[dict[str, Callable[[_Retold, dict[str, Any]], None]]] = {
    "caller_turn": _Retold.caller_turn,
    "sentence_heard": _Retold.sentence_heard,
    "tool_called": _Retold.tool_called,
    "tool_returned": _Retold.tool_returned,
}


def conversation(events: Iterable[StoredEvent]) -> bytes | None:
    """The conversation as the media plane stores one; None when nothing was said yet."""
    retold, at_ms = _Retold(), 0.0
    for event in sorted(events, key=lambda each: (each.epoch, each.number)):
        at_ms = event.at_ms
        step = _STEPS.get(event.kind)
        if step is not None:
            step(retold, event.payload)
    if not retold.messages:
        return None
    return encode_conversation(Conversation(retold.turn, tuple(retold.messages), at_ms))
