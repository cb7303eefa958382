"""The projection of a call's events into what its page shows.

Pure: the same for a finished call and one that runs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec

from telephony.calls.types import (
    CitedPassage,
    Happened,
    Speaker,
    Stage,
    ToolUse,
    TranscriptLine,
    TurnLatency,
)

# The moments of a turn in the order in which they are reached, with the name of the wait that each
# one ends.
STAGES: tuple[tuple[str, str], ...] = (
    ("end_of_turn_ms", "end of turn"),
    ("final_text_ms", "hearing"),
    ("retrieval_ms", "knowledge"),
    ("first_token_ms", "first token"),
    ("first_sentence_ms", "first sentence"),
    ("first_audio_ms", "first audio"),
    ("answer_ms", "answer"),
)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as it lies in the database."""

    epoch: int
    number: int
    kind: str
    region: str
    at: datetime
    at_ms: float
    payload: dict[str, Any]


@dataclass(slots=True)
class CallProjection:
    """What the events amount to. Lines of the transcript stand in the order in which they began."""

    to_screen: bool = False
    transcript: list[TranscriptLine] = field(default_factory=list)
    latency: list[TurnLatency] = field(default_factory=list)
    passages: list[CitedPassage] = field(default_factory=list)
    tools: dict[str, ToolUse] = field(default_factory=dict)
    events: list[Happened] = field(default_factory=list)
    replicas: list[str] = field(default_factory=list)
    _sentence_at: dict[tuple[int, int, int], int] = field(default_factory=dict)


def project(events: Iterable[StoredEvent]) -> CallProjection:
    """Everything the page shows from the call's events; their order on arrival does not matter."""
    projected = CallProjection()
    began: dict[int, datetime] = {}
    for event in sorted(events, key=lambda event: (event.epoch, event.number)):
        # A process that takes the call up has a clock of its own: its times are shifted to the
        # first one's.
        start = began.setdefault(event.epoch, event.at - timedelta(milliseconds=event.at_ms))
        shift_ms = (start - next(iter(began.values()))) / timedelta(milliseconds=1)
        step = _STEPS.get(event.kind)
        if step is not None:
            step(projected, _shifted(event, shift_ms))
    projected.transcript.sort(key=lambda line: line.at_ms)
    return projected


def _answered(projected: CallProjection, event: StoredEvent) -> None:
    projected.to_screen = event.payload.get("audience") == "screen"
    resumed = bool(event.payload.get("resumed"))
    verb = "taken up again by" if resumed else "answered by"
    _note(projected, event, f"{verb} {event.payload.get('worker', '')} in {event.region}")


def _caller_turn(projected: CallProjection, event: StoredEvent) -> None:
    text = str(event.payload.get("text", ""))
    speaker = cast("Speaker", event.payload.get("speaker", "caller"))
    at_ms = float(event.payload.get("started_ms", event.at_ms))
    projected.transcript.append(
        TranscriptLine(
            _turn(event),
            speaker,
            text,
            text,
            cut=False,
            at_ms=at_ms,
            to_screen=False,
            until_ms=event.payload.get("ended_ms"),
        )
    )


def _agent_sentence(projected: CallProjection, event: StoredEvent) -> None:
    text = str(event.payload.get("text", ""))
    heard = text if projected.to_screen else ""
    projected._sentence_at[_sentence(event)] = len(projected.transcript)
    line = TranscriptLine(
        _turn(event),
        "agent",
        text,
        heard,
        cut=False,
        at_ms=event.at_ms,
        to_screen=projected.to_screen,
        until_ms=None,
    )
    projected.transcript.append(line)


def _sentence_heard(projected: CallProjection, event: StoredEvent) -> None:
    place = projected._sentence_at.get(_sentence(event))
    if place is None:
        return
    heard, cut = str(event.payload.get("heard", "")), bool(event.payload.get("cut"))
    line = projected.transcript[place]
    # What was sent waits behind what still plays: it is heard later. Older events do not say when.
    began_ms = event.payload.get("started_ms")
    projected.transcript[place] = replace(
        line,
        heard=heard,
        cut=cut,
        at_ms=line.at_ms if began_ms is None else float(began_ms),
        until_ms=event.at_ms,
    )


def _turn_timed(projected: CallProjection, event: StoredEvent) -> None:
    payload = event.payload
    replica = str(payload.get("replica", ""))
    if replica and replica not in projected.replicas:
        projected.replicas.append(replica)
    projected.latency.append(
        TurnLatency(
            turn=_turn(event),
            replica=replica,
            region=str(payload.get("region", event.region)),
            first_audio_ms=payload.get("first_audio_ms"),
            stages=_stages(payload),
            prompt_tokens=payload.get("prompt_tokens"),
            completion_tokens=payload.get("completion_tokens"),
        )
    )


def _retrieved(projected: CallProjection, event: StoredEvent) -> None:
    query = str(event.payload.get("query", ""))
    for passage in event.payload.get("passages", ()):
        projected.passages.append(
            CitedPassage(
                turn=_turn(event),
                query=query,
                id=str(passage.get("id", "")),
                title=str(passage.get("title", "")),
                text=str(passage.get("text", "")),
                score=float(passage.get("score", 0.0)),
            )
        )


