"""The discrete-event simulator: calls come, hold a slot and go, second by second.

An autoscaler decides between. A call takes a free warm slot of its own region, or, where regions
lend, of the region with the most free ones. Without any it waits in line; over two seconds it has
met a cold model. Nobody hangs up: a policy that lets callers wait meets them again.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from random import Random
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.replay.fleet import QueuedCall, SimulatedFleet
from inference.replay.types import COLD_AFTER_S, Autoscaler, RegionObservation, RunOutcome, World

Happening = Literal["warm", "failed", "dies"]


def simulate(
    world: World, autoscaler: Autoscaler, *, progress: Callable[[float], None] | None = None
) -> RunOutcome:
    """Run a world under an autoscaler; the same world and autoscaler give the same outcome."""
    return _Run(world, autoscaler).run(progress)


class _Run:
    def __init__(self, world: World, autoscaler: Autoscaler) -> None:
        longest_s = [int(lengths.max()) for lengths in world.lengths_s if len(lengths)]
        self.world = world
        self.autoscaler = autoscaler
        self.ring = max(longest_s, default=1) + 2
        move_s = world.move_s if autoscaler.moves or world.all_move else 0
        self.fleets = [
            SimulatedFleet(world, ring=self.ring, move_s=move_s) for _ in range(world.regions)
        ]
        self.counts = [_a_second(arrivals, world.seconds) for arrivals in world.arrivals]
        self.lengths = [lengths.tolist() for lengths in world.lengths_s]
        self.taken = [0] * world.regions
        self.seen = [RegionObservation() for _ in range(world.regions)]
        self.decided = [0] * world.regions
        self.agenda: list[tuple[int, int, Happening, int, int]] = []
        self.guests_leave: dict[int, list[tuple[int, int]]] = {}
        self.ordered = 0
        self.waiting = 0
        self.cold: Counter[int] = Counter()
        self.lent = self.broken = self.waited_s = 0
        self.chance = Random(world.seed)  # noqa: S311  a simulation's dice

    # One loop over millions of seconds: as many calls would cost more than the work itself.
    def run(self, progress: Callable[[float], None] | None) -> RunOutcome:  # noqa: C901, PLR0912
        # Names of the function's own are found quicker than an object's.
        world, ring, fleets = self.world, self.ring, self.fleets
        counts, lengths, taken = self.counts, self.lengths, self.taken
        guests_leave, every_s = self.guests_leave, self.autoscaler.every_s
        places = [fleet.ends for fleet in fleets]
        regions = range(world.regions)
        for at_s in range(world.seconds):
            now = at_s % ring
            for region in regions:
                done = places[region][now]
                if done:
                    fleet = fleets[region]
                    if fleet.draining:
                        fleet.release(done, at_s)
                    else:
                        free = fleet.free
                        for slot in done:
                            heappush(free, slot)
                    done.clear()
            if at_s in guests_leave:
                self._end_lending(guests_leave.pop(at_s))
            while self.agenda and self.agenda[0][0] <= at_s:
                self._apply_next(at_s)
            if at_s % every_s == 0:
                self._decide(at_s)
                if progress is not None:
                    progress(at_s / world.seconds)
            if self.waiting:
                self._serve(at_s)
            for region in regions:
                calls = counts[region][at_s]
                if calls:
                    ends, free, length_of = places[region], fleets[region].free, lengths[region]
                    first = taken[region]
                    taken[region] = first + calls
                    for number in range(first, first + calls):
                        if free:
                            ends[(at_s + length_of[number]) % ring].append(heappop(free))
                        else:
                            self._lend_or_queue(region, number, at_s)
        return self._outcome()

    def _lend_or_queue(self, region: int, number: int, at_s: int) -> None:
        """A call that finds no free slot at home: lent one, or put in line."""
        call = QueuedCall(
            at_s, self.lengths[region][number], int(self.world.tenants[region][number])
        )
        host = self._host(region)
        if host is None:
            self.fleets[region].queue.append(call)
            self.waiting += 1
        else:
            self._place(call, region, host, at_s)

    def _host(self, region: int) -> int | None:
        """Where a region's call finds a free slot: at home, else where most are free, else None."""
        if self.fleets[region].free:
            return region
        if not self.world.lend:
            return None
        host = max(range(len(self.fleets)), key=lambda region: len(self.fleets[region].free))
        return host if self.fleets[host].free else None

    def _place(self, call: QueuedCall, home: int, host: int, at_s: int) -> None:
        fleet = self.fleets[host]
        fleet.ends[(at_s + call.length_s) % self.ring].append(heappop(fleet.free))
        if host != home:
            self.guests_leave.setdefault(at_s + call.length_s, []).append((home, host))
            self.fleets[home].away += 1
            fleet.guests += 1
            self.lent += at_s >= self.world.counted_from_s

    def _end_lending(self, leaving: list[tuple[int, int]]) -> None:
        for home, host in leaving:
            self.fleets[home].away -= 1
            self.fleets[host].guests -= 1

    def _serve(self, at_s: int) -> None:
        """Those in line, longest waiting first in each region, as far as slots are free."""
        for home, fleet in enumerate(self.fleets):
            while fleet.queue:
                host = self._host(home)
                if host is None:
                    break
                call = fleet.queue.popleft()
                self.waiting -= 1
                self._count(call, at_s)
                self._place(call, home, host, at_s)

    def _count(self, call: QueuedCall, at_s: int) -> None:
        waited_s = at_s - call.since_s
        if call.since_s < self.world.counted_from_s:
            return
        self.waited_s += waited_s
        if waited_s > COLD_AFTER_S:
            if call.answered:
                self.broken += 1
            else:
                self.cold[call.tenant] += 1

    def _decide(self, at_s: int) -> None:
        for region, fleet in enumerate(self.fleets):
            seen = self.seen[region]
            seen.at_s = at_s
            seen.warm, seen.in_transit, seen.draining = (
                len(fleet.warm),
                len(fleet.starting),
                len(fleet.draining),
            )
            seen.held = fleet.held
            seen.waiting = len(fleet.queue)
            seen.own = seen.held - fleet.guests + fleet.away + seen.waiting
            seen.arrived = self.taken[region] - self.decided[region]
            self.decided[region] = self.taken[region]
        for region, desired in enumerate(self.autoscaler.desired(self.seen)):
            fleet = self.fleets[region]
            missing = desired - len(fleet.warm) - len(fleet.starting)
            if missing > 0:
                self._order(region, missing, at_s)
            elif missing < 0 and len(fleet.warm) > desired:
                # As in production: nothing is drained for a replica that is not warm yet.
                fleet.drain(min(-missing, len(fleet.warm) - desired), at_s)

    def _order(self, region: int, missing: int, at_s: int) -> None:
        fleet = self.fleets[region]
        for _ in range(missing):
            if self.autoscaler.recalls and fleet.recall(at_s):
                continue
            woken = bool(fleet.asleep)
            replica = fleet.order(at_s)
            takes_s = int(self.world.starts_s[self.ordered % len(self.world.starts_s)])
            if woken:
                takes_s = self.world.wake_s
            self.ordered += 1
            fails = self.world.start_fails > 0 and self.chance.random() < self.world.start_fails
            heappush(
                self.agenda,
                (at_s + takes_s, self.ordered, "failed" if fails else "warm", region, replica),
            )

    def _apply_next(self, at_s: int) -> None:
        _, _, happening, region, replica = heappop(self.agenda)
        fleet = self.fleets[region]
        if happening == "warm":
            fleet.became_warm(replica, at_s)
            if self.world.life_s:
                dies_s = at_s + max(1, int(self.chance.expovariate(1 / self.world.life_s)))
                self.ordered += 1
                heappush(self.agenda, (dies_s, self.ordered, "dies", region, replica))
        elif happening == "failed":
            fleet.start_failed(replica, at_s)
        else:
            for left_s in fleet.die(replica, at_s):
                # The call goes on elsewhere: it is as long as before, and whose it is does not
                # matter any more.
                fleet.queue.append(QueuedCall(at_s, left_s, 0, answered=True))
                self.waiting += 1

    def _outcome(self) -> RunOutcome:
        world = self.world
        for fleet in self.fleets:
            for call in fleet.queue:
                self._count(call, world.seconds + COLD_AFTER_S + 1)
            fleet.count_costs(world.seconds)
        states = self.fleets[0].seconds if self.fleets else {}
        return RunOutcome(
            calls=sum(
                int(np.sum((times >= world.counted_from_s) & (times < world.seconds)))
                for times in world.arrivals
            ),
            cold=sum(self.cold.values()),
            lent=self.lent,
            broken=self.broken,
            waited_s=self.waited_s,
            cold_by_tenant=dict(self.cold),
            seconds={state: sum(fleet.seconds[state] for fleet in self.fleets) for state in states},
            starts=sum(fleet.made for fleet in self.fleets),
        )


def _a_second(arrivals: NDArray[np.int64], seconds: int) -> Sequence[int]:
    """How many calls come in each second: a byte each where that suffices."""
    counts = np.bincount(arrivals, minlength=seconds)[:seconds]
    return (
        counts.astype(np.uint8).tobytes()
        if counts.max(initial=0) < 256
        else array("q", counts.tolist())
    )
