"""The snapshot of all pools in every region's Redis.

The warmer writes it, media follow it, web reads it. No Django.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Final, cast

import redis
import redis.asyncio
import structlog

from inference.errors import SnapshotMissing
from inference.types import Snapshot, decode_snapshot, encode_snapshot
from warmline.kernel.cancellation import not_cancelled
from warmline.kernel.errors import BadInput
from warmline.kernel.regions import RegionCode, redis_urls

log = structlog.get_logger()

KEY: Final = "pools"
NUMBER_KEY: Final = "pools:number"
CHANNEL: Final = "pools"
ANSWER_S: Final = 1.0
# What a missed message costs at most; and how long a web process trusts what it has read.
REREAD_S: Final = 5.0
TRUST_S: Final = 1.0

# An older snapshot never replaces a newer one, whichever worker is quicker.
_PUT: Final = """
local present = tonumber(redis.call('GET', KEYS[2]) or '0')
if present >= tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[2])
return 1
"""


def put(
    snapshot: Snapshot, *, urls: Mapping[RegionCode, str] | None = None
) -> tuple[RegionCode, ...]:
    """Write the snapshot to every region's Redis and tell its followers.

    Returns the regions that could not be reached.
    """
    raw = encode_snapshot(snapshot)
    unreached: list[RegionCode] = []
    for region, url in (urls or redis_urls()).items():
        try:
            with redis.Redis.from_url(
                url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S
            ) as client:
                client.eval(_PUT, 2, KEY, NUMBER_KEY, raw, str(snapshot.number), CHANNEL)
        except redis.RedisError as error:
            log.warning("snapshot not written", region=region, why=str(error))
            unreached.append(region)
    return tuple(unreached)


def missing_in(*, urls: Mapping[RegionCode, str] | None = None) -> tuple[RegionCode, ...]:
    """The regions whose Redis answers and holds no snapshot."""
    missing: list[RegionCode] = []
    for region, url in (urls or redis_urls()).items():
        try:
            with redis.Redis.from_url(
                url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S
            ) as client:
                if not client.exists(KEY):
                    missing.append(region)
        except redis.RedisError as error:
            log.warning("snapshot not read", region=region, why=str(error))
    return tuple(missing)


class _Read:
    """What this process has read last."""

    snapshot: Snapshot | None = None
    at_s: float = 0.0
    away_until_s: dict[RegionCode, float] = {}


def current() -> Snapshot:
    """The newest snapshot that any region's Redis holds, read at most once a second in a process.

    While no Redis answers, the last one read. `SnapshotMissing` when there has been none.
    """
    if _Read.snapshot is not None and time.monotonic() - _Read.at_s < TRUST_S:
        return _Read.snapshot
    now_s = time.monotonic()
    for region, url in sorted(
        redis_urls().items(), key=lambda known: _Read.away_until_s.get(known[0], 0.0) > now_s
    ):
        try:
            with redis.Redis.from_url(
                url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S
            ) as client:
                raw = cast("bytes | None", client.get(KEY))
        except redis.RedisError as error:
            log.warning("snapshot not read", region=region, why=str(error))
            # asked last for a while: each question costs its deadline
            _Read.away_until_s[region] = now_s + REREAD_S
            continue
        if raw is not None:
            _Read.snapshot, _Read.at_s = decode_snapshot(raw), time.monotonic()
            return _Read.snapshot
    if _Read.snapshot is None:
        raise SnapshotMissing(
            "no region's Redis holds a snapshot of the pools; the jobs process writes it"
        )
    return _Read.snapshot


def forget() -> None:
    """Read anew at the next `current`: after a change that this process itself has made."""
    _Read.snapshot, _Read.at_s = None, 0.0
    _Read.away_until_s.clear()


class Follower:
    """One region's snapshot kept current in an asyncio process.

    Start `run` in a TaskGroup and read `snapshot` whenever needed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._snapshot: Snapshot | None = None
        self._first = asyncio.Event()

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot seen; `SnapshotMissing` before the first one."""
        if self._snapshot is None:
            raise SnapshotMissing("no snapshot of the pools has been read yet")
        return self._snapshot

    async def ready(self, *, timeout_s: float) -> bool:
        """Wait for the first snapshot; False when none came in time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._first.wait()
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Follow for ever: at each announcement and every five seconds.

        While Redis is away the last one stands.
        """
        while not_cancelled():
            client = redis.asyncio.Redis.from_url(
                self._url, socket_timeout=REREAD_S + ANSWER_S, socket_connect_timeout=ANSWER_S
            )
            try:
                await self._follow(client)
            except (redis.RedisError, OSError) as error:
                log.warning("snapshot not followed", why=str(error))
                await asyncio.sleep(ANSWER_S)
            finally:
                await client.aclose()

    async def _follow(self, client: "redis.asyncio.Redis") -> None:
        async with client.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            while not_cancelled():
                await self._read(client)
                await subscription.get_message(ignore_subscribe_messages=True, timeout=REREAD_S)

    async def _read(self, client: "redis.asyncio.Redis") -> None:
        raw = cast("bytes | None", await client.get(KEY))
        if raw is None:
            return
        try:
            snapshot = decode_snapshot(raw)
        except BadInput as error:
            log.error("snapshot refused", why=str(error))
            return
        if self._snapshot is None or snapshot.number > self._snapshot.number:
            self._snapshot = snapshot
            self._first.set()
