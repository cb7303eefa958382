"""The types of settings: each text becomes a value, or a `ValueError` that says what was expected.

Addresses of Postgres and of Redis are read by the libraries that use them. Those are imported when
such a setting is read: the media plane holds no psycopg, and what only decides holds no network.
"""

import json
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from warmline.kernel.configuration.setting import Kind

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"\+?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})")
_HOST_NAME: Final = re.compile(
    r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)
REGION_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
POOL_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}/(hear|think|speak|embed)/[\w.:/-]{1,100}")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_FLAGS: Final = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


def whole(least: int, most: int) -> Kind[int]:
    """A whole number within bounds."""
    called = f"a whole number from {least} to {most}"

    def parse(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(called)
        return int(text)

    return Kind(called, parse)


def seconds(least: float, most: float) -> Kind[float]:
    """Seconds within bounds, with decimals if need be."""
    called = f"seconds from {least:g} to {most:g}"

    def parse(text: str) -> float:
        if not _DECIMAL.fullmatch(text) or not least <= float(text) <= most:
            raise ValueError(called)
        return float(text)

    return Kind(called, parse)


def one_of(*choices: str) -> Kind[str]:
    """One of a few words."""
    called = " or ".join(choices)

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(called)
        return text

    return Kind(called, parse)


def listed(items: Kind[str]) -> Kind[tuple[str, ...]]:
    """Items separated by commas; blanks around them, empty ones and repetitions do not count."""

    def parse(text: str) -> tuple[str, ...]:
        parts = (part.strip() for part in text.split(","))
        values = tuple(dict.fromkeys(items.parse(part) for part in parts if part))
        if not values:
            raise ValueError(called)
        return values

    called = f"{items.called}, or several separated by commas"
    return Kind(called, parse)


def mapping(*, keys: Kind[str], values: Kind[str]) -> Kind[Mapping[str, str]]:
    """A JSON object; each key and each value is looked at too."""
    called = f"a JSON object from {keys.called} to {values.called}"

    def parse(text: str) -> Mapping[str, str]:
        try:
            given = msgspec.json.decode(text, type=dict[str, str])
            pairs = json.loads(text, object_pairs_hook=len)
        except (msgspec.MsgspecError, ValueError):
            raise ValueError(called) from None
        if pairs != len(given):
            raise ValueError(f"each key once, in {called}")
        read = {}
        for key, value in given.items():
            try:
                read[keys.parse(key)] = values.parse(value.strip())
            except ValueError as error:
                shown = repr(key) if key.isprintable() and len(key) <= 140 else "one of them"
                raise ValueError(f"{error} for {shown}, in {called}") from None
        return MappingProxyType(read)

    return Kind(called, parse)


def matching(pattern: re.Pattern[str], called: str) -> Kind[str]:
    """A text of one form."""

    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(called)
        return text

    return Kind(called, parse)


def elsewhere(called: str, reader: str) -> Kind[str]:
    """A type that `module:function` reads, which is imported with the first such setting."""

    def parse(text: str) -> str:
        read: Callable[[str], str] = resolve_name(reader)
        return read(text)

    return Kind(called, parse)


def _flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise ValueError(FLAG.called)
    return _FLAGS[text.lower()]


def _secret(text: str) -> str:
    if text == "fill in":
        raise ValueError("a secret of your own in place of the example's words")
    return text


def _key(text: str) -> str:
    # It goes into a header as it stands; an empty one says that a pool takes none.
    if not re.fullmatch(r"([\x21\x23-\x26\x28-\x7e][\x21-\x7e]*)?", text):
        raise ValueError(KEY.called)
    return text


def _folders(text: str) -> tuple[str, ...]:
    folders = [folder.strip() for folder in text.split(":") if folder.strip()]
    if any(not Path(folder).is_absolute() for folder in folders):
        raise ValueError(FOLDERS.called)
    return tuple(folders)


def _path(text: str) -> Path:
    if text.startswith("~") or "\0" in text:
        raise ValueError(PATH.called)
    return Path(text).absolute()


def _host(name: str | None, expected: str) -> str:
    """A host as browsers write it: lower case, other alphabets in their ASCII form, IPv6 in
    brackets.
    """
    # What ends in a number is an IPv4 address to them, or nothing.
    numeric = re.fullmatch(r"(.*:.*|(.*\.)?[0-9]+\.?)", name or "")
    if name and numeric:
        try:
            address = ip_address(name)
        except ValueError:
            raise ValueError(expected) from None
        return f"[{name}]" if address.version == 6 else name
    try:
        written = (name or "").rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        written = ""
    if not _HOST_NAME.fullmatch(written):
        raise ValueError(expected)
    return written


def _web_address(text: str, expected: str) -> tuple[SplitResult, str]:
    """The parts of an address, and its origin as a browser sends it."""
    if re.search(r"\s|[\x00-\x1f\\]", text):
        raise ValueError(expected)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(expected) from None
    plain = parts.scheme in _DEFAULT_PORTS and parts.username is None and "@" not in parts.netloc
    if re.search(r"\][^:]", parts.netloc):
        raise ValueError(expected)  # what follows an IPv6 address would be lost
    if not plain or parts.fragment or parts.netloc.endswith(":") or port == 0:
        raise ValueError(expected)
    origin = f"{parts.scheme}://{_host(parts.hostname, expected)}"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        origin += f":{port}"
    return parts, origin


def _origin(text: str) -> str:
    parts, origin = _web_address(text, ORIGIN.called)
    if parts.path not in {"", "/"} or parts.query or text.endswith("?"):
        raise ValueError(ORIGIN.called)
    return origin


def _endpoint(text: str) -> str:
    parts, origin = _web_address(text, ENDPOINT.called)
    query = f"?{parts.query}" if parts.query else ""
    return origin + parts.path.rstrip("/") + query


def _allowed_host(text: str) -> str:
    if text == "*":
        return text
    bracketed = text.startswith("[") and text.endswith("]")
    name = text[1:-1] if bracketed else text
    if bracketed != (":" in name):
        raise ValueError(ALLOWED_HOST.called)
    subdomains = "." if name.startswith(".") else ""
    return subdomains + _host(name.removeprefix("."), ALLOWED_HOST.called)


TEXT: Final = Kind("a text", str)
SECRET: Final = Kind("a secret", _secret)
KEY: Final = Kind("a key, without blanks in it or quotes around it", _key)
SEALING_KEY: Final = matching(
    re.compile(r"[\x21\x23-\x26\x28-\x2b\x2d-\x7e]{32,512}"),
    "a random key of at least 32 characters, without blanks, quotes or commas",
)
FLAG: Final = Kind("yes or no (1, true, yes, on, or 0, false, no, off)", _flag)
ICE_SERVER: Final = matching(
    re.compile(r"(stuns?|turns?):[A-Za-z0-9.\[\]:-]{1,255}(\?transport=(udp|tcp))?"),
    "a server such as stun:stun.example.com:3478 or turn:turn.example.com?transport=udp",
)
PORT: Final = whole(1, 65_535)
PATH: Final = Kind("a path, written out (only a shell knows what ~ is)", _path)
FOLDERS: Final = Kind(
    "folders by their whole paths, separated by colons (only a shell knows what ~ is)", _folders
)
ORIGIN: Final = Kind(
    "an address such as https://calls.example.com, with its port if need be: http or https, a "
    "host, no path, no sign-in",
    _origin,
)
ENDPOINT: Final = Kind(
    "an address such as https://provider.example/v1: http or https, a host, no sign-in in it",
    _endpoint,
)
ALLOWED_HOST: Final = Kind(
    "a host such as calls.example.com, without scheme, port or path", _allowed_host
)
STORE: Final = matching(
    re.compile(r"file:/{3}[^?#\x00-\x20]+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*[\w-])?"),
    "file:// and a folder's whole path, or s3://BUCKET/PREFIX",
)
NAMESPACE: Final = matching(re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"), "a namespace's name")
NETWORK: Final = elsewhere(
    "a network such as 10.20.0.0/16 or fd00::/8", "warmline.kernel.outbound.addresses:parse_network"
)
REGION: Final = matching(REGION_CODE, "a region's code such as us-east")
POOL: Final = matching(POOL_NAME, "a pool's name such as us-east/think/frontdesk")
POSTGRES: Final = elsewhere(
    "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…, or the same in libpq's keywords",
    "tenants.postgres.addresses:postgres_address",
)
PROVISIONER: Final = elsewhere(
    "local (this machine) or kubernetes", "inference.provisioners.registry:provisioner_name"
)
REDIS: Final = elsewhere(
    "redis://USER:PASSWORD@HOST:PORT/NUMBER, rediss:// or unix://",
    "warmline.kernel.redis_address:redis_address",
)
