"""The control plane's way to each region's Redis: synchronous, with short deadlines, one pool of
connections a process.

One that does not answer is asked last for a moment, and failing over to the next is written once,
in `first_answer`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import TypeVar
from zlib import crc32

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from telephony.errors import RegionAway
from warmline.kernel.circuit_breaker import CircuitBreaker
from warmline.kernel.regions import RegionCode, redis_urls

log = structlog.get_logger()

# The carrier waits 15 s for an answer; a Redis that needs longer for one command is away.
_ANSWER_S = 0.5
MAX_CONNECTIONS = 64
# A frozen Redis costs every question its whole deadline, and a caller waits for the sum of them.
_BACK_OFF_S = 3.0
_breakers: dict[RegionCode, CircuitBreaker] = {}

Answer = TypeVar("Answer")


@cache
def _client(url: str) -> "redis.Redis":
    # redis-py's own retries would multiply the deadline; the caller turns to the next region.
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


def backs_off(region: RegionCode) -> bool:
    """Whether its Redis did not answer within the last seconds."""
    breaker = _breakers.get(region)
    return breaker is not None and breaker.is_open


def forget_back_offs() -> None:
    """Ask every region in its turn again: after a change that this process itself has made."""
    _breakers.clear()


def in_turn(*, name: str = "") -> list[RegionCode]:
    """Every configured region in the order of their codes; those that back off at the end.

    With a name, in an order of the name's own (rendezvous hashing): what is kept under it is asked
    where it lies, by every process that reaches the regions well.
    """

    def place(region: RegionCode) -> tuple[bool, int, str]:
        return backs_off(region), crc32(f"{name} {region}".encode()) if name else 0, region

    return sorted(redis_urls(), key=place)


def at_hand(*, name: str) -> list[RegionCode]:
    """As `in_turn` without those that back off."""
    return [region for region in in_turn(name=name) if not backs_off(region)]


@contextmanager
def asking(region: RegionCode) -> Iterator["redis.Redis"]:
    """The region's Redis; `RegionAway` when it has none here, or does not answer."""
    of_region = client(region)
    if of_region is None:
        raise RegionAway("no Redis is configured for it")
    try:
        yield of_region
    except redis.RedisError as error:
        _breakers.setdefault(region, CircuitBreaker(open_s=_BACK_OFF_S)).failed()
        raise RegionAway(f"its Redis is away ({type(error).__name__})") from error


def first_answer(
    ask: Callable[["redis.Redis"], Answer | None], *, regions: Iterable[RegionCode] | None = None
) -> Answer | None:
    """Ask each region's Redis in turn; the first answer that is not None wins.

    None when no Redis has one. One that is away is passed over and backs off.
    """
    for region in in_turn() if regions is None else regions:
        try:
            with asking(region) as of_region:
                answer = ask(of_region)
        except RegionAway as error:
            log.warning("region passed over", region=region, why=str(error))
            continue
        if answer is not None:
            return answer
    return None


def in_each_region(
    act: Callable[[RegionCode, "redis.Redis"], object],
    *,
    regions: Iterable[RegionCode] | None = None,
) -> None:
    """Have it done in every region whose Redis answers."""
    for region in in_turn() if regions is None else regions:
        first_answer(partial(act, region), regions=[region])
