"""The write of a booking: one at a time for a tenant's day, under a reference that is free."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction

from tenants.context import current_tenant_id
from verticals.booking.models import Booking
from verticals.booking.queries import taken_on
from verticals.booking.slots import is_free
from verticals.errors import NoReferenceLeft, SlotTaken
from verticals.types import ToolRequest
from warmline.kernel.vertical import schema_of

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
    _hold_day(schema_of(model._meta.app_label), day)
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


def _hold_day(schema: str, day: date) -> None:
    """Until the transaction ends, nobody else books on that day for the bound tenant.

    Waits at most the role's `lock_timeout`.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        key = f"{schema} {current_tenant_id()} {day.isoformat()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


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
