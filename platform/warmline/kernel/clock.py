"""Time as an argument: wall time for what people read, monotonic time for durations."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Wall time, aware, in UTC."""
    return datetime.now(UTC)


def monotonic_ms() -> float:
    """Milliseconds on a clock that never goes back; only differences mean anything."""
    return time.monotonic_ns() / 1e6
