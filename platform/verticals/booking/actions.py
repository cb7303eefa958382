"""The write of a booking: one at a time for a tenant's day, under a reference that is free."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction

from tenants.actions import hold_tenant
from verticals.booking.models import Booking
from verticals.booking.queries import taken_on
from verticals.booking.slots import is_free
from verticals.errors import NoReferenceLeft, SlotTaken
from verticals.types import ToolRequest

Row = TypeVar("Row")
# Four digits are easily read out; longer ones only once those run short, after eight tries each.
_LENGTHS = (4, 5, 6)
_TRIES = 8


def book_slot(
    request: ToolRequest,
    *,
    model: type[Booking],
    start: datetime,
    columns: Mapping[str, str],
) -> str:
    """Book that start for the request's call, with the vertical's own `columns`; its reference.

    Two callers who want the same time are served one after the other: the second gets `SlotTaken`.
    """
    day, business = start.date(), request.business
    hold_tenant()  # the second caller waits here, for the role's `lock_timeout` at most
    taken = taken_on(day, model=model, time_zone=business.time_zone)
    if not is_free(start, business=business, taken=taken, now=request.now):
        raise SlotTaken(f"{start.isoformat()} is taken, past or outside opening hours")
    booking = _with_reference(
        lambda reference: model._default_manager.create(
            call_id=request.call_id,
            reference=reference,
            starts_at=start,
            ends_at=start + timedelta(minutes=business.slot_minutes),
            as_said=dict(request.arguments),
            **columns,
        )
    )
    return booking.reference


def _with_reference(insert: Callable[[str], Row]) -> Row:
    """The row that `insert` makes with a random reference that is free in its tenant.

    `NoReferenceLeft` when none was found.
    """
    for digits in _LENGTHS:
        for _ in range(_TRIES):
            reference = str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))
            try:
                with transaction.atomic():
                    return insert(reference)
            except IntegrityError as error:
                if "_reference" not in str(error):
                    raise
    raise NoReferenceLeft("no free booking reference was found in 24 tries")
