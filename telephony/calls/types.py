"""What readers of calls get: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from telephony.calls.call_state import State
from warmline.kernel.call import Audience

Speaker = Literal["caller", "agent", "human"]


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in a list. Durations in seconds, latencies from the caller's last word to the first
    audio out.
    """

    id: UUID
    state: State
    from_number: str
    to_number: str
    region: str
    vertical: str
    audience: Audience
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    seconds: float | None
    turns: int
    first_audio_p50_ms: float | None
    first_audio_p95_ms: float | None


@dataclass(frozen=True, slots=True)
class CallsPage:
    """A page of calls, newest first. `next_cursor` is None on the last one."""

    calls: tuple[CallLine, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """Who said what. `heard` is what of `text` reached the caller; `cut`: the caller cut in."""

    turn: int
    speaker: Speaker
    text: str
    heard: str
    cut: bool
    at_ms: float
    to_screen: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A bar of the waterfall: from `from_ms` to `to_ms` after the caller's last word."""

    name: str
    from_ms: float
    to_ms: float


@dataclass(frozen=True, slots=True)
class TurnLatency:
    """How one turn's time was spent."""

    turn: int
    replica: str
    region: str
    first_audio_ms: float | None
    stages: tuple[Stage, ...]
    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A piece of knowledge that was put before the model."""

    turn: int
    query: str
    id: str
    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool the model asked for, and what it was told. `ok` is None while no answer is known."""

    turn: int
    tool_call_id: str
    name: str
    arguments: str
    ran: bool
    ok: bool | None
    result: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Anything else of note in a call: a barge-in, a key, a failed replica."""

    kind: str
    turn: int | None
    at: datetime
    at_ms: float
    text: str


@dataclass(frozen=True, slots=True)
class RoutingReason:
    """One line of why the call went where it went."""

    region: str
    text: str
    score: float | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class CallPage:
    """All of one call, as the dashboard and the API show it."""

    call: CallLine
    carrier_call_id: str
    agent_version_id: str
    human_number: str
    routing_because: str
    routing: tuple[RoutingReason, ...]
    handed_because: str
    replicas: tuple[str, ...]
    transcript: tuple[TranscriptLine, ...]
    latency: tuple[TurnLatency, ...]
    passages: tuple[CitedPassage, ...]
    tools: tuple[ToolUse, ...]
    events: tuple[Happened, ...]
    recording_seconds: float | None
