"""The clairvoyant: knows every arrival, pays for every start, never lends, never lets anybody wait.

Its replica-hours are a lower bound for any policy without lending and without a cold call: at each
moment it has as many warm replicas as the calls in progress fill, calls packed as if they could be
moved, and each replica is paid from the beginning of its start. The n-th replica is kept between
two needs when that is cheaper than another start.
"""

import numpy as np
from numpy.typing import NDArray

from inference.replay.types import World


def oracle_seconds(world: World) -> int:
    """Replica-seconds that foresight needs in all regions, from `counted_from_s` on."""
    return sum(
        region_seconds(calls_in_progress(arrivals, lengths, world.seconds), world)
        for arrivals, lengths in zip(world.arrivals, world.lengths_s, strict=True)
    )


def calls_in_progress(
    arrivals: NDArray[np.int64], lengths_s: NDArray[np.int64], seconds: int
) -> NDArray[np.int64]:
    """Calls in progress in each second, none of them waiting."""
    change = np.bincount(arrivals, minlength=seconds + 1)[: seconds + 1]
    change = change - np.bincount(np.minimum(arrivals + lengths_s, seconds), minlength=seconds + 1)
    return np.cumsum(change)[:seconds]


def region_seconds(held: NDArray[np.int64], world: World) -> int:
    """The least replica-seconds that hold these calls, over all ways to start and stop."""
    start_s = round(world.start_s)
    needed = -(-held // world.slots)
    total = 0
    for level in range(1, int(needed.max(initial=0)) + 1):
        up = np.concatenate([[0], (needed >= level).astype(np.int8), [0]])
        change = np.diff(up)
        begins, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
        # A gap shorter than a start is bridged: waiting is cheaper than starting again.
        apart = np.concatenate([[True], begins[1:] - ends[:-1] > start_s])
        begins, ends = begins[apart] - start_s, ends[np.concatenate([apart[1:], [True]])]
        begins, ends = (
            np.maximum(begins, world.counted_from_s),
            np.maximum(ends, world.counted_from_s),
        )
        total += int((ends - begins).sum())
    return total
