"""What calls waited and how many slots are used, in a region's Redis. No Django.

Media processes tell what their calls waited; whichever comes first in a second works out the pace
of all of them. It is forgotten after an hour: by then the machine may be another one.
"""

import time
from collections.abc import Awaitable, Iterable, Mapping
from contextlib import suppress
from typing import Final, cast

import msgspec
import redis
import redis.asyncio
import structlog

from inference.fleet.leases import lease_key
from inference.fleet.pace import Pace, Waits, adjusted, together
from inference.types import Pool, Snapshot
from warmline.kernel.regions import RegionCode, redis_url

log = structlog.get_logger()

TOLD_S: Final = 4.0  # older than this it is no longer so
EACH_MS: Final = 1_000
KEPT_S: Final = 3_600
ANSWER_S: Final = 1.0


class _Told(msgspec.Struct, frozen=True):
    """What one media process told, and when: seconds of 1970."""

    waits: Waits
    at_s: float


_pace = msgspec.json.Decoder(Pace).decode
_told = msgspec.json.Decoder(_Told).decode


def pace_key(pool: str) -> str:
    """Where a pool's pace lies."""
    return f"pace:{pool}"


def _waits_key(pool: str) -> str:
    """The hash of what each media process's calls waited for a pool."""
    return f"pace-waits:{pool}"


async def tell(
    client: "redis.asyncio.Redis",
    waits: Mapping[str, Waits],
    *,
    worker: str,
    snapshot: Snapshot,
) -> None:
    """Tell what this process's calls waited for each pool, and keep the pools' paces by it."""
    for pool, seen in waits.items():
        slots = snapshot.slots_by_pool.get(pool, 0)
        if not slots:
            continue
        told = msgspec.json.encode(_Told(seen, time.time()))
        await client.hset(_waits_key(pool), worker, told.decode())
        await client.expire(_waits_key(pool), KEPT_S)
        if await client.set(f"pace-turn:{pool}", worker, nx=True, px=EACH_MS):
            await _adjust(client, pool, snapshot=snapshot, slots=slots)


async def _adjust(
    client: "redis.asyncio.Redis", pool: str, *, snapshot: Snapshot, slots: int
) -> None:
    now_s = time.time()
    rows = await cast("Awaitable[list[bytes]]", client.hvals(_waits_key(pool)))
    told = [_told(row) for row in rows]
    seen = together([each.waits for each in told if now_s - each.at_s < TOLD_S])
    raw = cast("bytes | None", await client.get(pace_key(pool)))
    before = _pace(raw) if raw is not None else None
    held = int(await client.zcount(lease_key(pool), now_s, "+inf"))
    role = snapshot.pool_by_name[pool].role
    after = adjusted(before, seen, role=role, slots=slots, held=held, now_s=now_s)
    if after is None and before is not None:
        await client.delete(pace_key(pool))
    elif after is not None and after != before:
        await client.set(pace_key(pool), msgspec.json.encode(after), ex=KEPT_S)
        log.info("pace of a pool", pool=pool, slots=after.slots, of=slots, why=after.because)


def paces(client: "redis.Redis", pools: Iterable[str]) -> dict[str, Pace]:
    """The paces of those pools that are not used in full."""
    names = tuple(pools)
    if not names:
        return {}
    found = cast("list[bytes | None]", client.mget([pace_key(name) for name in names]))
    return {name: _pace(raw) for name, raw in zip(names, found, strict=True) if raw is not None}


def known_paces(pools: Iterable[Pool]) -> dict[str, Pace]:
    """The same for pools of any region, of those whose Redis answers."""
    by_region: dict[RegionCode, list[str]] = {}
    for pool in pools:
        by_region.setdefault(pool.region, []).append(pool.name)
    known: dict[str, Pace] = {}
    for region, names in by_region.items():
        with (
            suppress(redis.RedisError),
            redis.Redis.from_url(
                redis_url(region), socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S
            ) as client,
        ):
            known |= paces(client, names)
    return known
