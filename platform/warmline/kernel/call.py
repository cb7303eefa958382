"""What crosses the one door between the planes: the plan that goes in, the events that come out.

Frozen structs, decoded strictly: a field of the wrong type is refused at the door with its path.
Times are milliseconds since the call's audio started, on the media plane's monotonic clock,
unless the name says otherwise.
"""

from datetime import datetime
from typing import Literal

import msgspec

from warmline.kernel.agent import AgentConfig
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

# What a pool is to the ladder: its model is meant for calls, a smaller one that stands in, or a
# hosted provider's.
Purpose = Literal["calls", "stand_in", "hosted"]
Audience = Literal["caller", "screen"]
EndReason = Literal[
    "caller_hung_up",
    "agent_said_goodbye",
    "transferred",
    "stream_lost",
    "media_failed",
    "no_capacity",
    "too_long",
    "refused",
    "human_answered",
]


# What a caller waits for between his last word and the answer's first.
Stage = Literal["hearing", "knowledge", "model", "tool", "speech"]


class PoolRung(msgspec.Struct, frozen=True):
    """One rung of the fallback ladder: where a role's answers may come from, best first."""

    region: RegionCode
    role: Role
    model: str
    # a fixed endpoint (hosted provider, WARMLINE_THINK_URL); None: the pool's replicas
    base_url: str | None = None
    because: str = ""
    purpose: Purpose = "calls"


class CallPlan(msgspec.Struct, frozen=True):
    """Everything the media plane needs for one call, frozen at answer time.

    `audience` says where the agent's words may go: to the caller's ear, or only to a screen (shadow
    mode), where nothing is spoken and no tool that writes is run.
    """

    call_id: CallId
    tenant_id: TenantId
    carrier_call_id: str
    vertical: str
    agent: AgentConfig
    region: RegionCode
    ladder: tuple[PoolRung, ...]
    routing_because: str
    audience: Audience
    token: str  # the call's own credential: opens its stream, its tools, its knowledge
    web_url: str  # the web plane's address for tools, knowledge and recordings
    human_number: str | None = None
    caller_number: str = ""
    leases: tuple[str, ...] = ()  # names of slots held for this call, released at its end
    carrier: str = "twilio"  # plans of an older version name none: there was one carrier
    # When the token expires, in seconds since 1970; 0 in plans of an older version, which do not
    # say.
    until: float = 0.0
    # Opens the stream in the token's place, once, until then: for whoever is no carrier, and is
    # given nothing that opens more. Empty: the token opens it.
    ticket: str = ""
    ticket_until: float = 0.0


class Passage(msgspec.Struct, frozen=True):
    """A retrieved piece of knowledge, as cited: its document, the headings above it, its page."""

    id: str
    title: str
    text: str
    score: float
    heading: str = ""
    page: int | None = None
    document_id: str = ""


class CallAnswered(msgspec.Struct, frozen=True, tag="answered"):
    """Audio flows. `worker` is the media process; `resumed`: it took over from a dead one."""

    carrier_stream_id: str
    worker: str
    audience: Audience
    resumed: bool = False


class CallerTurn(msgspec.Struct, frozen=True, tag="caller_turn"):
    """What the caller said in one turn, as heard. Times bound the speech itself."""

    turn: int
    text: str
    started_ms: float
    ended_ms: float
    # in shadow mode the human agent's words come the same way
    speaker: Literal["caller", "human"] = "caller"


class AgentSentence(msgspec.Struct, frozen=True, tag="agent_sentence"):
    """A sentence was sent to the caller (or to the screen). `index` counts within the turn."""

    turn: int
    index: int
    text: str


class SentenceHeard(msgspec.Struct, frozen=True, tag="sentence_heard"):
    """Playback of a sentence ended: `heard` is all of it, or the part before the caller cut in."""

    turn: int
    index: int
    heard: str
    cut: bool = False
    started_ms: float | None = None  # when its playback began; older events lack it


class TurnTimed(msgspec.Struct, frozen=True, tag="turn_timed"):
    """The waterfall of one turn: each stage's moment in ms after the caller's last speech frame."""

    turn: int
    replica: str
    region: RegionCode
    end_of_turn_ms: float | None
    final_text_ms: float | None
    retrieval_ms: float | None
    first_token_ms: float | None
    first_sentence_ms: float | None
    first_audio_ms: float | None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    # the answer's own first audio, where short words came before it; older events lack it
    answer_ms: float | None = None


