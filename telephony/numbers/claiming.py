"""A number is one company's: while one is being added, nobody else adds it.

Row-level security lets no index say so across companies, and a session of the app role has no lock
by which one company could block another. The control role has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connections, transaction

from tenants.context import CONTROL
from warmline.kernel.errors import Unavailable

# Adding a number takes some statements; whoever waits longer waits for a process that hangs.
_WAIT_MS: Final = 10_000


@contextmanager
def claimed(e164: str) -> Iterator[None]:
    """Until the block ends, with the transaction in it committed, nobody else is in one for the
    number.

    Around `as_tenant`, never inside it. `Unavailable` when another one does not come to an end.
    """
    with transaction.atomic(using=CONTROL), connections[CONTROL].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{_WAIT_MS}ms"])
        try:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"warmline.number.{e164}"]
            )
        except OperationalError as error:
            raise Unavailable(f"number {e164} is being added already: try again") from error
        yield
