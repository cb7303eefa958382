"""What call control decides as a list of commands."""

from typing import Any

import msgspec

from telephony.control.decisions import (
    Connect,
    Decision,
    Dial,
    ForkToShadow,
    HangUp,
    Hold,
    MediaStream,
    Refuse,
    TakeMessage,
)

from .stream_codec import client_state

Command = dict[str, Any]


def render(decision: Decision) -> str:
    """The commands of a decision, as JSON."""
    return msgspec.json.encode({"commands": _commands(decision)}).decode()


def _commands(decision: Decision) -> list[Command]:
    match decision:
        case Connect(stream, attempt):
            then = client_state({"attempt": attempt, "holds": 0})
            return [{**_stream(stream), "bidirectional_mode": "rtp", "then": then}]
        case ForkToShadow(stream, human_number):
            return [
                {**_stream(stream), "stream_track": "both_tracks"},
                {"command": "transfer", "to": human_number},
            ]
        case Dial(human_number, say):
            return [*_speak(say), {"command": "transfer", "to": human_number}]
        case Hold(seconds, attempt, holds, say):
            then = client_state({"attempt": attempt, "holds": holds})
            return [*_speak(say), {"command": "wait", "seconds": seconds, "then": then}]
        case TakeMessage(say):
            return [*_speak(say), {"command": "record_start", "play_beep": True, "max_length": 120}]
        case Refuse(say):
            return [*_speak(say), {"command": "hangup"}]
        case HangUp():
            return [{"command": "hangup"}]
    raise AssertionError("a remembered answer is no decision of its own")


def _speak(sentence: str) -> list[Command]:
    return [{"command": "speak", "payload": sentence}] if sentence else []


def _stream(stream: MediaStream) -> Command:
    opens = client_state({"call": stream.call_id, "token": stream.token})
    return {"command": "streaming_start", "stream_url": stream.url, "client_state": opens}
