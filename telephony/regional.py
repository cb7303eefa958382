"""The control plane's clients of each region's Redis: synchronous, with short deadlines, one pool a process."""

from collections.abc import Iterator
from functools import cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from warmline.kernel.regions import RegionCode, redis_urls

# The carrier waits 15 s for an answer; a region that needs longer than this for one command is not there.
_ANSWER_S = 0.5
MAX_CONNECTIONS = 64


@cache
def _client(url: str) -> "redis.Redis":
    # redis-py's own retries would multiply the deadline; whoever calls decides about the next region.
    return redis.Redis.from_url(
        url,
        socket_timeout=_ANSWER_S,
        socket_connect_timeout=_ANSWER_S,
        max_connections=MAX_CONNECTIONS,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=15,
    )


def client(region: RegionCode) -> "redis.Redis | None":
    """The region's client, or None for a region that is not configured here."""
    url = redis_urls().get(region)
    return _client(url) if url else None


def clients() -> Iterator[tuple[RegionCode, "redis.Redis"]]:
    """Every configured region with its client, in the order of their codes."""
    for region, url in sorted(redis_urls().items()):
        yield region, _client(url)
