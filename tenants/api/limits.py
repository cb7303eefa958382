"""How many requests a key and its company may make, and what the answers say of it.

Counted in Redis over a sliding window, by the `limits` package. While Redis is away each process
counts for itself: nobody is refused for our fault, and nobody floods us meanwhile.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from tenants.types import PricingPlan
from warmline.kernel.circuit_breaker import CircuitBreaker
from warmline.kernel.errors import Unavailable
from warmline.kernel.ids import TenantId

WINDOW_S: Final = 60
KEY_PREFIX: Final = "limit"
_CALLED: Final = {"key": "key", "tenant": "company"}
_REDIS_S: Final = 0.25  # a request must not wait longer for its count
_AWAY_S: Final = 5.0  # then Redis is asked again

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests in any 60 s: of one key, and of all keys of a company together."""

    key: int
    tenant: int


# A page that polls each second takes 60; an export of 100,000 calls in pages of 100 takes 1,000.
QUOTAS: Final[Mapping[str, Quota]] = MappingProxyType(
    {
        PricingPlan.TRIAL: Quota(key=300, tenant=600),
        PricingPlan.TEAM: Quota(key=1_200, tenant=3_000),
        PricingPlan.SCALE: Quota(key=6_000, tenant=15_000),
    }
)


class RateLimited(Unavailable):
    """The key, or all keys of the company together, made too many requests."""

    http_status = 429

    def __init__(self, message: str, *, wait_s: int, headers: Mapping[str, str]) -> None:
        super().__init__(message)
        self.wait_s = wait_s  # of this one
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Limit:
    """Where one count stands: `left` more requests, and more of them in `reset_s` seconds."""

    name: str
    quota: int
    left: int
    reset_s: int


def spend(key_id: UUID, *, tenant_id: TenantId, plan: str) -> dict[str, str]:
    """Count a request of that key; the answer's headers, or `RateLimited`.

    They are those of draft-ietf-httpapi-ratelimit-headers-10.
    """
    if not settings.API_LIMITS:
        return {}
    quota = QUOTAS.get(plan, QUOTAS[PricingPlan.TRIAL])
    counts = (("key", quota.key, str(key_id)), ("tenant", quota.tenant, tenant_id))
    if not _redis_away.is_open:
        try:
            return _spend(_in_redis(), counts)
        except StorageError as error:
            _redis_away.failed()
            log.warning("api limits are counted here", why=type(error).__name__)
    return _spend(_in_this_process(), counts)


_redis_away = CircuitBreaker(open_s=_AWAY_S)


def _spend(
    limiter: SlidingWindowCounterRateLimiter, counts: tuple[tuple[str, int, str], ...]
) -> dict[str, str]:
    limits: list[Limit] = []
    exceeded = ""
    for name, most, identifier in counts:
        item = RateLimitItemPerMinute(most, namespace=name)
        if not exceeded and not limiter.hit(item, identifier):
            exceeded = name
        reset_at, left = limiter.get_window_stats(item, identifier)
        reset_s = max(1, math.ceil(reset_at - time.time()))
        limits.append(Limit(name, most, left, min(reset_s, WINDOW_S)))
    if exceeded:
        limit = next(limit for limit in limits if limit.name == exceeded)
        raise RateLimited(
            f"{limit.quota} requests in {WINDOW_S} s by this {_CALLED[exceeded]}: come again "
            f"in {limit.reset_s} s",
            wait_s=limit.reset_s,
            headers=_headers(limits),
        )
    return _headers(limits)


def _headers(limits: list[Limit]) -> dict[str, str]:
    """The nearest limit stands first, for clients that read one."""
    ordered = sorted(limits, key=lambda limit: limit.left)
    policy = [f'"{limit.name}";q={limit.quota};w={WINDOW_S}' for limit in ordered]
    service = [f'"{limit.name}";r={limit.left};t={limit.reset_s}' for limit in ordered]
    return {"RateLimit-Policy": ", ".join(policy), "RateLimit": ", ".join(service)}


@cache
def _in_redis() -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        str(settings.CACHES["default"]["LOCATION"]),
        key_prefix=KEY_PREFIX,
        wrap_exceptions=True,
        socket_timeout=_REDIS_S,
        socket_connect_timeout=_REDIS_S,
    )
    return SlidingWindowCounterRateLimiter(storage)


@cache
def _in_this_process() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(MemoryStorage())
