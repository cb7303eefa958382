"""What the rooms of numbers give to pages, the API and commands: frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

CheckState = Literal["good", "bad", "skipped"]


@dataclass(frozen=True, slots=True)
class CarrierAccountLine:
    """A carrier account of the company. Its credentials are shown nowhere."""

    id: UUID
    carrier: str
    kind: Annotated[str, Meta(description="own, or subaccount: one below the platform's account")]
    state: Annotated[str, Meta(description="opening, open, closing or closed")]
    account_id: Annotated[str, Meta(description="the carrier's own name of it")]
    region: Annotated[str, Meta(description="the carrier's region that its credentials are of")]
    name: str
    is_trial: Annotated[bool, Meta(description="the carrier's own trial, with its limits")]
    key_id: Annotated[str, Meta(description="the API key that requests go out with; may be empty")]
    why: Annotated[str, Meta(description="what went wrong last; empty when nothing did")]
    numbers: Annotated[int, Meta(description="how many numbers are used through it")]
    created_at: datetime
    rotated_at: datetime | None


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A telephone number and what happens to its calls."""

    id: UUID
    e164: str
    agent_id: Annotated[UUID | None, Meta(description="who answers; without one a person does")]
    mode: Annotated[str, Meta(description="live, or shadow: a person answers, the agent listens")]
    human_number: Annotated[str, Meta(description="the person to fall back on; else the company's")]
    outside: Annotated[str, Meta(description="outside its hours: agent, person, message or closed")]
    hours: Annotated[
        Mapping[str, Any] | None,
        Meta(description="the number's own hours, as they are given; null: the company's"),
    ]
    closed_words: Annotated[str, Meta(description="what is said when it is closed")]
    carrier: str
    carrier_account_id: Annotated[
        UUID | None, Meta(description="null: the platform's own, given by its operator")
    ]
    region: Annotated[str, Meta(description="the carrier's region that processes its calls")]
    is_bought: Annotated[bool, Meta(description="bought here: to delete it is to give it back")]
    is_releasing: bool
    answers_now: Annotated[
        str, Meta(description="who takes a call at this moment: agent, person, message or closed")
    ]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A number that is being bought, or could not be."""

    id: UUID
    e164: str
    state: Annotated[str, Meta(description="open, done or failed")]
    why: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One thing that must hold before a number's calls arrive, and what to do where it does not."""

    name: Annotated[
        str,
        Meta(description="credentials, number, public_url, webhook, signature, media or agent"),
    ]
    state: CheckState
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class TestCall:
    """A call that the carrier places to a number, for its company to see whether it is answered."""

    __test__ = False  # pytest takes its name for a test's

    number_id: UUID
    e164: str
    caller: Annotated[str, Meta(description="the account's number that it comes from")]
    state: Literal["ringing", "answered", "failed"]
    detail: Annotated[str, Meta(description="how far it is, or what is wrong")]
    remedy: Annotated[str, Meta(description="what to do; empty where nothing is wrong")]
    call_id: Annotated[UUID | None, Meta(description="the call as it came in here; null before")]
    began_at: datetime


@dataclass(frozen=True, slots=True)
class NumberCheckup:
    """What a look at everything between the carrier and the agent found."""

    number_id: UUID
    e164: str
    is_ready: bool
    steps: tuple[CheckStep, ...] = field(default=())
