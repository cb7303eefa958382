"""One HTTP request to an address that a tenant gave, which reaches nothing of ours.

Every host is resolved once, its addresses are looked at, and the connection goes to what was looked
at, on each redirect again: no name that changes its mind leads inside. Nothing of the environment
(proxies, netrc) has a part in it. An operator may open private networks by
`WARMLINE_OUTBOUND_NETWORKS`.
"""

import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from typing import Final

import httpcore

from warmline.kernel import configuration
from warmline.kernel.outbound.addresses import Network, PublicUrl, parse_url
from warmline.kernel.outbound.connection import CheckedNetwork, Resolve, left_s
from warmline.kernel.outbound.errors import Unreachable
from warmline.kernel.outbound.resolving import resolve_host

USER_AGENT: Final = "Warmline/1"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_COMPRESSED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB: Final = 47  # zlib's window, with the format read from its header


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `whole` is false where the body had more than `max_bytes`: it is cut."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case; of several of one name the last
    body: bytes
    whole: bool

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case; "" for none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def open_public(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout_s: float = 10.0,
    max_bytes: int = 64 * 1024,
    max_redirects: int = 0,
    networks: Iterable[Network] | None = None,
    resolve: Resolve = resolve_host,
) -> Answer:
    """Ask once, within `timeout_s` from name to last byte; whatever the status, it is an answer.

    `BadAddress` (of which `PrivateAddress` is one) for what may not be asked, `Unreachable` when
    nothing whole came in time. A redirect is followed for GET and HEAD, up to `max_redirects`;
    with 0 it is the answer. `networks` are private ones that may be reached.
    """
    deadline = time.monotonic() + timeout_s
    opened = _opened_networks() if networks is None else tuple(networks)
    there = parse_url(url)
    hops = max_redirects if method in {"GET", "HEAD"} else 0
    while True:
        network = CheckedNetwork(
            usual_port=there.has_usual_port, deadline=deadline, networks=opened, resolve=resolve
        )
        answer = _ask(
            there,
            method=method,
            headers={"User-Agent": USER_AGENT, **(headers or {})},
            body=body,
            max_bytes=max_bytes,
            network=network,
            deadline=deadline,
        )
        location = answer.headers.get("location", "")
        if max_redirects == 0 or answer.status not in _REDIRECTS or not location:
            return answer
        if hops == 0:
            raise Unreachable(f"{url[:80]}: more than {max_redirects} redirects")
        hops -= 1
        there = there.joined(location)


def _ask(
    url: PublicUrl,
    *,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    max_bytes: int,
    network: CheckedNetwork,
    deadline: float,
) -> Answer:
    asked = [(b"Host", url.authority.encode()), (b"Accept-Encoding", b"identity")]
    asked += [(name.encode(), value.encode()) for name, value in headers.items()]
    if body or method not in {"GET", "HEAD"}:
        asked.append((b"Content-Length", str(len(body)).encode()))
    where = httpcore.URL(
        scheme=url.scheme.encode(),
        host=url.host.encode(),
        port=url.port,
        target=url.target.encode(),
    )
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=_certificates(), max_connections=1, network_backend=network
            ) as pool,
            pool.stream(method, where, headers=asked, content=body) as response,
        ):
            return _read(response, url=url, max_bytes=max_bytes, deadline=deadline)
    except httpcore.TimeoutException:
        raise Unreachable(f"{url.authority}: no whole answer came in time") from None
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        zlib.error,
        OSError,
    ) as error:
        raise Unreachable(f"{url.authority}: {_why(error)}") from error


def _read(
    response: httpcore.Response, *, url: PublicUrl, max_bytes: int, deadline: float
) -> Answer:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in _COMPRESSED | {"identity", ""}:
        raise Unreachable(f"{url.authority}: answered in {encoding[:20]}, which was not asked for")
    unpack = zlib.decompressobj(_GZIP_OR_ZLIB) if encoding in _COMPRESSED else None
    kept, whole = bytearray(), True
    for piece in response.iter_stream():
        left_s(deadline)
        # One byte more than may be kept says that there is more; a bomb is never blown up.
        room = max_bytes + 1 - len(kept)
        kept += piece[:room] if unpack is None else unpack.decompress(piece, room)
        if len(kept) > max_bytes:
            whole = False
            break
    return Answer(str(url), response.status, headers, bytes(kept[:max_bytes]), whole)


def _why(error: Exception) -> str:
    if isinstance(error, httpcore.ProtocolError):
        return f"no HTTP ({error})"
    return str(error)[:200] or type(error).__name__


@cache
def _certificates() -> ssl.SSLContext:
    """Whom TLS trusts: the usual authorities, and those of this machine."""
    context = httpcore.default_ssl_context()
    context.load_default_certs()
    return context


def _opened_networks() -> tuple[Network, ...]:
    return tuple(map(ip_network, configuration.OUTBOUND_NETWORKS.value()))
