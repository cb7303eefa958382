"""What crosses this room's border: frozen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta

# What a closed company had is kept so long, in case closing was a mistake; then it is erased.
KEPT_AFTER_CLOSING: Final = timedelta(days=30)
# What the operator alone sets, beside the plan.
LIMITS: Final = ("max_concurrent_calls", "call_weight", "warm_replicas")


class CompanyState(StrEnum):
    """Where a company is in its life."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Company:
    """A company's own settings, and what its plan allows."""

    id: UUID
    slug: Annotated[str, Meta(description="its short name, for commands; it never changes")]
    name: str
    vertical: Annotated[str, Meta(description="its line of business")]
    time_zone: Annotated[str, Meta(description="such as Europe/Berlin: its days and hours")]
    residency: Annotated[str, Meta(description="where calls may be answered: anywhere, us or eu")]
    human_number: Annotated[str, Meta(description="who takes a call when no agent can; or empty")]
    state: Annotated[str, Meta(description="open, suspended or closed")]
    plan: Annotated[str, Meta(description="trial, team or scale")]
    trial_ends_at: Annotated[datetime | None, Meta(description="null: it is on no trial")]
    max_concurrent_calls: Annotated[int, Meta(description="calls at once; the operator sets it")]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """A company as an operator sees it: its settings, limits and life, nothing of its calls."""

    id: UUID
    slug: str
    name: str
    vertical: str
    plan: str
    state: str
    residency: str
    max_concurrent_calls: int
    call_weight: int
    warm_replicas: int
    created_at: datetime
    trial_ends_at: datetime | None
    closed_at: datetime | None
    erase_at: Annotated[datetime | None, Meta(description="from then on it cannot come back")]


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a company did."""

    name: str
    closed_at: datetime
    erased_after: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """How far a company's erasure is: `is_whole` when nothing of it is left anywhere."""

    rows: int
    elsewhere: int
    is_whole: bool
