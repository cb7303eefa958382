"""The address of a Redis, read once and told alike to every library that connects.

redis-py, which most of them use, reads it; Celery's own reader leaves certificates unchecked and
options out, so it is given the parts.
"""

import re
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

import redis
from redis.connection import parse_url as _untyped_parse_url

from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import Kind

# What an address may say beside who and where. Anything else would bend what the code relies on,
# such as `decode_responses`, or reach some of the libraries only.
_SOCKET: Final = frozenset(
    {
        "socket_timeout",
        "socket_connect_timeout",
        "socket_keepalive",
        "retry_on_timeout",
        "health_check_interval",
    }
)
_FILES: Final = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
_TLS: Final = frozenset({"ssl_cert_reqs", "ssl_check_hostname", "ssl_password", *_FILES})
_WHERE: Final = frozenset({"host", "port", "path", "db", "username", "password"})
_SECONDS: Final = kinds.seconds(0.001, 3600)
_VALUES: Final[Mapping[str, Kind[Any]]] = {
    "socket_timeout": _SECONDS,
    "socket_connect_timeout": _SECONDS,
    "health_check_interval": kinds.whole(0, 3600),
    # The words that redis-py takes for yes and no; any other is yes to it.
    **dict.fromkeys(
        ("socket_keepalive", "retry_on_timeout", "ssl_check_hostname"),
        kinds.one_of("true", "false", "yes", "no", "1", "0"),
    ),
}
_CERT_REQS: Final = {
    "required": ssl.CERT_REQUIRED,
    "optional": ssl.CERT_OPTIONAL,
    "none": ssl.CERT_NONE,
}
_LAST_DATABASE: Final = 9999


@dataclass(frozen=True, slots=True)
class CeleryBroker:
    """What Celery is told: the address, the certificates, the connection's options."""

    url: str
    tls: Mapping[str, Any] | None
    options: Mapping[str, Any]


def redis_address(text: str) -> str:
    """The address when a connection can be made of all of it, else `ValueError`."""
    if re.search(r"\s", text):
        raise ValueError(kinds.REDIS.called)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(kinds.REDIS.called) from None
    _check_number(parts.scheme, parts.path)
    if port == 0 or "#" in text or "," in parts.netloc.rpartition("@")[2]:
        raise ValueError(kinds.REDIS.called)
    _check_query(parts)
    try:
        given: dict[str, Any] = _parse_url(text)
    except ValueError:
        raise ValueError(kinds.REDIS.called) from None
    if "@" in str(given.get("host", "")):
        raise ValueError("the @, / and : of a password as %40, %2F and %3A")
    if parts.scheme == "unix" and not given.get("path"):
        raise ValueError("the socket's path after unix://")
    if not 0 <= int(given.get("db", 0)) <= _LAST_DATABASE:
        raise ValueError(f"a database's number from 0 to {_LAST_DATABASE}")
    _check_options(parts.scheme, given)
    return text


def celery_broker(url: str) -> CeleryBroker:
    """The broker as Celery takes it, certificates checked unless the address says otherwise."""
    given = _parse_url(url)
    options = {name: given[name] for name in _SOCKET & given.keys()}
    user, password = (quote(given.get(name, ""), safe="") for name in ("username", "password"))
    who = f"{user}:{password}@" if user or password else ""
    number = given.get("db", 0)
    if "path" in given:
        address = f"redis+socket://{who}{given['path']}?virtual_host={number}"
        return CeleryBroker(address, None, options)
    host = str(given.get("host", "localhost"))
    host = f"[{host}]" if ":" in host else host
    address = f"redis://{who}{host}:{given.get('port', 6379)}/{number}"
    if urlsplit(url).scheme != "rediss":
        return CeleryBroker(address, None, options)
    tls = {name: given[name] for name in _TLS & given.keys()}
    tls["ssl_cert_reqs"] = _CERT_REQS[str(given.get("ssl_cert_reqs", "required")).lower()]
    return CeleryBroker(address, tls, options)


def _parse_url(url: str) -> dict[str, Any]:
    parts = dict(_untyped_parse_url(url))  # type: ignore[no-untyped-call]  # redis-py's own
    parts.pop("connection_class", None)
    return parts


def server_and_number(url: str) -> tuple[str, int, int]:
    """Where it leads, however it is written: a host and port or a socket's path, and the number."""
    given = _parse_url(url)
    where = str(given.get("path") or given.get("host", "localhost")).lower()
    return where, int(given.get("port", 6379)), int(given.get("db", 0))


def _check_query(parts: SplitResult) -> None:
    """redis-py takes the first of several and drops what is empty, or stands before the `?` too."""
    options = parse_qsl(parts.query, keep_blank_values=True)
    times = Counter(name for name, _ in options)
    for name, value in options:
        if times[name] > 1 or not value:
            raise ValueError("each option once and with a value")
        numbered = name == "db" and (parts.scheme == "unix" or parts.path in {"", "/"})
        if name in _WHERE and not numbered:
            raise ValueError("server, number and sign-in before the ?")
        if name in _VALUES:
            try:
                _VALUES[name].parse(value.lower())
            except ValueError as error:
                raise ValueError(f"{name} to be {error}") from None


def _check_number(scheme: str, path: str) -> None:
    """redis-py takes a path that is no number for database 0."""
    if scheme in {"redis", "rediss"} and not re.fullmatch(r"/?[0-9]{0,4}", path):
        raise ValueError("a database's number after the host, such as /0")


def _check_options(scheme: str, given: Mapping[str, Any]) -> None:
    allowed = _WHERE | _SOCKET | (_TLS if scheme == "rediss" else frozenset())
    if strange := sorted(given.keys() - allowed):
        name = strange[0] if re.fullmatch(r"[a-z_]{1,40}", strange[0]) else "one"
        where = " with rediss://" if strange[0] in _TLS else ""
        expected = ", ".join(sorted(allowed - _WHERE))
        raise ValueError(f"the option {name} only{where}" if where else f"no option but {expected}")
    if str(given.get("ssl_cert_reqs", "required")).lower() not in _CERT_REQS:
        raise ValueError(f"ssl_cert_reqs to be one of {', '.join(_CERT_REQS)}")
    for option in sorted(_FILES & given.keys()):
        if not Path(given[option]).is_file():
            raise ValueError(f"{option} to name a file that is there")
    try:
        redis.ConnectionPool(**_kwargs(scheme, given)).make_connection()
    except (TypeError, ValueError, redis.RedisError):
        raise ValueError(kinds.REDIS.called) from None


def _kwargs(scheme: str, given: Mapping[str, Any]) -> dict[str, Any]:
    classes: dict[str, Any] = {
        "rediss": redis.SSLConnection,
        "unix": redis.UnixDomainSocketConnection,
    }
    return {"connection_class": classes.get(scheme, redis.Connection), **given}
