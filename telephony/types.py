"""What crosses this app's modules: frozen. What readers get is in `telephony.calls.types`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec

from warmline.kernel.agent import AgentConfig
from warmline.kernel.call import Audience, EndReason
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.roles import CALL_ROLES, LLM, STT, Role

Mode = Literal["live", "shadow"]
Outside = Literal["agent", "person", "message", "closed"]
# Rows, and entries of an older version, that name no carrier were written when there was one.
FIRST_CARRIER: Final = "twilio"
# The carrier of calls from pages; where a number would stand, they have this too.
BROWSER: Final = "browser"
# Whether the person who was dialled talked to the caller; empty after a message was taken.
DialOutcome = Literal["talked", "nobody", ""]


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """A call that rings.

    `caller` is whatever the carrier says (`warmline.kernel.phone_numbers.caller_number` knows a
    withheld one), and `verstat` how well that is attested; both may be of any length.
    `carrier` is the name of the carrier's folder, `carrier_call_id` is unique among its calls.
    """

    carrier: str
    carrier_call_id: str
    caller: str
    dialled: str
    verstat: str
    at: datetime
    # Opens the stream once, for a minute: set where whoever calls is given no more than that.
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class StreamCallback:
    """A call's stream, or a wait for one, is over, and the carrier asks what comes next.

    `attempt` counts the streams that this call has had, `holds` how often the caller was asked to
    wait since the last one.
    """

    carrier: str
    carrier_call_id: str
    dialled: str
    attempt: int
    holds: int = 0


@dataclass(frozen=True, slots=True)
class DialCallback:
    """A dialled person hung up or never picked up, or a message was left; what comes next?"""

    carrier: str
    carrier_call_id: str
    dialled: str
    outcome: DialOutcome


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """What must be known of a number's tenant before a call is taken."""

    is_ours: bool
    open_calls: int  # that agents have


StoredHours = tuple[str, str] | None


class OpenHours(msgspec.Struct, frozen=True):
    """Hours by weekday, Monday first, with the dates that differ, on one clock.

    None is a day that does not open; hours go on over midnight where they end earlier than they
    begin. `telephony.numbers.hours` says whether they hold a moment.
    """

    time_zone: str
    week: tuple[StoredHours, ...]
    holidays: tuple[str, ...] = ()
    exceptions: dict[str, StoredHours] = msgspec.field(default_factory=dict)


class WebhookSigner(msgspec.Struct, frozen=True):
    """The carrier account of a company that a number is of: whose webhooks are taken for it.

    `sealed` holds its tokens (telephony.numbers.sealing); `takes_earlier` says that webhooks signed
    with the token before are taken too.
    """

    account_id: str
    sealed: str
    takes_earlier: bool = False


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
    # What follows is of a later version than some entries.
    # of the company's share while slots are short
    call_weight: int = 1
    # when the company's trial ends; None for whoever is on no trial
    trial_ends_at: datetime | None = None
    # outside the hours: the agent all the same, a person, a message, or the closing words
    outside: Outside = "agent"
    hours: OpenHours | None = None
    closed_words: str = ""
    # None: the carrier account that the platform answers for
    signer: WebhookSigner | None = None
    # of a page, which has no number: one of the company's, whose place it is taken to be at
    near: str = ""

    @property
    def audience(self) -> Audience:
        """Whether the agent speaks to the caller, or writes to a screen for people to look at."""
        return "screen" if self.mode == "shadow" else "caller"


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """A call that looks for its slots."""

    number: NumberConfig
    agent: AgentConfig
    call: IncomingCall
    call_id: CallId

    @property
    def roles(self) -> tuple[Role, ...]:
        """What the call needs warm: on a screen nothing is spoken."""
        return (STT, LLM) if self.number.audience == "screen" else CALL_ROLES


# An agent put the caller through; it could not go on; none was free; the number's hours were over.
HandOverReason = Literal["transferred", "agent_lost", "no_agent", "closed"]


class HandOver(msgspec.Struct, frozen=True):
    """A caller is put through to a person: to which number, and why no agent has the call.

    `because` says the reason in words.
    """

    human_number: str
    reason: HandOverReason
    because: str


class AnsweredCall(msgspec.Struct, frozen=True, tag="opened"):
    """An answered call: what its row starts from, even when that comes later.

    `answer` is the document that the carrier was sent.
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
    # why no agent took it; empty when one did
    transferred_because: str = msgspec.field(name="handed_because")
    answer: str
    at: datetime
    carrier: str = FIRST_CARRIER
    agent_id: str = ""  # entries of an older version lack it
    hand_over: HandOver | None = None  # set where a person is dialled in place of an agent


class CarrierReport(msgspec.Struct, frozen=True, tag="report"):
    """What the carrier said of a call, or what call control decided about it at a callback.

    `key` makes a repetition recognisable: signed content only, no header. `transferred` says why a
    person takes over, `message_left` that the caller spoke to a machine because nobody was there,
    `hand_over` that a person is dialled now.
    """

    carrier_call_id: str
    dialled: str
    key: str
    at: datetime
    status: str = ""  # a `CarrierStatus`; entries of an older version may hold any word
    transferred: EndReason | None = msgspec.field(default=None, name="handed")
    human_answered: bool = False
    carrier: str = FIRST_CARRIER
    message_left: bool = False
    hand_over: HandOver | None = None
