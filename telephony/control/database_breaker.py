"""Postgres was away a moment ago:
ask again soon, not at once, so that no caller waits for it in turn.
"""

import time
from typing import Final

from django.db import InterfaceError, OperationalError

# What Django raises when Postgres is away, full, or too slow to answer.
POSTGRES_AWAY: Final = (OperationalError, InterfaceError)
_ASK_AGAIN_AFTER_S: Final = 1.0


class PostgresResting(OperationalError):
    """It was away within the last second; nothing was asked of it."""


class _Absence:
    """Counted by the process: when Postgres was last found to be away."""

    def __init__(self) -> None:
        self._until_s = 0.0

    def check(self) -> None:
        """Return if Postgres may be asked, else raise `PostgresResting`."""
        if time.monotonic() < self._until_s:
            raise PostgresResting("postgres was away within the last second")

    def notice(self, away: Exception) -> None:
        """It is away. A finding that came of this very rest does not prolong it."""
        if not isinstance(away, PostgresResting):
            self._until_s = time.monotonic() + _ASK_AGAIN_AFTER_S


postgres = _Absence()
