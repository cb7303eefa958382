"""The control plane's clients of each region's Redis:
synchronous, with short deadlines, one pool a process.
"""

import time
from collections.abc import Iterator
from functools import cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from warmline.kernel.regions import RegionCode, redis_urls

# The carrier waits 15 s for an answer; a region that needs longer than this for one command is not
# there.
_ANSWER_S = 0.5
MAX_CONNECTIONS = 64
# A frozen Redis costs every question its whole deadline, and a caller waits for the sum of them.
_REST_S = 3.0
_away_until_s: dict[RegionCode, float] = {}


@cache
def _client(url: str) -> "redis.Redis":
    # redis-py's own retries would multiply the deadline; whoever calls decides about the next
    # region.
    return redis.Redis.from_url(
        url,
        socket_timeout=_ANSWER_S,
        socket_connect_timeout=_ANSWER_S,
        max_connections=MAX_CONNECTIONS,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=15,
    )


def notice(region: RegionCode) -> None:
    """Its Redis did not answer: for a moment it is asked last,
    where another one may know the same.
    """
    _away_until_s[region] = time.monotonic() + _REST_S


def rests(region: RegionCode) -> bool:
    """Whether its Redis did not answer within the last seconds."""
    return _away_until_s.get(region, 0.0) > time.monotonic()


def wake() -> None:
    """Ask every region in its turn again: after a change that this process itself has made."""
    _away_until_s.clear()


def client(region: RegionCode) -> "redis.Redis | None":
    """The region's client, or None for a region that is not configured here."""
    url = redis_urls().get(region)
    return _client(url) if url else None


def clients() -> Iterator[tuple[RegionCode, "redis.Redis"]]:
    """Every configured region with its client, in the order of their codes;
    those that rest at the end.
    """
    for region, url in sorted(redis_urls().items(), key=lambda each: (rests(each[0]), each[0])):
        yield region, _client(url)
