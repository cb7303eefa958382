"""Time to first token (TTFT), and hedging by it.

A second replica is asked the same when the first token is later than nearly all before it, and few
are late.
"""

from collections import deque
from math import ceil
from typing import Final

LATE_SHARE: Final = 0.01  # later than the p99
FEWEST_TIMES: Final = 50  # before that, a pool's p99 is not known
MOST_TIMES: Final = 500
UNKNOWN_S: Final = 1.0
SOONEST_S: Final = 0.1
# Of all requests at most this share is asked twice: a pool that is slow as a whole is not helped by
# twice the work.
HEDGED_SHARE: Final = 0.05
MOST_SAVED: Final = 3.0


class TtftHedging:
    """First tokens of a process's calls by pool, and how many second requests are left."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}
        self._late_s: dict[str, float] = {}
        self._saved = 1.0

    def after_s(self, pool: str) -> float:
        """How long a pool's first token is waited for before another replica is asked."""
        return max(SOONEST_S, self._late_s.get(pool, UNKNOWN_S))

    def record(self, pool: str, seconds: float) -> None:
        """Record how long a first token took."""
        self._saved = min(MOST_SAVED, self._saved + HEDGED_SHARE)
        times = self._times.setdefault(pool, deque(maxlen=MOST_TIMES))
        times.append(seconds)
        if len(times) >= FEWEST_TIMES and len(times) % 10 == 0:
            slowest_first = sorted(times, reverse=True)
            self._late_s[pool] = slowest_first[ceil(len(times) * LATE_SHARE) - 1]

    def spend(self) -> bool:
        """Whether a second request may be sent now; it is taken off the budget."""
        if self._saved < 1.0:
            return False
        self._saved -= 1.0
        return True
