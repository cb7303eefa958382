"""One region's replicas in the simulator: which slots are free, who is starting, who drains, and
what it costs.

A slot is a number that sorts by preference, and the free slots are a heap of such numbers. Spread:
the first slot of every replica comes before the second of any, as the router spreads calls over
warm replicas. Packed: the oldest replica with a free slot comes first, so that the newest ones
empty and need not wait for a long call when they are stopped.
"""

from collections import Counter, deque
from heapq import heapify, heappop, heappush
from typing import Final

import msgspec

from inference.replay.types import World

# Replicas are numbered below 2 ** 32 in a run, slots in a replica below 2 ** 16.
REPLICA_BITS: Final = 32
SLOT_BITS: Final = 16


class QueuedCall(msgspec.Struct):
    """A call without a slot: since when, how long, whose, and whether it was answered already."""

    since_s: int
    length_s: int
    tenant: int
    answered: bool = False


class SimulatedFleet:
    """A region's replicas. `ends` is a ring of seconds: the slots whose calls end then."""

    def __init__(self, world: World, *, ring: int, move_s: int) -> None:
        self.packed = world.packed
        self.slots = world.slots
        self.counted_from_s = world.counted_from_s
        self.max_asleep = world.max_asleep
        self.move_s = move_s
        self.free: list[int] = []
        self.ends: list[list[int]] = [[] for _ in range(ring)]
        self.queue: deque[QueuedCall] = deque()
        self.since: dict[int, int] = {}
        self.starting: dict[int, None] = {}
        self.warm: dict[int, None] = {}
        self.draining: dict[int, int] = {}
        self.asleep: dict[int, None] = {}
        self.seconds: dict[str, int] = {"starting": 0, "warm": 0, "draining": 0, "asleep": 0}
        self.made = 0
        self.guests = 0
        self.away = 0

    @property
    def held(self) -> int:
        """Busy slots, on warm and on draining replicas."""
        return len(self.warm) * self.slots - len(self.free) + sum(self.draining.values())

    def order(self, at_s: int) -> int:
        """Begin the start of one more replica: one asleep is woken first. Its number."""
        replica = next(iter(self.asleep), None)
        if replica is None:
            self.made += 1
            replica = self.made
        else:
            del self.asleep[replica]
            self._spend("asleep", replica, at_s)
        self.starting[replica] = None
        self.since[replica] = at_s
        return replica

    def became_warm(self, replica: int, at_s: int) -> None:
        """A start is over: all of the replica's slots are free."""
        del self.starting[replica]
        self._spend("starting", replica, at_s)
        self.since[replica] = at_s
        self.warm[replica] = None
        for slot in range(self.slots):
            heappush(self.free, self._number(replica, slot))

    def start_failed(self, replica: int, at_s: int) -> None:
        """A start came to nothing; its time is paid."""
        del self.starting[replica]
        self._spend("starting", replica, at_s)

    def recall(self, at_s: int) -> bool:
        """Take back the draining replica with the most calls still on it.

        False when none drains.
        """
        if not self.draining:
            return False
        replica = max(self.draining, key=self.draining.__getitem__)
        busy = self.draining.pop(replica)
        self._spend("draining", replica, at_s)
        self.since[replica] = at_s
        self.warm[replica] = None
        taken = self._slots_busy(replica)
        free = [slot for slot in range(self.slots) if slot not in taken]
        assert len(free) == self.slots - busy
        for slot in free:
            heappush(self.free, self._number(replica, slot))
        return True

    def drain(self, count: int, at_s: int) -> None:
        """No new calls on so many warm replicas, those with the fewest calls first, and of equal
        ones the newest.

        With `move_s` their calls go on at other warm replicas as far as there is room: a replica
        that is left without calls stops so much later. Any other waits for the end of its last
        call.
        """
        room = Counter(self._replica(slot) for slot in self.free)
        victims = sorted(self.warm, key=lambda replica: (-room[replica], -replica))[:count]
        self.free = [slot for slot in self.free if self._replica(slot) not in victims]
        heapify(self.free)
        busy = {replica: self.slots - room[replica] for replica in victims}
        for replica in victims:
            del self.warm[replica]
            self._spend("warm", replica, at_s)
            self.since[replica] = at_s
        if self.move_s and any(busy.values()):
            self._move_calls(busy)
        for replica, calls in busy.items():
            if calls:
                self.draining[replica] = calls
            else:
                self._spend("draining", replica, at_s + self.move_s)
                self._drained(replica, at_s + self.move_s)

    def _move_calls(self, busy: dict[int, int]) -> None:
        """Calls on these replicas take free slots elsewhere; `busy` keeps what stays."""
        for bucket in self.ends:
            for place, slot in enumerate(bucket):
                replica = self._replica(slot)
                if replica in busy and self.free:
                    bucket[place] = heappop(self.free)
                    busy[replica] -= 1

    def release(self, done: list[int], at_s: int) -> None:
        """Calls ended on these slots, while some replicas drain."""
        for slot in done:
            replica = self._replica(slot)
            if replica not in self.draining:
                heappush(self.free, slot)
            elif self.draining[replica] > 1:
                self.draining[replica] -= 1
            else:
                del self.draining[replica]
                self._spend("draining", replica, at_s)
                self._drained(replica, at_s)

    def die(self, replica: int, at_s: int) -> list[int]:
        """A replica is lost; the seconds that each call on it still had to go."""
        if replica in self.warm:
            del self.warm[replica]
            self._spend("warm", replica, at_s)
            self.free = [slot for slot in self.free if self._replica(slot) != replica]
            heapify(self.free)
        elif replica in self.draining:
            del self.draining[replica]
            self._spend("draining", replica, at_s)
        else:
            return []
        ring, left = len(self.ends), []
        for ahead in range(1, ring):
            bucket = self.ends[(at_s + ahead) % ring]
            kept = [slot for slot in bucket if self._replica(slot) != replica]
            left += [ahead] * (len(bucket) - len(kept))
            bucket[:] = kept
        return left

    def count_costs(self, at_s: int) -> None:
        """Count what the living have cost until the end of the run."""
        for state, replicas in self._living():
            for replica in replicas:
                self._spend(state, replica, at_s)

    def _number(self, replica: int, slot: int) -> int:
        return replica << SLOT_BITS | slot if self.packed else slot << REPLICA_BITS | replica

    def _replica(self, number: int) -> int:
        return number >> SLOT_BITS if self.packed else number & (1 << REPLICA_BITS) - 1

    def _slot(self, number: int) -> int:
        return number & (1 << SLOT_BITS) - 1 if self.packed else number >> REPLICA_BITS

    def _living(self) -> tuple[tuple[str, list[int]], ...]:
        return (
            ("starting", list(self.starting)),
            ("warm", list(self.warm)),
            ("draining", list(self.draining)),
            ("asleep", list(self.asleep)),
        )

    def _drained(self, replica: int, at_s: int) -> None:
        if len(self.asleep) < self.max_asleep:
            self.asleep[replica] = None
            self.since[replica] = at_s

    def _spend(self, state: str, replica: int, at_s: int) -> None:
        begun = max(self.since.pop(replica), self.counted_from_s)
        self.seconds[state] += max(0, at_s - begun)

    def _slots_busy(self, replica: int) -> set[int]:
        return {
            self._slot(slot)
            for bucket in self.ends
            for slot in bucket
            if self._replica(slot) == replica
        }
