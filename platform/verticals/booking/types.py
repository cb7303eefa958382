"""What readers of bookings get: frozen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
