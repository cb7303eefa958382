"""What one routing decision costs: `python -m tests.bench.routing`.

A decision is region and replica for one caller, among 1,020 replicas in 20 regions, from real
number prefixes, by the slots that the snapshot says are held: some regions are full, and some
nearly so. Each fleet size is measured side by side: the cost must not grow with it, nor what one
decision allocates. Times are the thread's own processor time, so that a busy machine does not
count, and the wall's beside it. Allocations are those of callers whose place has been asked for
since the snapshot came: what follows from the snapshot alone is worked out once.
"""

import random
import sys
import time
import tracemalloc
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from inference.fleet.caller_places import PLACES
from inference.fleet.routing import choose_region, choose_replica
from inference.types import Place, Pool, Region, Replica, Snapshot
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

BOUND_P99_US = 50.0
# A window of the ring and a few numbers: a list of all replicas of 30,600 would be a hundred times
# that.
BOUND_BYTES = 4096
ROLES: tuple[Role, ...] = ("hear", "think", "speak")
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def fleet(*, regions: int, replicas_a_role: int, drawn: random.Random) -> Snapshot:
    """Regions at random places, each with as many warm replicas for each role."""
    places = [
        Place(f"place {n}", drawn.uniform(-50, 60), drawn.uniform(-180, 180))
        for n in range(regions)
    ]
    rows = tuple(
        Region(RegionCode(f"r{n}"), place, "us" if n % 2 else "eu")
        for n, place in enumerate(places)
    )
    slots = 16 * replicas_a_role
    pools = tuple(
        Pool(row.code, role, "m", 16, held=min(slots, round(slots * drawn.uniform(0.3, 1.02))))
        for row in rows
        for role in ROLES
    )
    replicas = tuple(
        Replica(
            ReplicaId(f"{pool.name}/{n}"),
            pool.name,
            pool.region,
            pool.role,
            "m",
            "http://r",
            "warm",
            16,
            NOW,
            drawn.randrange(16),
        )
        for pool in pools
        for n in range(replicas_a_role)
    )
    return Snapshot(1, NOW, rows, pools, replicas)


def decide(snapshot: Snapshot, caller: str, residency: str, *, prefix: str) -> None:
    """Region and replica, as a call is admitted."""
    choice = choose_region(snapshot, caller, residency, held=snapshot.held_by_pool)
    choose_replica(snapshot, choice.region, "think", caller, prefix=prefix)


def allocated(snapshot: Snapshot, *, decisions: int, drawn: random.Random) -> int:
    """The most bytes that one decision had in use at once, beside what was there before it."""
    prefixes = list(PLACES)
    callers = [
        (f"+{drawn.choice(prefixes)}{n:07d}", drawn.choice(("anywhere", "us", "eu")))
        for n in range(decisions)
    ]
    for caller, residency in callers:
        decide(snapshot, caller, residency, prefix="agent-1")
    most = 0
    tracemalloc.start()
    try:
        for caller, residency in callers:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            decide(snapshot, caller, residency, prefix="agent-1")
            most = max(most, tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    return most


def measure(
    snapshot: Snapshot, *, decisions: int, drawn: random.Random
) -> tuple[list[float], list[float]]:
    """Processor and wall microseconds of each decision, sorted."""
    prefixes = list(PLACES)
    own, wall = [], []
    for number in range(decisions):
        caller = f"+{drawn.choice(prefixes)}{number:07d}"
        residency = drawn.choice(("anywhere", "us", "eu"))
        began, began_own = time.perf_counter_ns(), time.thread_time_ns()
        decide(snapshot, caller, residency, prefix=f"agent-{number % 200}")
        own.append((time.thread_time_ns() - began_own) / 1000)
        wall.append((time.perf_counter_ns() - began) / 1000)
    return sorted(own), sorted(wall)


def main() -> int:
    """Print the table; 1 when a bound is passed."""
    columns = (
        "replicas",
        "regions",
        "p50 µs",
        "p99 µs",
        "wall p50 µs",
        "wall p99 µs",
        "most bytes at once",
    )
    table = Table(*columns, title="routing decision")
    worst, bytes_at_once = 0.0, []
    for regions, replicas_a_role in ((2, 1), (20, 17), (20, 170), (20, 510)):
        drawn = random.Random(7)
        snapshot = fleet(regions=regions, replicas_a_role=replicas_a_role, drawn=drawn)
        own, wall = measure(snapshot, decisions=50_000, drawn=drawn)
        bytes_at_once.append(allocated(snapshot, decisions=2_000, drawn=drawn))
        p50, p99 = (own[len(own) * share // 100] for share in (50, 99))
        wall_p50, wall_p99 = (wall[len(wall) * share // 100] for share in (50, 99))
        row = (
            f"{p50:.1f}",
            f"{p99:.1f}",
            f"{wall_p50:.1f}",
            f"{wall_p99:.1f}",
            f"{bytes_at_once[-1]:,}",
        )
        table.add_row(f"{len(snapshot.replicas):,}", str(regions), *row)
        if len(snapshot.replicas) <= 1100:
            worst = max(worst, p99)
    Console().print(table)
    print(f"p99 with 1,020 replicas: {worst:.1f} µs (bound {BOUND_P99_US:.0f} µs)")
    print(
        f"allocated by one decision: {max(bytes_at_once):,} bytes at most "
        f"(bound {BOUND_BYTES:,}, whatever the fleet)"
    )
    return 0 if worst <= BOUND_P99_US and max(bytes_at_once) <= BOUND_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
