"""Failover within a call: its plan's ladder, rung by rung, over the warm replicas of the moment."""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from inference.fleet.chat_requests import RefusedFields
from inference.types import RANK, pool_name
from telephony.media.metrics import MOVED
from telephony.media.replicas.endpoints import Endpoint, named
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.replicas.pool_waits import PoolWaits
from telephony.media.replicas.replica_picker import SUSPECT_S, ReplicaPicker
from telephony.media.replicas.ttft_hedging import TtftHedging
from warmline.kernel.call import CallPlan, PoolRung
from warmline.kernel.roles import Role

# Where so many replicas of a pool failed a call in a row, the pool itself is taken to be lost.
TRIED_A_POOL: Final = 2
ATTEMPTS_LEAST: Final = 4
# A caller has waited long enough: what has not answered by then is not asked once more.
GIVE_UP_S: Final = 16.0

OnFailed = Callable[[Role, Endpoint, str, str], None]  # role, who, why, what is tried next


class FailoverLadder:
    """One call's way through its plan's rungs.

    A call stays with a replica until that fails or drains.
    """

    def __init__(self, plan: CallPlan, picker: ReplicaPicker, on_failed: OnFailed) -> None:
        self._plan = plan
        self._picker = picker
        self._on_failed = on_failed
        self._current: dict[Role, Endpoint] = {}
        # by replica: its pool, and until when
        self._failed: dict[Role, dict[str, tuple[str, float]]] = {}

    @property
    def hedging(self) -> TtftHedging:
        """What the process's calls know of late first tokens."""
        return self._picker.hedging

    @property
    def waits(self) -> PoolWaits:
        """What the process's calls lately waited for each pool."""
        return self._picker.waits

    @property
    def refused(self) -> RefusedFields:
        """What the process's calls know of the fields that endpoints refuse."""
        return self._picker.refused

    def endpoint(self, role: Role) -> Endpoint:
        """The call's replica for a role, chosen at the first use.

        `EveryRungFailed` when there is none left. One that drains is left for another with room in
        its pool, so that it can be stopped before the call ends.
        """
        current = self._current.get(role)
        if current is None:
            endpoint = self._choose(role, self._rungs(role))
            if endpoint is None:
                raise EveryRungFailed(
                    f"{self._plan.region}/{role}: no warm replica on any rung of the ladder"
                )
        elif (endpoint := self._picker.successor(self._plan, role, current)) is None:
            return current
        else:
            MOVED.labels(role).inc()
        self.move(role, endpoint)
        return endpoint

    def should_move(self, role: Role) -> bool:
        """Whether the call's replica drains and another would take the call."""
        current = self._current.get(role)
        return current is not None and self._picker.successor(self._plan, role, current) is not None

    def failed(self, role: Role, endpoint: Endpoint, why: str) -> None:
        """Take the next replica at once, and say so."""
        self._picker.suspect(endpoint)
        if self._current.get(role) == endpoint:
            del self._current[role]
            self._picker.remove_call(endpoint)
        pool = pool_name(endpoint.region, role, endpoint.model)
        self._failed.setdefault(role, {})[endpoint.replica] = pool, self._picker.now_s() + SUSPECT_S
        after = self._choose(role, self._rungs(role))
        self._on_failed(role, endpoint, why, named(after, role) if after else "none")

    def second_endpoint(self, role: Role, *, besides: Endpoint) -> Endpoint | None:
        """A second replica for the same question, or None; the call stays where it is.

        A late first token is no failure: no smaller model and no hosted provider is asked for it.
        """
        rungs = [rung for rung in self._rungs(role) if RANK[rung.purpose] <= RANK[besides.purpose]]
        return self._choose(role, rungs, avoid={besides.replica})

    def move(self, role: Role, endpoint: Endpoint) -> None:
        """Serve the call by this replica from now on."""
        before = self._current.get(role)
        if before == endpoint:
            return
        if before is not None:
            self._picker.remove_call(before)
        self._current[role] = endpoint
        self._picker.add_call(endpoint)

    def forget_failures(self, role: Role) -> None:
        """Begin at the top again: what failed a while ago may be back."""
        self._failed.pop(role, None)

    def close(self) -> None:
        """The call is over."""
        for endpoint in self._current.values():
            self._picker.remove_call(endpoint)
        self._current.clear()

    def attempts(self, role: Role) -> int:
        """How often one request may be tried: as often as every rung takes to be left."""
        return max(ATTEMPTS_LEAST, TRIED_A_POOL * len(self._rungs(role)))

    def _rungs(self, role: Role) -> list[PoolRung]:
        return [rung for rung in self._plan.ladder if rung.role == role]

    def _choose(
        self, role: Role, rungs: Sequence[PoolRung], *, avoid: AbstractSet[str] = frozenset()
    ) -> Endpoint | None:
        now_s = self._picker.now_s()
        failed = {
            name: pool
            for name, (pool, until) in self._failed.get(role, {}).items()
            if until > now_s
        }
        exhausted = {
            pool for pool, times in Counter(failed.values()).items() if times >= TRIED_A_POOL
        }
        return self._picker.pick(
            self._plan, rungs, avoid=failed.keys() | avoid, exhausted=exhausted
        )
