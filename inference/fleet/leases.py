"""Slots of a pool, leased for a while: Redis counts them by its own clock, so that a crashed holder
frees its slot.

A pool's leases are one sorted set, `lease:{pool}`, of lease ids scored by their expiry in server
seconds. Beside it lie whose each lease is, how many each company holds, the weights of those that
hold or wait, and who waits. Taking, renewing and releasing are one Lua script each: atomic, and
idempotent for the same lease id. Every lease that goes, released or expired, leaves its company's
count in the same script.

**Fair shares.** While more slots are free than `reserve` keeps, whoever asks gets one. From there
on a company gets one only while it holds fewer than its fair share: the slots times its weight,
over the weights of all companies that hold some or wait, itself included. A company waits from the
moment the full pool refuses it a slot of its share until it gets one, `WAIT_S` at most. So a
company that is alone may use every slot, and one that comes later finds the reserve as soon as
calls end. Not promised: no call is ended for another's sake, so that a pool filled by one company
stays full until its calls end; a share may be exceeded, without bound while there is room and by
less than one slot after that; and what a company holds in other pools or regions does not count in
this one.

This is trunk reservation: P. B. Key, "Optimal control and trunk reservation in loss networks",
Probability in the Engineering and Informational Sciences, 1990; F. P. Kelly, "Loss networks",
Annals of Applied Probability, 1991.
"""

from collections.abc import Iterable
from typing import Any, Final, cast

import msgspec
import redis
import redis.asyncio

LEASE_S: Final = 45.0  # a call renews every 10 s; four missed renewals and the slot is free again
# About as long as a call: at that pace slots come free. Shorter, and who calls seldom finds none
# (decision 0005).
WAIT_S: Final = 120.0
# A tenth of the slots, three at most: what a quiet company is refused falls with each slot kept,
# whatever the size.
RESERVE_SHARE: Final = 0.1
RESERVE_MOST: Final = 3

_WORDS: Final = """
local LEASES, OWNERS, COUNTS, WEIGHTS, WAITING, ARRIVED, AVOIDED = unpack(KEYS)
local now = redis.call('TIME'); now = tonumber(now[1]) + tonumber(now[2]) / 1e6
local function forget_weight(tenant)
  if redis.call('HEXISTS', COUNTS, tenant) == 0 and not redis.call('ZSCORE', WAITING, tenant) then
    redis.call('HDEL', WEIGHTS, tenant)
  end
end
local function give_back(lease)
  local was = redis.call('ZREM', LEASES, lease)
  local tenant = redis.call('HGET', OWNERS, lease)
  if tenant then
    redis.call('HDEL', OWNERS, lease)
    if redis.call('HINCRBY', COUNTS, tenant, -1) <= 0 then
      redis.call('HDEL', COUNTS, tenant); forget_weight(tenant)
    end
  end
  return was
end
"""
_TAKE: Final = (
    _WORDS
    + """
local lease, tenant = ARGV[1], ARGV[2]
local weight, slots = tonumber(ARGV[3]), tonumber(ARGV[4])
local seconds, reserve = tonumber(ARGV[5]), tonumber(ARGV[6])
local function count_anew()
  for _, known in ipairs(redis.call('HKEYS', OWNERS)) do
    if not redis.call('ZSCORE', LEASES, known) then redis.call('HDEL', OWNERS, known) end
  end
  redis.call('DEL', COUNTS)
  for _, known in ipairs(redis.call('ZRANGE', LEASES, 0, -1)) do
    redis.call('HSETNX', OWNERS, known, '')
    local owner = redis.call('HGET', OWNERS, known)
    redis.call('HINCRBY', COUNTS, owner, 1); redis.call('HSETNX', WEIGHTS, owner, 1)
  end
  for _, known in ipairs(redis.call('HKEYS', WEIGHTS)) do forget_weight(known) end
end
for _, expired in ipairs(redis.call('ZRANGEBYSCORE', LEASES, '-inf', now)) do
  give_back(expired)
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', WAITING, '-inf', now)) do
  redis.call('ZREM', WAITING, gone); forget_weight(gone)
end
local held = redis.call('ZCARD', LEASES)
if redis.call('HLEN', OWNERS) ~= held then count_anew() end
local known = tonumber(redis.call('HGET', WEIGHTS, tenant) or 0)
if weight == 0 then weight = math.max(known, 1) end
local own = tonumber(redis.call('HGET', COUNTS, tenant) or 0)
local fair, granted = slots, 1
if not redis.call('ZSCORE', LEASES, lease) then
  local free = slots - held
  if free <= reserve then
    local all = weight - known
    for _, other in ipairs(redis.call('HVALS', WEIGHTS)) do all = all + tonumber(other) end
    fair = slots * weight / all
  end
  if free <= 0 or (reserve > 0 and own >= fair) then
    granted = 0
    if reserve > 0 and own < fair then
      redis.call('ZADD', WAITING, now + tonumber(ARGV[7]), tenant)
      redis.call('HSET', WEIGHTS, tenant, weight)
    end
  else
    held, own = held + 1, own + 1
    redis.call('HSET', OWNERS, lease, tenant); redis.call('HSET', COUNTS, tenant, own)
    redis.call('HSET', WEIGHTS, tenant, weight)
    redis.call('ZREM', WAITING, tenant); redis.call('INCR', ARRIVED)
    local replica = tonumber(ARGV[8])
    if replica > 0 and (held - 1) % replica == 0 then redis.call('INCR', AVOIDED) end
  end
end
if granted == 1 then redis.call('ZADD', LEASES, now + seconds, lease) end
local keep_ms = math.ceil(math.max(seconds, tonumber(ARGV[7])) * 2000)
for _, key in ipairs({LEASES, OWNERS, COUNTS, WEIGHTS, WAITING}) do
  if redis.call('PTTL', key) < keep_ms then redis.call('PEXPIRE', key, keep_ms) end
end
return {granted, held, own, tostring(fair)}
"""
)
_RENEW: Final = """
local now = redis.call('TIME'); now = tonumber(now[1]) + tonumber(now[2]) / 1e6
local expiry = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not expiry or tonumber(expiry) <= now then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
for _, key in ipairs(KEYS) do
  if redis.call('PTTL', key) < tonumber(ARGV[2]) * 2000 then
    redis.call('PEXPIRE', key, math.ceil(tonumber(ARGV[2]) * 2000))
  end
end
return 1
"""
_RELEASE: Final = _WORDS + "return give_back(ARGV[1])"
_COUNT: Final = """
local now = redis.call('TIME'); now = tonumber(now[1]) + tonumber(now[2]) / 1e6
return redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf')
"""


