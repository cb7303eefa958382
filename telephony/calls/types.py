"""What readers of calls get: frozen. The REST API shows these with the descriptions given here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from telephony.calls.call_state import Outcome, State
from warmline.kernel.call import Audience, CallEvent

Speaker = Literal["caller", "agent", "human"]
Mode = Literal["live", "shadow"]


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in a list."""

    id: UUID
    state: State
    outcome: Annotated[Outcome, Meta(description="what the call came to; empty while it goes on")]
    from_number: Annotated[
        str, Meta(description="the caller's number as claimed; empty when withheld")
    ]
    to_number: str
    region: str
    vertical: str
    agent_id: Annotated[UUID | None, Meta(description="null where no agent was to answer")]
    agent_version_id: str
    mode: Annotated[Mode, Meta(description="`shadow`: a person answered, the agent listened")]
    audience: Annotated[
        Audience, Meta(description="`screen`: shadow mode, nothing was spoken to the caller")
    ]
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: Annotated[str, Meta(description="empty while the call goes on")]
    seconds: Annotated[float | None, Meta(description="from the answer to the end, or to now")]
    turns: int
    first_audio_p50_ms: Annotated[
        float | None, Meta(description="from the caller's last word to the agent's first audio")
    ]
    first_audio_p95_ms: float | None


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it was written: by the id of its row, with who called whom."""

    row_id: UUID
    from_number: str
    to_number: str
    event: CallEvent


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """How far the erasure of a caller is."""

    id: UUID
    state: Literal["running", "done"]
    calls: Annotated[int, Meta(description="erased so far")]
    recordings: int
    shadow_runs: int
    bookings: Annotated[int, Meta(description="in which the person was erased")]
    skipped: Annotated[int, Meta(description="calls that went on then, and are kept")]
    requested_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallCount:
    """How many calls there are, or that there are more than were counted."""

    calls: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript."""

    turn: int
    speaker: Speaker
    text: Annotated[str, Meta(description="as heard; keys that were pressed stand as digits")]
    heard: Annotated[str, Meta(description="what of the text reached the caller's ear")]
    cut: Annotated[bool, Meta(description="the caller spoke into it")]
    at_ms: Annotated[
        float, Meta(description="since the call's audio started; the agent's words: since heard")
    ]
    to_screen: bool
    until_ms: Annotated[float | None, Meta(description="null while it is not over, or unknown")]


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a turn's time, in ms after the caller's last word."""

    name: str
    from_ms: float
    to_ms: float


@dataclass(frozen=True, slots=True)
class TurnLatency:
    """How one turn's time was spent, from the caller's last word."""

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
    """A tool that the model asked for, and what it was told."""

    turn: int
    tool_call_id: str
    name: str
    arguments: Annotated[
        dict[str, Any],
        Meta(description="as given; what was no JSON object is `text`"),
    ]
    ran: Annotated[bool, Meta(description="false in shadow mode for tools that write")]
    ok: Annotated[bool | None, Meta(description="null while no answer is known")]
    result: Annotated[
        dict[str, Any] | None, Meta(description="as the model saw it; null when there was none")
    ]


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
    """Why a region was taken, or was not."""

    region: str
    text: str
    score: Annotated[
        float | None, Meta(description="expected ms to the first word; less is better")
    ]
    chosen: bool


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """Something that was read out of a call, with the words that it was taken from."""

    name: str
    type: Literal["text", "yes_no"]
    value: Annotated[
        str | None, Meta(description="in the words that were said; null where none were")
    ]
    quote: Annotated[str, Meta(description="the words, as they stand in the transcript")]
    speaker: Speaker | None
    at_ms: float | None
    why: Annotated[str, Meta(description="why there is no value; empty where there is one")]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """What a model made of a call after its end, held against what was said."""

    state: Literal["waiting", "done", "failed"]
    summary: Annotated[str, Meta(description="empty where none could be held against the call")]
    fields: tuple[ExtractedField, ...]


@dataclass(frozen=True, slots=True)
class CallPage:
    """All of one call."""

    call: CallLine
    carrier_call_id: str
    agent_version_id: str
    human_number: str
    routing_because: str
    routing: tuple[RoutingReason, ...]
    handed_because: Annotated[
        str, Meta(description="why no agent took the call; empty when one did")
    ]
    replicas: tuple[str, ...]
    transcript: tuple[TranscriptLine, ...]
    latency: tuple[TurnLatency, ...]
    passages: tuple[CitedPassage, ...]
    tools: tuple[ToolUse, ...]
    events: tuple[Happened, ...]
    recording_seconds: float | None
    summary: Annotated[SummaryLine | None, Meta(description="null for calls without one")]
