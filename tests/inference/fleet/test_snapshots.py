"""The snapshot on its way: followed as it changes, never back in time, kept while Redis is away."""

import asyncio
from datetime import UTC, datetime

import pytest
import redis

from inference.errors import SnapshotMissing
from inference.fleet import snapshots
from inference.types import Snapshot
from warmline.kernel.regions import RegionCode, redis_url

US_EAST = RegionCode("us-east")


def numbered(number: int) -> Snapshot:
    return Snapshot(number, datetime(2026, 11, 21, tzinfo=UTC))


async def test_a_follower_sees_a_change_as_it_is_made(empty_valkey: str) -> None:
    """By the announcement, long before it would look again by itself."""
    follower = snapshots.Follower(redis_url(US_EAST))
    with pytest.raises(SnapshotMissing):
        _ = follower.snapshot
    snapshots.put(numbered(1))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        following = group.create_task(follower.run())
        assert await follower.ready(timeout_s=10)
        snapshots.put(numbered(2))
        while follower.snapshot.number != 2:
            await asyncio.sleep(0.01)
        following.cancel()


async def test_a_follower_without_a_snapshot_says_that_it_is_not_ready(empty_valkey: str) -> None:
    """In the time it was given."""
    assert not await snapshots.Follower(redis_url(US_EAST)).ready(timeout_s=0.05)


def test_an_older_snapshot_never_replaces_a_newer_one(empty_valkey: str) -> None:
    """Two workers may publish at once."""
    snapshots.forget()
    snapshots.put(numbered(2))
    snapshots.put(numbered(1))
    assert snapshots.current().number == 2


def test_the_regions_that_could_not_be_reached_are_told(empty_valkey: str) -> None:
    """And the others have it."""
    urls = {US_EAST: redis_url(US_EAST), RegionCode("eu-west"): "unix:///nowhere.sock"}
    assert snapshots.put(numbered(1), urls=urls) == ("eu-west",)
    assert snapshots.missing_in(urls={US_EAST: redis_url(US_EAST)}) == ()


def test_while_redis_has_none_the_last_one_read_stands(empty_valkey: str) -> None:
    """And with none ever read, the refusal says who writes it."""
    snapshots.forget()
    with pytest.raises(SnapshotMissing, match="the jobs process writes it"):
        snapshots.current()
    snapshots.put(numbered(3))
    assert snapshots.current().number == 3
    with redis.Redis.from_url(empty_valkey) as server:
        server.flushall()
    assert snapshots.current().number == 3