class SaidMeanwhile(msgspec.Struct, frozen=True, tag="said_meanwhile"):
    """Short words while the caller waited for a stage: `waited_ms` after what was said last."""

    turn: int
    index: int
    stage: Stage
    tool: str
    text: str
    waited_ms: float


class Retrieved(msgspec.Struct, frozen=True, tag="retrieved"):
    """The passages that were put before the model for one turn.

    `out_of_reach`: knowledge did not answer in time, and the model was told so.
    """

    turn: int
    query: str
    passages: tuple[Passage, ...]
    out_of_reach: bool = False


class ToolCalled(msgspec.Struct, frozen=True, tag="tool_called"):
    """The model asked for a tool. In shadow mode `ran` is false for tools that write."""

    turn: int
    tool_call_id: str
    name: str
    arguments: str  # JSON as the model gave it
    ran: bool


class ToolReturned(msgspec.Struct, frozen=True, tag="tool_returned"):
    """What the tool answered, as the model saw it."""

    turn: int
    tool_call_id: str
    ok: bool
    result: str


class BargeIn(msgspec.Struct, frozen=True, tag="barge_in"):
    """The caller spoke while the agent did; playback was cleared."""

    turn: int


class DtmfReceived(msgspec.Struct, frozen=True, tag="dtmf"):
    """A key was pressed: `#`, `*`, or a digit, which is not said, for it may be a card's."""

    digit: str


class CardNumberSaid(msgspec.Struct, frozen=True, tag="card_number_said"):
    """The caller said or keyed in a payment card's number: no event has it, no recording.

    The recording is silent from one time to the other.
    """

    turn: int
    from_ms: float
    until_ms: float


class ReplicaFailed(msgspec.Struct, frozen=True, tag="replica_failed"):
    """A replica of the pool `rung` failed in a call; `next_rung` says who is asked next."""

    turn: int
    role: Role
    replica: str
    why: str
    next_rung: str
    rung: str = ""


class CarrierRoundTrip(msgspec.Struct, frozen=True, tag="carrier_round_trip"):
    """From the media process to the carrier's edge and back; the caller's own way is not in it."""

    ms: float


class Recorded(msgspec.Struct, frozen=True, tag="recorded"):
    """Both sides' audio was handed to the web plane."""

    seconds: float


class CallEnded(msgspec.Struct, frozen=True, tag="ended"):
    """The last event of a call; after a crash from the recorder or the carrier's callback."""

    reason: EndReason
    seconds: float


Happening = (
    CallAnswered
    | CallerTurn
    | AgentSentence
    | SentenceHeard
    | TurnTimed
    | SaidMeanwhile
    | Retrieved
    | ToolCalled
    | ToolReturned
    | BargeIn
    | DtmfReceived
    | CardNumberSaid
    | ReplicaFailed
    | CarrierRoundTrip
    | Recorded
    | CallEnded
)


class CallEvent(msgspec.Struct, frozen=True):
    """A numbered happening of a call. (call, number) is unique: the recorder is idempotent by it.

    Numbers count from 1 within one `epoch`; a media process that takes a call over counts on in a
    new epoch.
    """

    call_id: CallId
    tenant_id: TenantId
    region: RegionCode
    epoch: int
    number: int
    at: datetime
    at_ms: float
    happening: Happening


encode = msgspec.json.encode
_decode_fields = msgspec.json.Decoder(dict[str, object]).decode
_decode_event = msgspec.json.Decoder(CallEvent).decode


def decode_plan(raw: bytes) -> CallPlan:
    """A plan from its JSON; `msgspec.ValidationError` names the field that is wrong.

    Until version 0.2 a plan that has the agent's fields flat among its own is read too: web
    processes wrote that form, and such a plan lies in Redis for four hours.
    """
    fields = _decode_fields(raw)
    # Unknown fields are ignored, so a flat plan is its own agent.
    return msgspec.convert({"agent": fields} | fields, CallPlan)


def decode_event(raw: bytes) -> CallEvent:
    """An event from its JSON; `msgspec.ValidationError` names the field that is wrong."""
    return _decode_event(raw)
