"""Who else is connected to the database: nobody, while a backup is put back into it."""

import time
from typing import Final

from django.db import connections

from warmline.backup.errors import BackupRefused
from warmline.backup.tables import OWNER

# Sessions of a process that has just ended, and Postgres's own workers, are gone by then.
_GONE_WITHIN_S: Final = 5.0
_BACKENDS: Final = "SELECT numbackends FROM pg_stat_database WHERE datname = current_database()"


def check_nobody_connected(*, within_s: float = _GONE_WITHIN_S) -> None:
    """Return if this process alone is connected to the database; else `BackupRefused`.

    What web, jobs or a recorder wrote meanwhile would stand among the rows, or be in their way, and
    what they remember is of another installation.
    """
    until = time.monotonic() + within_s
    while others := others_connected():
        if time.monotonic() > until:
            sessions = "1 other session is" if others == 1 else f"{others} other sessions are"
            raise BackupRefused(
                f"{sessions} connected to this database: expected none. Stop web, jobs, knowledge, "
                "beat, recorder, webhooks and any connection pool before it; what only looks on, "
                "such as monitoring, may stay with --while-connected"
            )
        time.sleep(0.1)


def others_connected() -> int:
    """How many sessions the database has beside the owner's own of this process."""
    for connection in connections.all(initialized_only=True):
        if connection.alias != OWNER:
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]  # Postgres's own
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_BACKENDS)
        return int(cursor.fetchone()[0]) - 1
