"""Failed attempts, counted by what was tried and from where, and how long one waits after them.

Counts live in the cache. While that is away nobody is locked out, and nothing is counted: hashing
two passwords at a time is slow enough meanwhile.
"""

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import redis
import structlog
from django.core.cache import cache
from django.utils.crypto import salted_hmac

_SALT: Final = "warmline.attempts"
_MAX_DOUBLINGS: Final = 30  # every cap is long reached

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Counter:
    """Attempts under one key: `most` within `window_s` may fail, then one waits `wait_s`.

    Each further failure doubles the wait, never beyond `longest_wait_s`: whoever tries on shall not
    keep the owner out for good.
    """

    key: str
    most: int
    window_s: int
    wait_s: int
    longest_wait_s: int

    @property
    def failures_key(self) -> str:
        """Of the count."""
        return f"attempts:{self.key}"

    @property
    def until_key(self) -> str:
        """Of the moment from which one more attempt is let through."""
        return f"attempts:{self.key}:until"

    def wait_s_after(self, failures: int) -> int:
        """How long the next attempt is refused after so many failures; 0 while they are few."""
        if failures < self.most:
            return 0
        doublings = min(failures - self.most, _MAX_DOUBLINGS)
        return min(self.wait_s << doublings, self.longest_wait_s)


def begin(counters: Sequence[Counter]) -> int:
    """Count an attempt before it is made, so that many at once do not slip through.

    0, or the seconds for which it is refused; then it is not counted.
    """
    try:
        left = _seconds_left(counters)
        for number, counter in enumerate(counters):
            left = left or _add(counter)
            if left:
                _take_back(counters[:number])
                break
    except redis.RedisError as error:
        _not_counted(error)
        return 0
    return left


def take_back(counters: Sequence[Counter]) -> None:
    """The attempt did not fail, or was never made."""
    try:
        _take_back(counters)
    except redis.RedisError as error:
        _not_counted(error)


def forget(counter: Counter) -> None:
    """Whoever was counted here has shown to be the right one."""
    try:
        cache.delete_many([counter.failures_key, counter.until_key])
    except redis.RedisError as error:
        _not_counted(error)


def digest(text: str) -> str:
    """What stands for a name in keys and logs: nobody who reads it can try names against it."""
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()[:32]


def network(address: str) -> str:
    """Where an attempt comes from: the address; of IPv6 the /64, which is one line's own."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return digest(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def is_loopback(address: str) -> bool:
    """Whether a request comes from this machine itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)


def _seconds_left(counters: Sequence[Counter]) -> int:
    untils = cache.get_many([counter.until_key for counter in counters])
    return max((math.ceil(until - time.time()) for until in untils.values()), default=0)


def _add(counter: Counter) -> int:
    """0 when the attempt is counted and may be made, else the seconds to wait."""
    failures = _incremented(counter)
    wait_s = counter.wait_s_after(failures)
    if wait_s == 0:
        return 0
    # Of many at one moment only the first adds it.
    first = cache.add(counter.until_key, time.time() + wait_s, timeout=wait_s)
    if first or failures == counter.most:
        return 0
    _take_back([counter])
    return wait_s


def _incremented(counter: Counter) -> int:
    cache.add(counter.failures_key, 0, timeout=counter.window_s)
    try:
        return cache.incr(counter.failures_key)
    except ValueError:  # the window ended between the two
        cache.set(counter.failures_key, 1, timeout=counter.window_s)
        return 1


def _take_back(counters: Sequence[Counter]) -> None:
    for counter in counters:
        try:
            failures = cache.decr(counter.failures_key)
        except ValueError:  # forgotten meanwhile
            continue
        if failures < counter.most:
            cache.delete(counter.until_key)


def _not_counted(error: redis.RedisError) -> None:
    log.warning("attempts are not counted", why=type(error).__name__)
