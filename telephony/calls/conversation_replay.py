"""A call's conversation rebuilt from its stored events, for a media process that finds none in its
Redis. Pure.

As far as the rows go: the caller's turns, the agent's words as they were heard, and the tools that
came back. A tool whose answer is not known is left out, as is what the agent was about to say.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from telephony.calls.projection import StoredEvent
from warmline.kernel.conversation import (
    Conversation,
    Message,
    ToolCall,
    encode_conversation,
    tool_answered,
    tool_asked,
)


class _Replay:
    """The messages so far."""

    def __init__(self) -> None:
        self.turn = 0
        self.messages: list[Message] = []
        self._asked: dict[str, ToolCall] = {}

    def caller_turn(self, payload: dict[str, Any]) -> None:
        self.turn = max(self.turn, int(payload.get("turn", 0)))
        self._add("user", str(payload.get("text", "")))

    def sentence_heard(self, payload: dict[str, Any]) -> None:
        self._add("assistant", str(payload.get("heard", "")))

    def tool_called(self, payload: dict[str, Any]) -> None:
        call = ToolCall(
            str(payload.get("tool_call_id", "")),
            str(payload.get("name", "")),
            str(payload.get("arguments", "")),
        )
        self._asked[call.id] = call

    def tool_returned(self, payload: dict[str, Any]) -> None:
        call = self._asked.pop(str(payload.get("tool_call_id", "")), None)
        if call is not None:
            result = str(payload.get("result", ""))
            self.messages += [tool_asked([call]), tool_answered(call, result)]

    def _add(self, role: str, text: str) -> None:
        """Words of the same side in a row are one message: a turn has many sentences."""
        if not text:
            return
        last = self.messages[-1] if self.messages else None
        if last is not None and last.role == role and last.tool_calls is None:
            self.messages[-1] = Message(role, f"{last.content} {text}")
        else:
            self.messages.append(Message(role, text))


_STEPS: Final[dict[str, Callable[[_Replay, dict[str, Any]], None]]] = {
    "caller_turn": _Replay.caller_turn,
    "sentence_heard": _Replay.sentence_heard,
    "tool_called": _Replay.tool_called,
    "tool_returned": _Replay.tool_returned,
}


def conversation(events: Iterable[StoredEvent]) -> bytes | None:
    """The conversation as the media plane stores one; None when nothing was said yet."""
    replay, at_ms, kept_at = _Replay(), 0.0, 0.0
    for event in sorted(events, key=lambda event: (event.epoch, event.number)):
        at_ms, kept_at = event.at_ms, event.at.timestamp()
        step = _STEPS.get(event.kind)
        if step is not None:
            step(replay, event.payload)
    if not replay.messages:
        return None
    return encode_conversation(Conversation(replay.turn, tuple(replay.messages), at_ms, kept_at))
