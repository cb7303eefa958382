"""The simulator's types: worlds of arrivals, what an autoscaler sees, what came of a run."""

from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

# A caller who waits longer than this for a free warm slot has met a cold model.
COLD_AFTER_S = 2


class World(msgspec.Struct, frozen=True):
    """All that chance decided before a run: every policy meets the same one.

    `arrivals` and `lengths_s` are each region's calls, in seconds from the start of the run,
    rising; `tenants` says whose each call is. Calls before `counted_from_s` warm the run up and are
    not counted. `starts_s` are start times in the order in which starts happen. A replica lives
    `life_s` on average (0: for ever), and a share `start_fails` of the starts fails. With
    `max_asleep` a region parks so many drained replicas asleep, back in `wake_s`. `packed`: calls
    go to the oldest replica with room, and not, as the router does it, to all alike. `move_s`:
    calls leave a replica that drains for others with room, and it stops so much later; 0: they
    stay. So under a policy that moves calls, or under each one where `all_move`.
    """

    arrivals: tuple[NDArray[np.int64], ...]
    lengths_s: tuple[NDArray[np.int64], ...]
    tenants: tuple[NDArray[np.int32], ...]
    seconds: int
    counted_from_s: int
    slots: int
    start_s: float
    starts_s: NDArray[np.int64]
    lend: bool
    seed: int
    life_s: float = 0.0
    start_fails: float = 0.0
    max_asleep: int = 0
    wake_s: int = 3
    packed: bool = False
    move_s: int = 0
    all_move: bool = False

    @property
    def regions(self) -> int:
        """How many regions there are."""
        return len(self.arrivals)


class RegionObservation:
    """What an autoscaler sees of one region.

    One object a region, written anew before each decision. `held` are busy slots on the region's
    own replicas; `own` are the region's own calls in progress or waiting, at home or lent
    elsewhere; `arrived` are its calls since the decision before.
    """

    __slots__ = ("arrived", "at_s", "draining", "held", "in_transit", "own", "waiting", "warm")

    def __init__(self) -> None:
        self.at_s = self.warm = self.in_transit = self.draining = self.held = self.own = (
            self.waiting
        ) = 0
        self.arrived = 0


class Autoscaler(Protocol):
    """A policy in the simulator.

    `recalls`: it takes a draining replica back before it starts another. `moves`: where its
    replicas drain, calls go on elsewhere.
    """

    every_s: int
    recalls: bool
    moves: bool

    def desired(self, seen: list[RegionObservation]) -> list[int]:
        """Replicas wanted in each region, warm or on their way."""
        ...


class RunOutcome(msgspec.Struct, frozen=True):
    """One run's calls by whether they met a cold model, and its replica-seconds by state."""

    calls: int
    cold: int
    lent: int
    broken: int
    waited_s: int
    cold_by_tenant: dict[int, int]
    seconds: dict[str, int]
    starts: int

    @property
    def cold_percent(self) -> float:
        """Calls that met a cold model, per cent of all."""
        return 100 * self.cold / self.calls if self.calls else 0.0

    @property
    def replica_hours(self) -> float:
        """Hours of replicas that hold a GPU: starting, warm, draining and asleep."""
        return sum(self.seconds.values()) / 3600
