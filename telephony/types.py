"""What crosses this app's modules and what its readers get: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from telephony.calls.call_state import State
from warmline.kernel.agent import AgentConfig
from warmline.kernel.call import Audience, EndReason
from warmline.kernel.ids import TenantId

Mode = Literal["live", "shadow"]
Speaker = Literal["caller", "agent", "human"]


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """A call that rings. `caller` is empty when withheld or no telephone number;
    `verstat` says how good it is.
    """

    carrier_call_id: str
    caller: str
    dialled: str
    verstat: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VerbCallback:
    """A TwiML verb of a live call is over and the carrier asks what comes next.

    `dial_status` is empty unless it was a <Dial>; `attempt` counts the streams that this call has
    had, `holds` how often the caller was asked to wait since the last one.
    """

    carrier_call_id: str
    dialled: str
    dial_status: str
    attempt: int
    holds: int = 0


@dataclass(frozen=True, slots=True)
class NumberStanding:
    """What must be known of a number's tenant before a call is taken."""

    is_ours: bool
    open_calls: int


class NumberConfig(msgspec.Struct, frozen=True):
    """What a dialled number leads to. Each region's Redis keeps a copy, for when Postgres is away.

    `agent` is None while the number's agent has no live version: a person takes the calls.
    """

    e164: str
    tenant_id: TenantId
    vertical: str
    mode: Mode
    human_number: str
    residency: str
    max_calls: int
    agent: AgentConfig | None
    # of the company's share while slots are short; entries of an older version lack it
    call_weight: int = 1


class AnsweredCall(msgspec.Struct, frozen=True, tag="opened"):
    """A call that was answered: what its row starts from,
    also when Postgres is away and the row comes later.
    """

    call_id: str
    tenant_id: TenantId
    carrier_call_id: str
    from_number: str
    to_number: str
    verstat: str
    region: str
    vertical: str
    agent_version_id: str
    audience: Audience
    human_number: str
    leases: tuple[str, ...]
    routing: dict[str, object]
    handed_because: str  # why no agent took it; empty when one did
    answer: str
    at: datetime


class CarrierReport(msgspec.Struct, frozen=True, tag="report"):
    """What the carrier said of a call.
    `key` makes a repetition recognisable: signed content only, no header.
    """

    carrier_call_id: str
    dialled: str
    key: str
    at: datetime
    status: str = ""
    handed: EndReason | None = None
    human_answered: bool = False


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in a list. Durations in seconds,
    latencies from the caller's last word to the first audio out.
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
class Utterance:
    """One line of the transcript. `heard` is what of `text` reached the ear;
    `cut`: the caller cut in.
    """

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
    """Anything else of note: a barge-in, a key, a failed replica."""

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
    transcript: tuple[Utterance, ...]
    latency: tuple[TurnLatency, ...]
    passages: tuple[CitedPassage, ...]
    tools: tuple[ToolUse, ...]
    events: tuple[Happened, ...]
    recording_seconds: float | None
