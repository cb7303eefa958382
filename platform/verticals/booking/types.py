"""What readers of bookings get: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta

# What a tool answers that has booked, or moved what was booked.
BOOKED_STATUSES: Final = frozenset({"booked", "moved"})


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking of any vertical as pages show it; times are aware, in UTC."""

    id: UUID
    call_id: UUID
    reference: str
    what: str
    who: str
    starts_at: datetime
    ends_at: datetime
    state: Annotated[str, Meta(description="`booked`, `cancelled`, `done`, or the vertical's own")]
    caller_number: Annotated[str, Meta(description="empty when withheld, or erased")]
    revision: Annotated[int, Meta(description="how often it was moved or cancelled")]
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Booked:
    """What a call's wish came to: the booking's reference, its start on the business's clock, and
    where the call had booked it before it was moved there, if it was.
    """

    reference: str
    starts_at: datetime
    moved_from: datetime | None = None
