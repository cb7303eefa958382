"""Names become addresses by the system's resolver, which has no deadline of its own.

A name whose servers do not answer holds a thread for half a minute, whoever waits for it: so one
name has one at a time, and the names below one domain have few, that others are not held up.
"""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, Final

from warmline.kernel.outbound.errors import BadAddress, Unreachable

LookUp = Callable[[str], Sequence[Any]]

MOST_AT_ONCE: Final = 64
# Below one domain: whoever has it may make as many names as they like.
MOST_OF_A_DOMAIN: Final = 4


def look_up(host: str) -> Sequence[Any]:
    """The rows of `getaddrinfo`."""
    return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)


class Resolver:
    """Looks up names beside one another; who waits for one leaves after their own deadline."""

    def __init__(self, look_up: LookUp = look_up, *, most: int = MOST_AT_ONCE) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(max_workers=most, thread_name_prefix="resolve")
        self._lock = threading.Lock()
        self._running: dict[str, Future[Sequence[Any]]] = {}
        self._of_domain: Counter[str] = Counter()

    def addresses(self, host: str, timeout_s: float) -> Sequence[str]:
        """The addresses of a name; `Unreachable` when there is none, or none in time."""
        running = self._begun(host)
        try:
            rows = running.result(timeout=timeout_s)
        except FutureTimeout:
            raise Unreachable(
                f"{host}: its address was not known within {timeout_s:.0f} s"
            ) from None
        except OSError as error:
            raise Unreachable(f"{host}: no such host ({error.strerror})") from None
        except UnicodeError:
            raise BadAddress(f"{host[:80]!r}: expected a host's name") from None
        return [str(row[4][0]) for row in rows]

    def _begun(self, host: str) -> "Future[Sequence[Any]]":
        """The look-up of this name that goes on, or a new one."""
        domain = domain_of(host)
        with self._lock:
            running = self._running.get(host)
            if running is not None:
                return running
            if self._of_domain[domain] >= MOST_OF_A_DOMAIN:
                raise Unreachable(
                    f"{host}: the name servers of {domain} do not answer, and "
                    f"{MOST_OF_A_DOMAIN} of its names are being asked for already"
                )
            self._of_domain[domain] += 1
            running = self._running[host] = self._threads.submit(self._looked_up, host, domain)
        return running

    def _looked_up(self, host: str, domain: str) -> Sequence[Any]:
        try:
            return self._look_up(host)
        finally:  # before anybody who waits goes on
            with self._lock:
                del self._running[host]
                self._of_domain[domain] -= 1
                if not self._of_domain[domain]:
                    del self._of_domain[domain]


def domain_of(host: str) -> str:
    """About what one owner has of names: the last two parts, three below a short one (co.uk)."""
    parts = host.rstrip(".").split(".")
    kept = 3 if len(parts) > 2 and len(parts[-2]) <= 3 and len(parts[-1]) == 2 else 2
    return ".".join(parts[-kept:])


_resolver: Final = Resolver()


def resolve_host(host: str, timeout_s: float) -> Sequence[str]:
    """The addresses of a name, by this process's one resolver."""
    return _resolver.addresses(host, timeout_s)
