"""What readers of bookings get: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

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
    state: str


@dataclass(frozen=True, slots=True)
class Booked:
    """What a call's wish came to: the booking's reference, its start on the business's clock, and
    where the call had booked it before it was moved there, if it was.
    """

    reference: str
    starts_at: datetime
    moved_from: datetime | None = None
