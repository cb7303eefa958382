"""How many replicas the expected calls ask for, over pools that lend one another slots. Pure.

Square-root staffing: the mean, and a margin of so many deviations that the last replica's hour
costs as much as the cold calls that it spares. Pools that lend share one margin and round up once
together; each keeps at least what its own calls fill on average, so that lending covers the margin
and not the day.
"""

from functools import lru_cache
from math import ceil, floor, sqrt
from statistics import NormalDist
from typing import Final

import msgspec

NORMAL: Final = NormalDist()
# Beyond this a forecast's tail is a guess: whoever wants more sets a baseline.
Z_MOST: Final = 5.0
# A replica is stopped only when a margin of so many deviations more would not need it either: a
# start costs what this keeps for some minutes, and what arrives meanwhile finds it warm. To ask for
# one start later as well cost 1 % of the replica-hours at equal cold calls, since a replica whose
# calls move on is given back within seconds.
KEEP_Z: Final = 0.5


class Expected(msgspec.Struct, frozen=True):
    """Slots that calls will fill when a replica ordered now is warm."""

    mean: float
    variance: float
    calls_an_hour: float


class Share(msgspec.Struct, frozen=True):
    """One pool of a group: what is expected of it and the replicas it has, warm or on their way."""

    expected: Expected
    have: int


class Group(msgspec.Struct, frozen=True):
    """Pools of one kind that lend one another slots, in an order that all of them know.

    `own` is this pool's place among them.
    """

    shares: tuple[Share, ...]
    own: int = msgspec.field(name="mine")


def deviations(calls_an_hour: float, cold_call_price: float) -> float:
    """Deviations above the mean that the prices ask for.

    One replica more spares the calls that come while all others are full. With n calls an hour and
    a price of p replica-hours for a cold one, it pays while the chance of being full is above 1 /
    (n p).
    """
    worth = calls_an_hour * cold_call_price
    return 0.0 if worth <= 2 else min(Z_MOST, NORMAL.inv_cdf(1 - 1 / worth))


def margin_slots(mean: float, variance: float, z: float) -> float:
    """Slots above the mean at `z` deviations, with a negative binomial's skew (Cornish-Fisher)."""
    if z <= 0 or mean <= 0:
        return 0.0
    return z * sqrt(variance) + (z * z - 1) / 6 * max(0.0, 2 * variance / mean - 1)


@lru_cache(maxsize=64)
def allocate(shares: tuple[Share, ...], slots: int, cold_call_price: float) -> tuple[int, ...]:
    """Replicas for each pool of a group: the common margin's number in all, little moved."""
    z = deviations(sum(share.expected.calls_an_hour for share in shares), cold_call_price)
    mean = sum(share.expected.mean for share in shares)
    variance = sum(share.expected.variance for share in shares)
    margin = margin_slots(mean, variance, z)
    least = ceil((mean + margin) / slots)
    most = ceil((mean + margin_slots(mean, variance, z + KEEP_Z)) / slots)
    per = margin / variance if variance > 0 else 0.0
    needs = [(share.expected.mean + per * share.expected.variance) / slots for share in shares]
    floors = [floor(share.expected.mean / slots) for share in shares]
    wants = [max(share.have, at_least) for share, at_least in zip(shares, floors, strict=True)]
    pools = range(len(shares))
    for _ in range(least - sum(wants)):
        wants[max(pools, key=lambda pool: needs[pool] - wants[pool])] += 1
    for _ in range(sum(wants) - most):
        spare = [pool for pool in pools if wants[pool] > floors[pool]]
        if not spare:
            break
        wants[min(spare, key=lambda pool: needs[pool] - wants[pool])] -= 1
    return tuple(wants)
