"""The person in bookings is erased; that a time was taken stays. Inside the bound tenant."""

from collections.abc import Sequence
from uuid import UUID

from django.db import models

from verticals.booking.models import Booking
from verticals.booking.tables import booking_models

ERASED = "erased"


def erase_persons(*, call_ids: Sequence[UUID], number: str) -> int:
    """Erase who it was in each booking of these calls, or of that number; how many bookings."""
    whose = models.Q(call_id__in=call_ids)
    if number:
        whose |= models.Q(caller_number=number)
    return sum(_erase(model, whose) for model in booking_models())


def _erase(model: type[Booking], whose: models.Q) -> int:
    erased = dict.fromkeys(model.PERSONAL, ERASED)
    rows = model._default_manager.filter(whose)
    return rows.update(caller_number="", as_said={}, **erased)
