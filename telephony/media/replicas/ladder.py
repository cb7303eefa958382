"""Which replica answers: the plan's ladder, rung by rung, over the warm replicas of the moment."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final, Protocol

from inference.types import PURPOSES, RANK, pool_name
from telephony.media.metrics import MOVED
from telephony.media.replicas.hedging import Hedging
from warmline.kernel.call import CallPlan, PoolRung, Purpose
from warmline.kernel.errors import Unavailable
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

SUSPECT_S: Final = 10.0  # a replica that failed is passed over this long, while there is another

# Where so many replicas of a pool failed a call one after another, the pool itself is taken to be
# lost.
TRIED_A_POOL: Final = 2
ATTEMPTS_LEAST: Final = 4
# A caller has waited long enough: what has not answered by then is not asked once more.
GIVE_UP_S: Final = 16.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A replica, or a fixed endpoint: `base_url` is without `/v1`.
    `purpose` is that of its rung.
    """

    base_url: str
    replica: str
    region: RegionCode
    model: str
    fixed: bool = False
    purpose: Purpose = "calls"


class EveryRungFailed(Unavailable):
    """No replica of a role answered this call."""

    spoken = "Sorry, we are having trouble with our line."


class Replicas(Protocol):
    """Where warm replicas are looked up."""

    def pick(
        self,
        rung: PoolRung,
        *,
        call_id: CallId,
        prefix: str,
        load: Mapping[str, int],
        avoid: Collection[str],
        stay_with: str | None = None,
    ) -> Endpoint | None:
        """A warm replica of the rung's pool that is not in `avoid`, or None;
        `stay_with` while that one is warm.
        """


