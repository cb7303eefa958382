"""A person changes what a call has booked, by the rules of the tool. Inside the bound tenant."""

from datetime import datetime
from uuid import UUID

from agents.queries import business
from verticals.booking import changing
from verticals.booking.types import BookingLine
from warmline.kernel import clock


def cancel_booking(booking_id: UUID) -> BookingLine:
    """Cancel a booking; cancelled already it stays. `NotFound`, or `Conflict` when it is over."""
    return changing.cancel_booking(booking_id, at=clock.now())


def move_booking(booking_id: UUID, *, to: datetime) -> BookingLine:
    """Move a booking to another start; it keeps its reference and its length.

    `SlotTaken` where an agent would not have booked it either: taken, past, outside opening hours.
    """
    return changing.move_booking(booking_id, to=to, business=business(), at=clock.now())
