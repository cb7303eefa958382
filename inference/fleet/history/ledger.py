"""What warmth cost: replica-seconds by state and pool, those unused, and whose they are. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Final, Literal

import msgspec

from inference.types import ReplicaState
from warmline.kernel.regions import RegionCode

# A replica's state to the ledger. `asleep_shared`: asleep while another pool used its GPU,
# which then paid for it.
LedgerState = ReplicaState | Literal["asleep_shared"]
# A replica in these states holds its GPU. One asleep does too, as long as nothing else is put on
# the GPU meanwhile.
BILLED: Final[tuple[ReplicaState, ...]] = (
    "starting",
    "loading",
    "priming",
    "warm",
    "draining",
    "asleep",
    "waking",
)
# A replica in these states works on its GPU.
USES_GPU: Final = frozenset[LedgerState](BILLED) - {"asleep"}
# All that is reported of a pool, what costs and what does not.
REPORTED: Final[tuple[LedgerState, ...]] = (*BILLED, "asleep_shared")
NOBODY: Final = "nobody"


class StateSpan(msgspec.Struct, frozen=True):
    """A replica of a pool was in a state for a while."""

    pool: str
    state: LedgerState
    begins: datetime
    ends: datetime


class PoolAccount(msgspec.Struct, frozen=True):
    """One pool over a period.

    `filled_s` is the seconds of warm replicas that calls filled: slot-seconds by slots.
    `cold_calls_avoided` of the calls that came would have waited for a start, had only as many
    replicas been warm as the calls under way filled.
    """

    pool: str
    region: RegionCode
    price_an_hour: float
    seconds: Mapping[str, float]
    filled_s: float
    cold_calls_avoided: int = 0

    @property
    def billed_s(self) -> float:
        """Replica-seconds that hold a GPU."""
        return sum(self.seconds.get(state, 0.0) for state in BILLED)

    @property
    def cost(self) -> float:
        """What all of them cost."""
        return self.billed_s / 3600 * self.price_an_hour

    @property
    def idle_s(self) -> float:
        """Warm and not filled by calls."""
        return max(0.0, self.seconds.get("warm", 0.0) - self.filled_s)

    @property
    def idle_cost(self) -> float:
        """What idle warmth cost."""
        return self.idle_s / 3600 * self.price_an_hour


class TenantUse(msgspec.Struct, frozen=True):
    """A tenant's seconds of agents' calls by region, unanswered calls, cold calls by cause."""

    tenant: str
    call_s: Mapping[RegionCode, float]
    untaken: Mapping[str, int]
    cold: Mapping[str, int] = {}


class Bill(msgspec.Struct, frozen=True):
    """One tenant's share of what the pools cost, and the part of it that is idle warmth."""

    tenant: str
    cost: float
    idle_cost: float


def split_sleep(spans: Sequence[StateSpan], *, gpus: Mapping[str, str]) -> tuple[StateSpan, ...]:
    """The same spans, with sleep split: it is `asleep_shared` while another pool of the same GPU
    worked on it.

    `gpus` names the GPU of each pool that has one; pools with the same name share it. A pool that
    uses the GPU pays for it; while nobody does, it is held for the sleeper, who does.
    """
    working: dict[str, list[StateSpan]] = {}
    for span in spans:
        if span.state in USES_GPU and span.pool in gpus:
            working.setdefault(gpus[span.pool], []).append(span)
    used = {
        pool: _joined(span for span in working.get(gpu, ()) if span.pool != pool)
        for pool, gpu in gpus.items()
    }
    split: list[StateSpan] = []
    for span in spans:
        if span.state == "asleep":
            split.extend(_split(span, used.get(span.pool, ())))
        else:
            split.append(span)
    return tuple(split)


def _joined(spans: Iterable[StateSpan]) -> list[tuple[datetime, datetime]]:
    """The times that any of the spans covers, in order and apart from one another."""
    times: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted((span.begins, span.ends) for span in spans):
        if times and begins <= times[-1][1]:
            times[-1] = (times[-1][0], max(times[-1][1], ends))
        else:
            times.append((begins, ends))
    return times


def _split(span: StateSpan, used: Sequence[tuple[datetime, datetime]]) -> Iterator[StateSpan]:
    at = span.begins
    for begins, ends in used[bisect_right(used, at, key=itemgetter(1)) :]:
        first, last = max(begins, at), min(ends, span.ends)
        if first >= last:
            break
        if at < first:
            yield StateSpan(span.pool, "asleep", at, first)
        yield StateSpan(span.pool, "asleep_shared", first, last)
        at = last
    if at < span.ends:
        yield StateSpan(span.pool, "asleep", at, span.ends)


def seconds_by_state(
    spans: Iterable[StateSpan], *, pool: str, since: datetime, until: datetime
) -> dict[str, float]:
    """A pool's replica-seconds in each state within a period."""
    seconds: dict[str, float] = {}
    for span in spans:
        inside_s = (min(span.ends, until) - max(span.begins, since)).total_seconds()
        if span.pool == pool and inside_s > 0:
            seconds[span.state] = seconds.get(span.state, 0.0) + inside_s
    return seconds


def share_out(accounts: Sequence[PoolAccount], uses: Sequence[TenantUse]) -> tuple[Bill, ...]:
    """Each region's cost in proportion to the calls' seconds there.

    What nobody called for is nobody's, and says so.
    """
    bills: dict[str, list[float]] = {}
    for account in accounts:
        total_s = sum(use.call_s.get(account.region, 0.0) for use in uses)
        shares = {NOBODY: 1.0}
        if total_s:
            shares = {use.tenant: use.call_s.get(account.region, 0.0) / total_s for use in uses}
        for tenant, share in shares.items():
            bill = bills.setdefault(tenant, [0.0, 0.0])
            bill[0] += share * account.cost
            bill[1] += share * account.idle_cost
    largest_first = sorted(bills.items(), key=lambda bill: -bill[1][0])
    return tuple(Bill(tenant, cost, idle) for tenant, (cost, idle) in largest_first)
