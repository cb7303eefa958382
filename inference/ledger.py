"""What warmth cost: replica-seconds by state and pool, what of them nobody used, and whose share it is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from inference.types import ReplicaState
from warmline.kernel.regions import RegionCode

# A replica in these states holds its card. One asleep does too, as long as nothing else is put on the card meanwhile.
BILLED: Final[tuple[ReplicaState, ...]] = (
    "starting",
    "loading",
    "priming",
    "warm",
    "draining",
    "asleep",
    "waking",
)
NOBODY: Final = "nobody"


class Span(msgspec.Struct, frozen=True):
    """A replica of a pool was in a state for a while."""

    pool: str
    state: ReplicaState
    begins: datetime
    ends: datetime


class Account(msgspec.Struct, frozen=True):
    """One pool over a period. `filled_s` is the seconds of warm replicas that calls filled: slot-seconds by slots.

    `cold_calls_avoided` of the calls that came would have waited for a start, had only as many replicas been warm as
    the calls under way filled.
    """

    pool: str
    region: RegionCode
    price_an_hour: float
    seconds: Mapping[str, float]
    filled_s: float
    cold_calls_avoided: int = 0

    @property
    def billed_s(self) -> float:
        """Replica-seconds that hold a card."""
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


class Use(msgspec.Struct, frozen=True):
    """What one tenant had: seconds of agents' calls by region, calls that no agent took, and cold calls, by cause."""

    tenant: str
    call_s: Mapping[RegionCode, float]
    untaken: Mapping[str, int]
    cold: Mapping[str, int] = {}


class Bill(msgspec.Struct, frozen=True):
    """One tenant's share of what the pools cost, and the part of it that is idle warmth."""

    tenant: str
    cost: float
    idle_cost: float


def seconds_by_state(spans: Iterable[Span], *, pool: str, since: datetime, until: datetime) -> dict[str, float]:
    """A pool's replica-seconds in each state within a period."""
    found: dict[str, float] = {}
    for span in spans:
        inside = (min(span.ends, until) - max(span.begins, since)).total_seconds()
        if span.pool == pool and inside > 0:
            found[span.state] = found.get(span.state, 0.0) + inside
    return found


def share_out(accounts: Sequence[Account], uses: Sequence[Use]) -> tuple[Bill, ...]:
    """Each region's cost in proportion to the calls' seconds there; what nobody called for is nobody's, and told so."""
    bills: dict[str, list[float]] = {}
    for account in accounts:
        total_s = sum(use.call_s.get(account.region, 0.0) for use in uses)
        shares = {use.tenant: use.call_s.get(account.region, 0.0) / total_s for use in uses} if total_s else {}
        for tenant, share in (shares or {NOBODY: 1.0}).items():
            bill = bills.setdefault(tenant, [0.0, 0.0])
            bill[0] += share * account.cost
            bill[1] += share * account.idle_cost
    return tuple(
        Bill(tenant, cost, idle) for tenant, (cost, idle) in sorted(bills.items(), key=lambda each: -each[1][0])
    )
