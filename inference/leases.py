"""Slots of a pool, leased for a while: Redis counts them by its own clock, so that a crashed holder frees its slot.

A pool's leases are one sorted set, `lease:{pool}`, of lease ids scored by their expiry in server seconds.
Taking, renewing and releasing are one Lua script each: atomic, and idempotent for the same lease id.
"""

from typing import Any, Final, cast

import msgspec
import redis
import redis.asyncio

LEASE_S: Final = 45.0  # a call renews every 15 s; three missed renewals and the slot is free again

_TAKE: Final = """
local now = redis.call('TIME'); now = tonumber(now[1]) + tonumber(now[2]) / 1e6
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local held = redis.call('ZCARD', KEYS[1])
local mine = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not mine and held >= tonumber(ARGV[2]) then return {0, held} end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[3]) * 2000))
if not mine then held = held + 1; redis.call('INCR', KEYS[2]) end
return {1, held}
"""
_RENEW: Final = """
local now = redis.call('TIME'); now = tonumber(now[1]) + tonumber(now[2]) / 1e6
local expiry = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not expiry or tonumber(expiry) <= now then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[2]) * 2000))
return 1
"""
_COUNT: Final = """
local now = redis.call('TIME'); now = tonumber(now[1]) + tonumber(now[2]) / 1e6
return redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf')
"""


class Taken(msgspec.Struct, frozen=True):
    """Whether the slot is ours, and how many of the pool's slots are held now."""

    granted: bool
    held: int
    slots: int


def lease_key(pool: str) -> str:
    """The sorted set that holds a pool's leases."""
    return f"lease:{pool}"


def arrived_key(pool: str) -> str:
    """The counter of leases taken in a pool since the warmer last wrote them down."""
    return f"arrived:{pool}"


def _taken(answer: Any, slots: int) -> Taken:
    granted, held = cast("list[int]", answer)
    return Taken(granted=bool(granted), held=int(held), slots=slots)


def take(client: "redis.Redis", pool: str, lease: str, *, slots: int, seconds: float = LEASE_S) -> Taken:
    """Take one of the pool's `slots` under the id `lease`; the same id again renews it and counts once."""
    return _taken(client.eval(_TAKE, 2, lease_key(pool), arrived_key(pool), lease, str(slots), str(seconds)), slots)


def renew(client: "redis.Redis", pool: str, lease: str, *, seconds: float = LEASE_S) -> bool:
    """Hold the slot for `seconds` from now; False when it has expired: the slot may be another's."""
    return bool(client.eval(_RENEW, 1, lease_key(pool), lease, str(seconds)))


def release(client: "redis.Redis", pool: str, lease: str) -> bool:
    """Give the slot back; False when it was not held any more."""
    return bool(client.zrem(lease_key(pool), lease))


def held(client: "redis.Redis", pool: str) -> int:
    """How many slots of the pool are leased now."""
    return int(cast("int", client.eval(_COUNT, 1, lease_key(pool))))


def arrived(client: "redis.Redis", pool: str) -> int:
    """Leases taken since the last `wrote_down`: the calls that came."""
    return int(cast("bytes | None", client.get(arrived_key(pool))) or 0)


def wrote_down(client: "redis.Redis", pool: str, calls: int) -> None:
    """So many of the calls that came are kept elsewhere now."""
    client.decrby(arrived_key(pool), calls)


async def take_async(
    client: "redis.asyncio.Redis", pool: str, lease: str, *, slots: int, seconds: float = LEASE_S
) -> Taken:
    """`take`, awaited."""
    return _taken(
        await client.eval(_TAKE, 2, lease_key(pool), arrived_key(pool), lease, str(slots), str(seconds)), slots
    )


async def renew_async(client: "redis.asyncio.Redis", pool: str, lease: str, *, seconds: float = LEASE_S) -> bool:
    """`renew`, awaited."""
    return bool(await client.eval(_RENEW, 1, lease_key(pool), lease, str(seconds)))


async def release_async(client: "redis.asyncio.Redis", pool: str, lease: str) -> bool:
    """`release`, awaited."""
    return bool(await client.zrem(lease_key(pool), lease))
