"""Every region's snapshot says how full a pool is,
and how slow, without being written for each call.
"""

import httpx
import pytest

from inference.fleet import leases, snapshots
from inference.types import Pool, Snapshot, decode_snapshot
from inference.warming import prewarm
from inference.warming.observe import region_redis
from tests.inference.conftest import THINK, SmallPool

pytestmark = pytest.mark.django_db


def after_a_turn() -> Snapshot:
    """What the regions are told after one more turn."""
    snapshots.forget()
    prewarm.work_on(THINK)
    snapshots.forget()
    return snapshots.current()


def think(snapshot: Snapshot) -> Pool:
    return snapshot.pool_by_name[THINK]


def take(*callers: str) -> None:
    with region_redis("us-east") as client:
        for caller in callers:
            assert leases.take(
                client, THINK, caller, tenant="rivertown", slots=16, seconds=60
            ).granted


def test_regions_are_told_of_slots_that_run_out_and_not_of_each_call(small_pool: SmallPool) -> None:
    """At the last tenth, and when it is full."""
    small_pool.until_warm()
    number = after_a_turn().number
    take("call 0")
    assert after_a_turn().number == number
    take(*(f"call {n}" for n in range(1, 15)))
    nearly = after_a_turn()
    assert nearly.number > number
    assert think(nearly).held == 15
    assert after_a_turn().number == nearly.number
    take("call 15")
    full = after_a_turn()
    assert full.number > nearly.number
    assert think(full).held == 16


def test_regions_are_told_when_callers_wait_longer(small_pool: SmallPool) -> None:
    """By more than a quarter."""
    (replica,) = small_pool.until_warm()
    small_pool.set(first_word_ms=100.0)
    before = after_a_turn()
    for seconds, changed in ((0.11, False), (0.29, True)):
        httpx.post(f"{replica.base_url}/callers", json={"requests": 100, "seconds": 100 * seconds})
        assert (after_a_turn().number > before.number) is changed
    assert think(after_a_turn()).first_word_ms > 125


def test_a_snapshot_from_before_slots_were_told_is_read_all_the_same() -> None:
    """As if nothing was held."""
    raw = b"""{"number": 1, "at": "2026-11-21T00:00:00Z",
               "pools": [
                   {"region": "us-east", "role": "think", "model": "frontdesk", "slots": 16}
               ]}"""
    assert decode_snapshot(raw).held_by_pool == {}
