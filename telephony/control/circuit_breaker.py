"""Stops asking what has just not answered, so that no caller waits for it in turn."""

import time


class CircuitBreaker:
    """Open for a while after each failure; counted by the process."""

    def __init__(self, *, open_s: float) -> None:
        self._open_s = open_s
        self._until_s = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it failed within the last moments."""
        return time.monotonic() < self._until_s

    def trip(self) -> None:
        """It failed just now."""
        self._until_s = time.monotonic() + self._open_s
