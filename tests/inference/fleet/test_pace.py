"""How many calls a pool is given, by what calls wait for it: decided, and kept in a real Redis."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
import redis
import redis.asyncio

from inference.fleet import leases, pace_store
from inference.fleet.pace import FEWEST_ANSWERS, Pace, Waits, adjusted, quantile, together
from inference.types import Pool, Replica, Snapshot
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode


@pytest.fixture
def client(empty_valkey: str) -> Iterator[redis.Redis]:
    """The control plane's client of a region's Redis."""
    with redis.Redis.from_url(empty_valkey) as connected:
        yield connected


@pytest.fixture
async def async_client(empty_valkey: str) -> AsyncIterator[redis.asyncio.Redis]:
    """A media process's."""
    connected = redis.asyncio.Redis.from_url(empty_valkey)
    yield connected
    await connected.aclose()


US = RegionCode("us-east")
POOL = Pool(US, "hear", "tiny", slots=16)
QUICK = Waits(20, 0.2)
LATE = Waits(20, 2.5)


def replicas() -> tuple[Replica, ...]:
    """Two warm ones of sixteen slots each."""
    return tuple(
        Replica(
            id=ReplicaId(f"r{n}"),
            pool=POOL.name,
            region=US,
            role="hear",
            model="tiny",
            base_url=f"http://127.0.0.1:{n}",
            state="warm",
            slots=16,
            since=datetime(2026, 11, 23, tzinfo=UTC),
        )
        for n in (1, 2)
    )


SNAPSHOT = Snapshot(
    number=1, at=datetime(2026, 11, 23, tzinfo=UTC), pools=(POOL,), replicas=replicas()
)


def step(pace: Pace | None, waits: Waits, *, held: int, now_s: float) -> Pace | None:
    """One look at a pool of 32 slots."""
    return adjusted(pace, waits, role="hear", slots=32, held=held, now_s=now_s)


def test_a_pool_that_answers_in_time_is_used_in_full() -> None:
    """Nothing is taken from it, however many calls there are."""
    assert step(None, QUICK, held=32, now_s=0.0) is None


def test_a_pool_that_answers_late_is_given_fewer_calls_than_it_has() -> None:
    """With the reason in words."""
    pace = step(None, LATE, held=30, now_s=100.0)
    assert pace == Pace(25, "calls waited 2.5 s for it with 30 held, not 0.8 s", 100.0)


def test_one_slow_call_says_nothing_of_a_pool() -> None:
    """It takes a few to know."""
    assert step(None, Waits(FEWEST_ANSWERS - 1, 9.0), held=30, now_s=0.0) is None


def test_it_falls_again_only_once_the_fall_before_can_have_shown() -> None:
    """A turn is some seconds."""
    pace = Pace(25, "", 100.0)
    assert step(pace, LATE, held=25, now_s=103.0) == pace
    fallen = step(pace, LATE, held=25, now_s=107.0)
    assert fallen is not None
    assert fallen.slots == 21


def test_it_rises_one_by_one_and_is_forgotten_when_all_slots_are_used() -> None:
    """Slowly: the machine may be as it was."""
    pace: Pace | None = Pace(30, "late", 0.0)
    assert step(pace, QUICK, held=20, now_s=5.0) == pace
    pace = step(pace, QUICK, held=20, now_s=16.0)
    assert pace is not None
    assert (pace.slots, pace.because) == (31, "late")
    assert step(pace, QUICK, held=20, now_s=32.0) is None


def test_hosted_or_empty_pools_have_no_pace() -> None:
    """Nobody waits for an embedding on the telephone."""
    assert adjusted(None, LATE, role="embed", slots=8, held=8, now_s=0.0) is None
    assert adjusted(None, LATE, role="hear", slots=0, held=8, now_s=0.0) is None


@pytest.mark.parametrize("capacity", [5, 12, 24])
def test_callers_without_end_are_admitted_as_many_as_are_served_in_time(capacity: int) -> None:
    """A simulated hour: a call lasts a minute, and everybody waits once too many are there."""
    pace: Pace | None = None
    ends: list[float] = []
    late_seconds = 0
    for second in range(3600):
        ends = [end for end in ends if end > second]
        allowed = 32 if pace is None else pace.slots
        if len(ends) < allowed:
            ends.append(second + 60.0)
        over = max(0, len(ends) - capacity)
        waits = Waits(max(2, len(ends) * 2), 0.3 + 0.3 * over)
        late_seconds += second > 600 and over > 3
        pace = step(pace, waits, held=len(ends), now_s=float(second))
    assert late_seconds < 100
    assert pace is not None
    assert capacity * 0.6 <= pace.slots <= capacity + 4


def test_what_several_processes_saw_counts_by_their_calls() -> None:
    """One with a single slow call does not speak for all."""
    assert together([Waits(30, 0.2), Waits(1, 5.0)]).seconds < 0.4
    assert together([]) == Waits(0, 0.0)
    assert quantile([0.1, 0.1, 0.1, 0.1, 3.0]) == 3.0
    assert quantile([]) == 0.0


async def test_what_media_processes_tell_is_what_admission_reads(
    async_client: redis.asyncio.Redis, client: redis.Redis
) -> None:
    """One adjusts for all of them, once a second; a lease is taken within it."""
    for n in range(20):
        leases.take(client, POOL.name, f"call-{n}", tenant="t", slots=32)
    for worker in ("w1", "w2"):
        await pace_store.tell(async_client, {POOL.name: LATE}, worker=worker, snapshot=SNAPSHOT)
    [pace] = pace_store.paces(client, [POOL.name]).values()
    assert pace.slots == 17
    assert "20 held" in pace.because
    assert pace_store.paces(client, ["us-east/think/frontdesk"]) == {}


async def test_a_pool_without_warm_replicas_is_left_alone(
    async_client: redis.asyncio.Redis, client: redis.Redis
) -> None:
    """What its calls waited before it went says nothing of it."""
    gone = Snapshot(number=2, at=SNAPSHOT.at, pools=(POOL,))
    await pace_store.tell(async_client, {POOL.name: LATE}, worker="w1", snapshot=gone)
    assert pace_store.paces(client, [POOL.name]) == {}
