"""Connections for one request: to an address that was looked at, and over by its deadline."""

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any, Final

import httpcore

from warmline.kernel.outbound.addresses import Address, Network, is_public, is_within
from warmline.kernel.outbound.errors import BadAddress, PrivateAddress, Unreachable

Resolve = Callable[[str, float], Sequence[str]]

_MOST_ADDRESSES: Final = 4


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to a host once all of its addresses were found to be public, and to no other.

    The name is resolved once: what it points to a moment later makes no difference. Addresses
    within `networks`, which the operator has opened, may be reached at any port; all others only
    at the usual one.
    """

    def __init__(
        self,
        *,
        usual_port: bool,
        deadline: float,
        networks: Iterable[Network],
        resolve: Resolve,
    ) -> None:
        self._usual_port = usual_port
        self._deadline = deadline
        self._networks = tuple(networks)
        self._resolve = resolve
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """A connection to the host; `PrivateAddress`, or what the library raises."""
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in self._addresses(host)[:_MOST_ADDRESSES]:
            try:
                stream = self._plain.connect_tcp(str(address), port, left_s(self._deadline))
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failure = error
                continue
            return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str) -> list[Address]:
        found = self._resolve(host, left_s(self._deadline))
        addresses = [ip_address(text.partition("%")[0]) for text in dict.fromkeys(found)]
        for address in addresses:
            if is_within(address, self._networks):
                continue
            if not is_public(address):
                raise PrivateAddress(
                    f"{host} leads to {address}: expected a host on the public internet"
                )
            if not self._usual_port:
                raise BadAddress(f"{host}: expected port 80 for http or 443 for https")
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection that is over at a moment, however slowly the other side goes on."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left_s(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left_s(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, left_s(self._deadline))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def left_s(deadline: float) -> float:
    """Seconds until a moment of the monotonic clock; `Unreachable` when it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unreachable("no whole answer came in time")
    return left