class LeaseResult(msgspec.Struct, frozen=True):
    """Whether the slot is ours, and how many of the pool's slots are held now.

    `own` of them are this company's. `fair` is its share in slots; all of them while slots are not
    short.
    """

    granted: bool
    held: int
    slots: int
    own: int
    fair: float

    @property
    def is_full(self) -> bool:
        """No slot is free, whoever asks."""
        return self.held >= self.slots


def lease_key(pool: str) -> str:
    """The sorted set that holds a pool's leases."""
    return f"lease:{pool}"


def arrived_key(pool: str) -> str:
    """The counter of leases taken in a pool since the warmer last recorded them."""
    return f"arrived:{pool}"


def avoided_key(pool: str) -> str:
    """The counter of cold calls avoided in a pool since the warmer last recorded them."""
    return f"avoided:{pool}"


def counts_key(pool: str) -> str:
    """The hash of how many of a pool's leases each tenant holds.

    A tenant with none is not in it.
    """
    return f"lease-counts:{pool}"


def reserve(slots: int) -> int:
    """How few free slots are short: a tenth, one at least, three at most.

    None in a pool of one slot.
    """
    return min(RESERVE_MOST, max(1, -int(-slots * RESERVE_SHARE // 1))) if slots > 1 else 0


def _keys(pool: str) -> tuple[str, ...]:
    beside = (
        f"lease-owners:{pool}",
        counts_key(pool),
        f"lease-weights:{pool}",
        f"lease-waiting:{pool}",
    )
    return (lease_key(pool), *beside, arrived_key(pool), avoided_key(pool))


def _kept_keys(pool: str) -> tuple[str, ...]:
    """The keys that must outlive the leases."""
    return _keys(pool)[:-3]


def _asked(script: str, keys: Iterable[str], *arguments: str | float) -> tuple[Any, ...]:
    """A script's call as Redis takes it."""
    names = tuple(keys)
    return (script, len(names), *names, *map(str, arguments))


def _take(
    pool: str,
    lease: str,
    *,
    tenant: str,
    weight: int,
    slots: int,
    seconds: float,
    kept: int,
    replica_slots: int = 0,
) -> tuple[Any, ...]:
    return _asked(
        _TAKE, _keys(pool), lease, tenant, weight, slots, seconds, kept, WAIT_S, replica_slots
    )


def _taken(answer: Any, slots: int) -> LeaseResult:
    granted, held, own, fair = cast("tuple[int, int, int, bytes | str]", answer)
    return LeaseResult(
        granted=bool(granted), held=int(held), slots=slots, own=int(own), fair=float(fair)
    )


def take(
    client: "redis.Redis",
    pool: str,
    lease: str,
    *,
    tenant: str,
    slots: int,
    weight: int = 1,
    replica_slots: int = 0,
    seconds: float = LEASE_S,
) -> LeaseResult:
    """Take one of the pool's `slots` for a tenant under the id `lease`.

    The same id again renews it and counts once. `weight`, 1 or more, says how large the tenant's
    share is while slots are short. With the slots of one replica, a call that needs a further one
    counts as a cold call avoided: it would have waited for a start had only as many replicas been
    warm as the calls under way fill.
    """
    kept = reserve(slots)
    asked = _take(
        pool,
        lease,
        tenant=tenant,
        weight=weight,
        slots=slots,
        seconds=seconds,
        kept=kept,
        replica_slots=replica_slots,
    )
    return _taken(client.eval(*asked), slots)


def take_again(
    client: "redis.Redis",
    pool: str,
    lease: str,
    *,
    tenant: str,
    slots: int,
    seconds: float = LEASE_S,
) -> LeaseResult:
    """Take a slot for a call under way: only a full pool refuses it, not the tenant's share."""
    asked = _take(pool, lease, tenant=tenant, weight=0, slots=slots, seconds=seconds, kept=0)
    return _taken(client.eval(*asked), slots)


def renew(client: "redis.Redis", pool: str, lease: str, *, seconds: float = LEASE_S) -> bool:
    """Hold the slot for `seconds` from now.

    False when it has expired: the slot may be another's.
    """
    return bool(client.eval(*_asked(_RENEW, _kept_keys(pool), lease, seconds)))


def release(client: "redis.Redis", pool: str, lease: str) -> bool:
    """Give the slot back; False when it was not held any more."""
    return bool(client.eval(*_asked(_RELEASE, _keys(pool), lease)))


def held(client: "redis.Redis", pool: str) -> int:
    """How many slots of the pool are leased now."""
    return int(cast("int", client.eval(_COUNT, 1, lease_key(pool))))


class Arrivals(msgspec.Struct, frozen=True):
    """Calls that came to a pool.

    `avoided` of them would have met a cold model without the warm replicas that stood empty.
    """

    calls: int
    avoided: int


def arrivals(client: "redis.Redis", pool: str) -> Arrivals:
    """Leases taken since the last `forget_arrivals`."""
    counts = cast("list[bytes | None]", client.mget(arrived_key(pool), avoided_key(pool)))
    return Arrivals(*(int(count or 0) for count in counts))


def forget_arrivals(client: "redis.Redis", pool: str, recorded: Arrivals) -> None:
    """Count down by the calls that have been recorded."""
    change = client.pipeline(transaction=True)
    change.decrby(arrived_key(pool), recorded.calls)
    change.decrby(avoided_key(pool), recorded.avoided)
    change.execute()


async def take_async(
    client: "redis.asyncio.Redis",
    pool: str,
    lease: str,
    *,
    tenant: str,
    slots: int,
    weight: int = 1,
    seconds: float = LEASE_S,
) -> LeaseResult:
    """`take`, awaited."""
    asked = _take(
        pool, lease, tenant=tenant, weight=weight, slots=slots, seconds=seconds, kept=reserve(slots)
    )
    return _taken(await client.eval(*asked), slots)


async def renew_async(
    client: "redis.asyncio.Redis", pool: str, lease: str, *, seconds: float = LEASE_S
) -> bool:
    """`renew`, awaited."""
    return bool(await client.eval(*_asked(_RENEW, _kept_keys(pool), lease, seconds)))


async def release_async(client: "redis.asyncio.Redis", pool: str, lease: str) -> bool:
    """`release`, awaited."""
    return bool(await client.eval(*_asked(_RELEASE, _keys(pool), lease)))