class Fleet:
    """What all calls of this process know together:
    its load on each replica, and which ones just failed.
    """

    def __init__(
        self, replicas: Replicas, *, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._replicas = replicas
        self.now_s = clock_s
        self._suspects: dict[str, float] = {}
        self.hedging = Hedging()
        self.load: dict[str, int] = {}

    def suspect(self, endpoint: Endpoint) -> None:
        """Pass it over for a while, on whatever rung it stands."""
        self._suspects[endpoint.replica] = self.now_s() + SUSPECT_S

    def pick(
        self,
        plan: CallPlan,
        rungs: Sequence[PoolRung],
        *,
        avoid: AbstractSet[str],
        tired: AbstractSet[str],
    ) -> Endpoint | None:
        """The first rung's endpoint for this call.
        A `tired` pool comes after the rungs below it, a suspect last.
        """
        now_s = self.now_s()
        self._suspects = {name: until for name, until in self._suspects.items() if until > now_s}
        rungs = sorted(
            rungs, key=lambda rung: pool_name(rung.region, rung.role, rung.model) in tired
        )
        for shunned in (avoid | self._suspects.keys(), avoid):
            for rung in rungs:
                found = self._on(rung, plan, shunned)
                if found is not None:
                    return found
        return None

    def _on(self, rung: PoolRung, plan: CallPlan, avoid: AbstractSet[str]) -> Endpoint | None:
        if rung.base_url is not None:
            bare = without_version(rung.base_url)
            fixed = Endpoint(
                bare, rung.base_url, rung.region, rung.model, fixed=True, purpose=rung.purpose
            )
            return None if fixed.replica in avoid else fixed
        prefix = plan.agent.agent_version_id
        found = self._replicas.pick(
            rung, call_id=plan.call_id, prefix=prefix, load=self.load, avoid=avoid
        )
        return None if found is None else replace(found, purpose=rung.purpose)

    def successor(self, plan: CallPlan, role: Role, endpoint: Endpoint) -> Endpoint | None:
        """Where a call goes on whose replica drains or is gone: in the same pool.
        None while it may or must stay.
        """
        own = (rung for rung in plan.ladder if (rung.region, rung.role) == (endpoint.region, role))
        rung = next(
            (rung for rung in own if rung.base_url is None and rung.model in {"", endpoint.model}),
            None,
        )
        if rung is None or endpoint.fixed:
            return None
        found = self._replicas.pick(
            rung,
            call_id=plan.call_id,
            prefix=plan.agent.agent_version_id,
            load=self.load,
            avoid=self._suspects.keys() - {endpoint.replica},
            stay_with=endpoint.replica,
        )
        return (
            None
            if found is None or found.replica == endpoint.replica
            else replace(found, purpose=endpoint.purpose)
        )

    def hold(self, endpoint: Endpoint) -> None:
        """One more call on it."""
        self.load[endpoint.replica] = self.load.get(endpoint.replica, 0) + 1

    def let_go(self, endpoint: Endpoint) -> None:
        """One call less on it."""
        left = self.load.get(endpoint.replica, 0) - 1
        if left > 0:
            self.load[endpoint.replica] = left
        else:
            self.load.pop(endpoint.replica, None)


OnFailed = Callable[[Role, Endpoint, str, str], None]  # role, who, why, what is tried next


class Ladder:
    """One call's way through its plan's rungs.
    A call stays with a replica until that fails or drains.
    """

    def __init__(self, plan: CallPlan, fleet: Fleet, on_failed: OnFailed) -> None:
        self._plan = plan
        self._fleet = fleet
        self._on_failed = on_failed
        self._current: dict[Role, Endpoint] = {}
        # by replica: its pool, and until when
        self._failed: dict[Role, dict[str, tuple[str, float]]] = {}

    @property
    def hedging(self) -> Hedging:
        """What the process's calls know of late first tokens."""
        return self._fleet.hedging

    def endpoint(self, role: Role) -> Endpoint:
        """The call's replica for a role, chosen at the first use; `EveryRungFailed` when there is
        none left.

        One that drains is left for another with room in its pool, so that it can be stopped before
        the call ends.
        """
        current = self._current.get(role)
        if current is None:
            found = self._choose(role, self._rungs(role))
            if found is None:
                raise EveryRungFailed(
                    f"{self._plan.region}/{role}: no warm replica on any rung of the ladder"
                )
        elif (found := self._fleet.successor(self._plan, role, current)) is None:
            return current
        else:
            MOVED.labels(role).inc()
        self.move(role, found)
        return found

    def is_left(self, role: Role) -> bool:
        """Whether the call's replica drains and another would take it."""
        current = self._current.get(role)
        return current is not None and self._fleet.successor(self._plan, role, current) is not None

    def failed(self, role: Role, endpoint: Endpoint, why: str) -> None:
        """Take the next replica at once, and say so."""
        self._fleet.suspect(endpoint)
        if self._current.get(role) == endpoint:
            del self._current[role]
            self._fleet.let_go(endpoint)
        pool = pool_name(endpoint.region, role, endpoint.model)
        self._failed.setdefault(role, {})[endpoint.replica] = pool, self._fleet.now_s() + SUSPECT_S
        after = self._choose(role, self._rungs(role))
        self._on_failed(role, endpoint, why, named(after, role) if after else "none")

    def another(self, role: Role, *, besides: Endpoint) -> Endpoint | None:
        """A second replica for the same question, or None; the call stays where it is.

        A late first token is no failure: no smaller model and no hosted provider is asked for it.
        """
        rungs = [rung for rung in self._rungs(role) if RANK[rung.purpose] <= RANK[besides.purpose]]
        return self._choose(role, rungs, avoid={besides.replica})

    def move(self, role: Role, endpoint: Endpoint) -> None:
        """From now on the call is with this replica."""
        before = self._current.get(role)
        if before == endpoint:
            return
        if before is not None:
            self._fleet.let_go(before)
        self._current[role] = endpoint
        self._fleet.hold(endpoint)

    def forgive(self, role: Role) -> None:
        """Begin at the top again: what failed minutes ago may be back."""
        self._failed.pop(role, None)

    def close(self) -> None:
        """The call is over."""
        for endpoint in self._current.values():
            self._fleet.let_go(endpoint)
        self._current.clear()

    def attempts(self, role: Role) -> int:
        """How often one request may be tried: as often as every rung takes to be left."""
        return max(ATTEMPTS_LEAST, TRIED_A_POOL * len(self._rungs(role)))

    def _rungs(self, role: Role) -> list[PoolRung]:
        return [rung for rung in self._plan.ladder if rung.role == role]

    def _choose(
        self, role: Role, rungs: Sequence[PoolRung], *, avoid: AbstractSet[str] = frozenset()
    ) -> Endpoint | None:
        now_s = self._fleet.now_s()
        failed = {
            name: pool
            for name, (pool, until) in self._failed.get(role, {}).items()
            if until > now_s
        }
        tired = {pool for pool, times in Counter(failed.values()).items() if times >= TRIED_A_POOL}
        return self._fleet.pick(self._plan, rungs, avoid=failed.keys() | avoid, tired=tired)


def named(endpoint: Endpoint, role: Role) -> str:
    """A replica as an event names it,
    with what kind of rung it stands on where that is not the usual one.
    """
    kind = "" if endpoint.purpose == "calls" else f" ({PURPOSES[endpoint.purpose]})"
    return f"{endpoint.region}/{role} {endpoint.replica}{kind}"


def without_version(base_url: str) -> str:
    """A base URL with neither `/v1` nor a slash at its end: both spellings are in use."""
    return base_url.rstrip("/").removesuffix("/v1").rstrip("/")
