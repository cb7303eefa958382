"""What warmth cost: replica-seconds by state and pool,
what of them nobody used, and whose share it is. Pure.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Final, Literal

import msgspec

from inference.types import ReplicaState
from warmline.kernel.regions import RegionCode

# What the ledger tells of a replica. `asleep_shared`: asleep while another pool used its card,
# which then paid for it.
Kept = ReplicaState | Literal["asleep_shared"]
# A replica in these states works on its card.
USES_CARD: Final[frozenset[Kept]] = frozenset(
    {"starting", "loading", "priming", "warm", "draining", "waking"}
)
# A replica in these states holds its card. One asleep does too, as long as nothing else is put on
# the card meanwhile.
BILLED: Final[tuple[ReplicaState, ...]] = (
    "starting",
    "loading",
    "priming",
    "warm",
    "draining",
    "asleep",
    "waking",
)
# All that is told of a pool, what costs and what does not.
TOLD: Final[tuple[Kept, ...]] = (*BILLED, "asleep_shared")
NOBODY: Final = "nobody"


class Span(msgspec.Struct, frozen=True):
    """A replica of a pool was in a state for a while."""

    pool: str
    state: Kept
    begins: datetime
    ends: datetime


class Account(msgspec.Struct, frozen=True):
    """One pool over a period. `filled_s` is the seconds of warm replicas that calls filled:
    slot-seconds by slots.

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
    """What one tenant had: seconds of agents' calls by region,
    calls that no agent took, and cold calls, by cause.
    """

    tenant: str
    call_s: Mapping[RegionCode, float]
    untaken: Mapping[str, int]
    cold: Mapping[str, int] = {}


class Bill(msgspec.Struct, frozen=True):
    """One tenant's share of what the pools cost, and the part of it that is idle warmth."""

    tenant: str
    cost: float
    idle_cost: float


def told_apart(spans: Sequence[Span], *, cards: Mapping[str, str]) -> tuple[Span, ...]:
    """The same spans, with sleep split: it is `asleep_shared` while another pool of the same card
    worked on it.

    `cards` names the card of each pool that has one; pools with the same name share it. A pool that
    uses the card pays for it; while nobody does, it is held for the sleeper, who does.
    """
    working: dict[str, list[Span]] = {}
    for span in spans:
        if span.state in USES_CARD and span.pool in cards:
            working.setdefault(cards[span.pool], []).append(span)
    used = {
        pool: _joined(span for span in working.get(card, ()) if span.pool != pool)
        for pool, card in cards.items()
    }
    found: list[Span] = []
    for span in spans:
        found.extend(_split(span, used.get(span.pool, ())) if span.state == "asleep" else (span,))
    return tuple(found)


def _joined(spans: Iterable[Span]) -> list[tuple[datetime, datetime]]:
    """The times that any of the spans covers, in order and apart from one another."""
    times: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted((span.begins, span.ends) for span in spans):
        if times and begins <= times[-1][1]:
            times[-1] = (times[-1][0], max(times[-1][1], ends))
        else:
            times.append((begins, ends))
    return times


def _split(span: Span, used: Sequence[tuple[datetime, datetime]]) -> Iterator[Span]:
    at = span.begins
    for begins, ends in used[bisect_right(used, at, key=itemgetter(1)) :]:
        first, last = max(begins, at), min(ends, span.ends)
        if first >= last:
            break
        if at < first:
            yield Span(span.pool, "asleep", at, first)
        yield Span(span.pool, "asleep_shared", first, last)
        at = last
    if at < span.ends:
        yield Span(span.pool, "asleep", at, span.ends)


def seconds_by_state(
    spans: Iterable[Span], *, pool: str, since: datetime, until: datetime
) -> dict[str, float]:
    """A pool's replica-seconds in each state within a period."""
    found: dict[str, float] = {}
    for span in spans:
        inside = (min(span.ends, until) - max(span.begins, since)).total_seconds()
        if span.pool == pool and inside > 0:
            found[span.state] = found.get(span.state, 0.0) + inside
    return found


def share_out(accounts: Sequence[Account], uses: Sequence[Use]) -> tuple[Bill, ...]:
    """Each region's cost in proportion to the calls' seconds there;
    what nobody called for is nobody's, and told so.
    """
    bills: dict[str, list[float]] = {}
    for account in accounts:
        total_s = sum(use.call_s.get(account.region, 0.0) for use in uses)
        shares = (
            {use.tenant: use.call_s.get(account.region, 0.0) / total_s for use in uses}
            if total_s
            else {}
        )
        for tenant, share in (shares or {NOBODY: 1.0}).items():
            bill = bills.setdefault(tenant, [0.0, 0.0])
            bill[0] += share * account.cost
            bill[1] += share * account.idle_cost
    return tuple(
        Bill(tenant, cost, idle)
        for tenant, (cost, idle) in sorted(bills.items(), key=lambda each: -each[1][0])
    )
