"""What the demo sees of the running platform: pools until they are warm, and the calls' events as they come."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import redis
import redis.asyncio

from inference import snapshots
from inference.errors import SnapshotMissing
from inference.types import Snapshot
from telephony.handoff import EVENTS_STREAM, decode_stored_event, media_workers
from warmline.kernel.call import CallEvent
from warmline.kernel.regions import RegionCode, redis_urls
from warmline.kernel.wanted import wanted

ROLES = ("hear", "think", "speak")
LOOK_EVERY_S = 0.5
# What XREAD answers: for each stream its entries, each a number and its fields.
Streams = list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]


@dataclass(frozen=True, slots=True)
class Warm:
    """How long each region took until it could take calls; regions that did not make it are missing."""

    seconds: dict[RegionCode, float]


async def wait_until_warm(*, regions: tuple[RegionCode, ...], at_most_s: float, say: Callable[[str], None]) -> Warm:
    """Tell each replica's steps and wait until every region can take calls, or the time is over."""
    started = time.monotonic()
    told: dict[str, str] = {}
    seconds: dict[RegionCode, float] = {}
    while time.monotonic() - started < at_most_s and len(seconds) < len(regions):
        snapshot = await asyncio.to_thread(_snapshot)
        if snapshot is not None:
            for replica in snapshot.replicas:
                if told.get(replica.id) != replica.state:
                    told[replica.id] = replica.state
                    say(f"{replica.pool}: {replica.state}")
            for region in regions:
                if region not in seconds and await asyncio.to_thread(_takes_calls, snapshot, region):
                    seconds[region] = time.monotonic() - started
                    say(f"{region} takes calls")
        await asyncio.sleep(LOOK_EVERY_S)
    return Warm(seconds)


def _snapshot() -> Snapshot | None:
    try:
        return snapshots.current()
    except SnapshotMissing:
        return None


def _takes_calls(snapshot: Snapshot, region: RegionCode) -> bool:
    if any((region, role) not in snapshot.warm_by_place for role in ROLES):
        return False
    with redis.Redis.from_url(redis_urls()[region], socket_timeout=1, socket_connect_timeout=1) as client:
        return bool(media_workers(client))


async def follow_events(region: RegionCode, *, show: Callable[[CallEvent], None]) -> None:
    """Every event of the region from now on, until cancelled. The recorder reads the same stream on its own."""
    # An answer is due a second after the question: a Redis that has stopped answering must not keep its follower.
    async with redis.asyncio.Redis.from_url(redis_urls()[region], socket_timeout=5, socket_connect_timeout=5) as client:
        newest = cast("list[tuple[bytes, object]]", await client.xrevrange(EVENTS_STREAM, count=1))
        # Not "$": what is written between two questions would be lost.
        last: bytes | str = newest[0][0] if newest else "0-0"
        while wanted():
            streams = cast("Streams", await client.xread({EVENTS_STREAM: last}, count=100, block=1000))
            for _, entries in streams:
                for number, fields in entries:
                    last = number
                    show(decode_stored_event(fields))
