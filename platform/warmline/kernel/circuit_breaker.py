"""Stops asking what has lately not answered, so that no caller waits for it in turn."""

import time
from collections.abc import Callable


class CircuitBreaker:
    """Open for `open_s` after so many failures in a row; each process counts its own.

    Then questions are let through again: the first failure among them opens it anew, an answer
    closes it.
    """

    def __init__(
        self,
        *,
        open_s: float,
        failures: int = 1,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_s = open_s
        self._failures_to_open = failures
        self._clock_s = clock_s
        self._failures = 0
        self._open_until_s = 0.0

    @property
    def is_open(self) -> bool:
        """Whether asking is pointless now."""
        return self._clock_s() < self._open_until_s

    def failed(self) -> None:
        """It failed, or was late."""
        self._failures += 1
        if self._failures >= self._failures_to_open:
            self._open_until_s = self._clock_s() + self._open_s

    def answered(self) -> None:
        """It answered: the circuit is closed."""
        self._failures = 0
        self._open_until_s = 0.0
