"""What a process's calls lately waited for each pool: for a text, a first token, a first sound."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from inference.fleet.pace import Waits, quantile
from inference.types import pool_name
from telephony.media.replicas.endpoints import Endpoint
from warmline.kernel.roles import Role

LATELY_S: Final = 8.0
MOST: Final = 400


@dataclass(frozen=True, slots=True)
class _Waited:
    at_s: float
    seconds: float
    came: bool


class PoolWaits:
    """One for the process."""

    def __init__(self, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._waits: dict[str, deque[_Waited]] = {}

    def came(self, role: Role, endpoint: Endpoint, seconds: float) -> None:
        """An answer came after so long."""
        self._record(role, endpoint, seconds, came=True)

    def owed(self, role: Role, endpoint: Endpoint, seconds: float) -> None:
        """An answer has not come for so long."""
        self._record(role, endpoint, seconds, came=False)

    def lately(self) -> dict[str, Waits]:
        """The last seconds' waits by pool, with none of pools that were asked before."""
        told: dict[str, Waits] = {}
        for pool in self._waits:
            seconds = [waited.seconds for waited in self._of(pool)]
            told[pool] = Waits(len(seconds), quantile(seconds))
        return told

    def answers_late(self, role: Role, endpoint: Endpoint, *, over_s: float) -> bool:
        """Whether a pool answers, and late: who asks another of its replicas only adds to that.

        One of which nothing comes at all is not late but gone.
        """
        waits = self._of(_pool(role, endpoint))
        late = [waited for waited in waits if waited.seconds > over_s]
        return any(waited.came for waited in late) and 2 * len(late) > len(waits)

    def _record(self, role: Role, endpoint: Endpoint, seconds: float, *, came: bool) -> None:
        if endpoint.fixed:
            return  # a hosted provider has no pool of ours
        waits = self._waits.setdefault(_pool(role, endpoint), deque(maxlen=MOST))
        waits.append(_Waited(self._clock_s(), seconds, came))

    def _of(self, pool: str) -> deque[_Waited]:
        waits = self._waits.get(pool) or deque[_Waited]()
        since_s = self._clock_s() - LATELY_S
        while waits and waits[0].at_s < since_s:
            waits.popleft()
        return waits


def _pool(role: Role, endpoint: Endpoint) -> str:
    return pool_name(endpoint.region, role, endpoint.model)
