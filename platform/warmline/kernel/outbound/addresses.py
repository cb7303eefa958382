"""Which addresses are on the public internet, and how a URL that somebody gave is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from warmline.kernel.outbound.errors import BadAddress

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL: Final = 2000
_PORTS: Final = {"http": 80, "https": 443}
# IANA's registries of special-purpose addresses, multicast, and Azure's metadata service, which
# stands on an address that looks public.
_NOT_PUBLIC_4: Final = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
            *("192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4"),
            *("240.0.0.0/4", "168.63.129.16/32"),
        ),
    )
)
_PUBLIC_6: Final = IPv6Network("2000::/3")
# Teredo, ORCHID and their like; 6to4, which hides an IPv4 address; documentation.
_NOT_PUBLIC_6: Final = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
# An IPv4 address behind a translator, which an IPv6-only cluster reaches everything by.
_NAT64: Final = IPv6Network("64:ff9b::/96")
# What ends in a number is an IPv4 address to a browser, in whichever base.
_NUMERIC: Final = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_NAME: Final = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?)+")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f\\]")
# As they stand in a path or query; everything else goes out percent-encoded.
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"
_EXPECTED: Final = "expected an address such as https://www.example.com/prices"


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """A URL in parts, as it will be asked: nobody reads it a second time in another way."""

    scheme: str
    host: str  # lower case, ASCII; an IPv6 address without brackets
    port: int
    target: str  # path and query

    @property
    def authority(self) -> str:
        """Host and port as a Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def has_usual_port(self) -> bool:
        """80 for http, 443 for https."""
        return self.port == _PORTS[self.scheme]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def joined(self, location: str) -> "PublicUrl":
        """Where a link or a redirect on this page leads; `BadAddress` if to no page."""
        try:
            return parse_url(urljoin(str(self), location.strip()))
        except ValueError:
            raise BadAddress(f"link {location[:80]!r}: {_EXPECTED}") from None


def parse_url(url: str) -> PublicUrl:
    """The parts of a URL; `BadAddress` for what is no http or https address of a page.

    Names in other alphabets become their ASCII form; a fragment is left out.
    """
    shown = repr(url[:80])
    if len(url) > LONGEST_URL:
        raise BadAddress(f"address {shown}…: expected at most {LONGEST_URL} characters")
    if _UNPRINTABLE.search(url):
        raise BadAddress(f"address {shown}: expected no blanks or control characters in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress(f"address {shown}: {_EXPECTED}") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname or port == 0 or parts.netloc.endswith(":"):
        raise BadAddress(f"address {shown}: {_EXPECTED}")
    if "@" in parts.netloc:
        raise BadAddress(f"address {shown}: expected no sign-in in it")
    target = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        target = f"{target}?{quote(parts.query, safe=_SAFE)}"
    host = _host(parts.hostname, netloc=parts.netloc, shown=shown)
    return PublicUrl(scheme, host, port or _PORTS[scheme], target)


def is_public(address: Address) -> bool:
    """Whether an address is a machine's on the public internet, by its number alone."""
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped
        if hidden is None and address in _NAT64:
            hidden = IPv4Address(int(address) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(hidden)
        return address in _PUBLIC_6 and not is_within(address, _NOT_PUBLIC_6)
    return not is_within(address, _NOT_PUBLIC_4)


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of these networks."""
    return any(address in network for network in networks)


def parse_network(text: str) -> str:
    """A network in its usual form (10.0.0.0/8); `ValueError` says what was expected."""
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("a network such as 10.20.0.0/16 or fd00::/8") from None


def _host(hostname: str, *, netloc: str, shown: str) -> str:
    bracketed = "[" in netloc
    if bracketed or ":" in hostname:
        return _literal(hostname, shown=shown)
    try:
        # Other alphabets' full stops and digits become ours before anything is decided.
        name = hostname.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        raise BadAddress(f"address {shown}: {_EXPECTED}") from None
    if _NUMERIC.fullmatch(name):
        return _literal(name, shown=shown)
    if not _NAME.fullmatch(name):
        raise BadAddress(f"address {shown}: {_EXPECTED}")
    return name


def _literal(text: str, *, shown: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        raise BadAddress(f"address {shown}: expected a host's name or four decimal parts") from None
    if isinstance(address, IPv6Address) and address.scope_id:
        raise BadAddress(f"address {shown}: expected no zone in it")
    return str(address)
