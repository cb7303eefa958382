"""The circuit breaker before Postgres: while that is away, calls are answered without it."""

from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from django.db import OperationalError

from tenants.postgres.away import DATABASE_AWAY
from warmline.kernel.circuit_breaker import CircuitBreaker

log = structlog.get_logger()

_OPEN_S: Final = 1.0

Answer = TypeVar("Answer")


class DatabaseBreakerOpen(OperationalError):
    """Postgres was away within the last second; nothing was asked of it."""


class DatabaseBreaker:
    """Lets questions through to Postgres, but for a second after it was found to be away."""

    def __init__(self) -> None:
        self._breaker = CircuitBreaker(open_s=_OPEN_S)

    def check(self) -> None:
        """Return if Postgres may be asked, else raise `DatabaseBreakerOpen`."""
        if self._breaker.is_open:
            raise DatabaseBreakerOpen("postgres was away within the last second")

    def ask(
        self,
        question: Callable[[], Answer],
        *,
        otherwise: Callable[[], Answer],
        event: str,
        carrier_call: str,
    ) -> Answer:
        """Postgres' answer, or that of `otherwise` while Postgres is away.

        `event` is what the log says then.
        """
        try:
            self.check()
            return question()
        except DATABASE_AWAY as error:
            # What came of the open breaker itself does not keep it open.
            if not isinstance(error, DatabaseBreakerOpen):
                self._breaker.failed()
            log.warning(event, carrier_call=carrier_call, why=type(error).__name__)
        return otherwise()


database = DatabaseBreaker()
