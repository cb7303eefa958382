"""What makes a booking safe in the database:
one at a time for a tenant's day, and a reference that is free.
"""

import secrets
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction

from tenants.context import current_tenant_id
from verticals.errors import NoReferenceLeft

Row = TypeVar("Row")
# Four digits are easily read out; longer ones only once those run short. Each length is tried eight
# times.
_LENGTHS = (4, 5, 6)
_TRIES = 8


def hold_day(schema: str, day: date) -> None:
    """Until the transaction ends, nobody else books on that day for the bound tenant;
    waits at most `lock_timeout`.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        key = f"{schema} {current_tenant_id()} {day.isoformat()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def with_reference(insert: Callable[[str], Row]) -> Row:
    """The row that `insert` makes with a random reference that is free in its tenant;
    `NoReferenceLeft` otherwise.
    """
    for digits in _LENGTHS:
        for _ in range(_TRIES):
            reference = str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))
            try:
                with transaction.atomic():
                    return insert(reference)
            except IntegrityError as taken:
                if "_reference" not in str(taken):
                    raise
    raise NoReferenceLeft("no free booking reference was found in 24 tries")
