"""What the calls of a process know together of the replicas: their load, and which just failed."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final, Protocol

from inference.fleet.chat_requests import RefusedFields
from inference.types import pool_name
from telephony.media.replicas.endpoints import Endpoint, without_version
from telephony.media.replicas.pool_waits import PoolWaits
from telephony.media.replicas.ttft_hedging import TtftHedging
from warmline.kernel.call import CallPlan, PoolRung
from warmline.kernel.ids import CallId
from warmline.kernel.roles import Role

SUSPECT_S: Final = 10.0  # a replica that failed is passed over this long, while there is another


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
        """A warm replica of the rung's pool that is not in `avoid`, or None.

        `stay_with` while that one is warm.
        """


class ReplicaPicker:
    """Picks a call's replica among the rungs of its plan. One for the process."""

    def __init__(
        self, replicas: Replicas, *, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._replicas = replicas
        self.now_s = clock_s
        self._suspects: dict[str, float] = {}
        self.hedging = TtftHedging()
        self.waits = PoolWaits()
        self.refused = RefusedFields()
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
        exhausted: AbstractSet[str],
    ) -> Endpoint | None:
        """The first rung's endpoint for this call.

        An `exhausted` pool comes after the rungs below it, a suspect last.
        """
        now_s = self.now_s()
        self._suspects = {name: until for name, until in self._suspects.items() if until > now_s}
        rungs = sorted(
            rungs, key=lambda rung: pool_name(rung.region, rung.role, rung.model) in exhausted
        )
        for avoided in (avoid | self._suspects.keys(), avoid):
            for rung in rungs:
                endpoint = self._on(rung, plan, avoided)
                if endpoint is not None:
                    return endpoint
        return None

    def _on(self, rung: PoolRung, plan: CallPlan, avoid: AbstractSet[str]) -> Endpoint | None:
        if rung.base_url is not None:
            return _fixed(rung, rung.base_url, avoid)
        endpoint = self._replicas.pick(
            rung,
            call_id=plan.call_id,
            prefix=plan.agent.agent_version_id,
            load=self.load,
            avoid=avoid,
        )
        return None if endpoint is None else replace(endpoint, purpose=rung.purpose)

    def successor(self, plan: CallPlan, role: Role, endpoint: Endpoint) -> Endpoint | None:
        """Where a call goes on whose replica drains or is gone: in the same pool.

        None while it may or must stay.
        """
        rung = _own_rung(plan, role, endpoint)
        if rung is None or endpoint.fixed:
            return None
        successor = self._replicas.pick(
            rung,
            call_id=plan.call_id,
            prefix=plan.agent.agent_version_id,
            load=self.load,
            avoid=self._suspects.keys() - {endpoint.replica},
            stay_with=endpoint.replica,
        )
        if successor is None or successor.replica == endpoint.replica:
            return None
        return replace(successor, purpose=endpoint.purpose)

    def add_call(self, endpoint: Endpoint) -> None:
        """Count one more call on a replica."""
        self.load[endpoint.replica] = self.load.get(endpoint.replica, 0) + 1

    def remove_call(self, endpoint: Endpoint) -> None:
        """Count one call less on a replica."""
        left = self.load.get(endpoint.replica, 0) - 1
        if left > 0:
            self.load[endpoint.replica] = left
        else:
            self.load.pop(endpoint.replica, None)


def _fixed(rung: PoolRung, base_url: str, avoid: AbstractSet[str]) -> Endpoint | None:
    if base_url in avoid:
        return None
    bare = without_version(base_url)
    return Endpoint(bare, base_url, rung.region, rung.model, fixed=True, purpose=rung.purpose)


def _own_rung(plan: CallPlan, role: Role, endpoint: Endpoint) -> PoolRung | None:
    """The rung of pools on which the endpoint stands."""
    for rung in plan.ladder:
        if (rung.region, rung.role) != (endpoint.region, role) or rung.base_url is not None:
            continue
        if rung.model in {"", endpoint.model}:
            return rung
    return None
