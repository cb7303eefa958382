"""What crosses this app's modules: frozen. What readers of calls get: `telephony.calls.types`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from warmline.kernel.call import Audience, EndReason, Limits, Voice
from warmline.kernel.ids import TenantId
from warmline.kernel.vertical import Tool

Mode = Literal["live", "shadow"]


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


class AgentPart(msgspec.Struct, frozen=True):
    """What an agent version gives to a call."""

    agent_version_id: str
    prompt: str
    greeting: str
    tools: tuple[Tool, ...]
    knowledge: str
    vocabulary: tuple[str, ...]
    voice: Voice
    language: str
    limits: Limits


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
    agent: AgentPart | None
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