def _tool_called(projected: CallProjection, event: StoredEvent) -> None:
    payload = event.payload
    use = ToolUse(
        turn=_turn(event),
        tool_call_id=str(payload.get("tool_call_id", "")),
        name=str(payload.get("name", "")),
        arguments=_object_of(str(payload.get("arguments", ""))),
        ran=bool(payload.get("ran")),
        ok=None,
        result=None,
    )
    projected.tools.setdefault(use.tool_call_id, use)


def _tool_returned(projected: CallProjection, event: StoredEvent) -> None:
    use = projected.tools.get(str(event.payload.get("tool_call_id", "")))
    if use is not None:
        ok, result = bool(event.payload.get("ok")), str(event.payload.get("result", ""))
        projected.tools[use.tool_call_id] = replace(
            use, ok=ok, result=_object_of(result) if result else None
        )


def readable_payload(event: StoredEvent) -> dict[str, Any]:
    """An event's payload with a tool's arguments and answer as JSON, not as texts of it."""
    payload = dict(event.payload)
    for key in ("arguments", "result"):
        if isinstance(payload.get(key), str):
            payload[key] = _object_of(payload[key])
    return payload


def _object_of(text: str) -> dict[str, Any]:
    """The JSON object that the text is, or the text under the name `text`."""
    try:
        value = msgspec.json.decode(text or "{}")
    except (msgspec.DecodeError, RecursionError):
        return {"text": text}
    return value if isinstance(value, dict) else {"text": text}


def _barge_in(projected: CallProjection, event: StoredEvent) -> None:
    _note(projected, event, "the caller spoke while the agent did")


def _said_meanwhile(projected: CallProjection, event: StoredEvent) -> None:
    payload = event.payload
    waited_for = payload.get("tool") or payload.get("stage")
    waited_s = float(payload.get("waited_ms", 0)) / 1000
    _note(projected, event, f"waited {waited_s:.1f} s for {waited_for}: “{payload.get('text')}”")


def _dtmf(projected: CallProjection, event: StoredEvent) -> None:
    _note(projected, event, "a key was pressed")  # which one may be a digit of a card


def _card_number_said(projected: CallProjection, event: StoredEvent) -> None:
    _note(
        projected,
        event,
        "a card number was said: it is not kept, and the recording is silent for "
        f"{_seconds(event, 'until_ms') - _seconds(event, 'from_ms'):.1f} s",
    )


def _seconds(event: StoredEvent, field: str) -> float:
    return float(event.payload.get(field, 0)) / 1000


def _replica_failed(projected: CallProjection, event: StoredEvent) -> None:
    payload = event.payload
    rung = payload.get("rung") or payload.get("role")
    _note(
        projected,
        event,
        f"{rung} {payload.get('replica')}: {payload.get('why')}; then {payload.get('next_rung')}",
    )


def _carrier_round_trip(projected: CallProjection, event: StoredEvent) -> None:
    _note(projected, event, f"{float(event.payload.get('ms', 0)):.1f} ms to the carrier and back")


def _recorded(projected: CallProjection, event: StoredEvent) -> None:
    _note(projected, event, f"{float(event.payload.get('seconds', 0)):.1f} s recorded")


def _ended(projected: CallProjection, event: StoredEvent) -> None:
    _note(projected, event, f"ended: {event.payload.get('reason')}")


_STEPS: dict[str, Callable[[CallProjection, StoredEvent], None]] = {
    "answered": _answered,
    "caller_turn": _caller_turn,
    "agent_sentence": _agent_sentence,
    "sentence_heard": _sentence_heard,
    "turn_timed": _turn_timed,
    "said_meanwhile": _said_meanwhile,
    "retrieved": _retrieved,
    "tool_called": _tool_called,
    "tool_returned": _tool_returned,
    "barge_in": _barge_in,
    "dtmf": _dtmf,
    "card_number_said": _card_number_said,
    "replica_failed": _replica_failed,
    "carrier_round_trip": _carrier_round_trip,
    "recorded": _recorded,
    "ended": _ended,
}


def _stages(payload: dict[str, Any]) -> tuple[Stage, ...]:
    """Bars that follow one another.

    A moment not reached, or passed before the one ahead of it, takes no time.
    """
    bars: list[Stage] = []
    reached_ms = 0.0
    for key, name in STAGES:
        moment_ms = payload.get(key)
        if moment_ms is None:
            continue
        bars.append(Stage(name, reached_ms, max(reached_ms, float(moment_ms))))
        reached_ms = bars[-1].to_ms
    return tuple(bars)


def _shifted(event: StoredEvent, shift_ms: float) -> StoredEvent:
    if not shift_ms:
        return event
    payload = dict(event.payload)
    for key in ("started_ms", "ended_ms"):
        if payload.get(key) is not None:
            payload[key] += shift_ms
    return replace(event, at_ms=event.at_ms + shift_ms, payload=payload)


def _turn(event: StoredEvent) -> int:
    return int(event.payload.get("turn", 0))


def _sentence(event: StoredEvent) -> tuple[int, int, int]:
    return event.epoch, _turn(event), int(event.payload.get("index", 0))


def _note(projected: CallProjection, event: StoredEvent, text: str) -> None:
    turn = event.payload.get("turn")
    projected.events.append(Happened(event.kind, turn, event.at, event.at_ms, text))
