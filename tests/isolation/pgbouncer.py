"""PgBouncer before the tests' Postgres, as the file that is shipped says, with few servers."""

import configparser
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from asgiref.sync import SyncToAsync
from django.db import connections
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenants.postgres.addresses import behind_pgbouncer
from tests import services
from tests.conftest import pgbouncer
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Program
from warmline.embedded.running import running
from warmline.embedded.stores import postgres
from warmline.kernel.env import REPOSITORY

SHIPPED: Final = REPOSITORY / "deploy" / "pgbouncer" / "pgbouncer.ini"
# For each role: far fewer than there are clients.
SERVERS: Final = 2


def shipped() -> configparser.ConfigParser:
    """The file that operators are given."""
    parser = configparser.ConfigParser(comment_prefixes=(";",), interpolation=None)
    parser.read(SHIPPED, encoding="utf-8")
    return parser


@contextmanager
def pgbouncer_running(superuser: psycopg.Connection, *, name: str, **changed: str) -> Iterator[int]:
    """Ready on its port, until the block ends; with these settings changed."""
    folder = services.home.run / name
    folder.mkdir(mode=0o700, exist_ok=True)
    program = pgbouncer()
    assert program, "no PgBouncer: `make test` installs it where it may"
    port = choose_port("WARMLINE_TEST_PGBOUNCER_PORT", taken=set())
    parser = shipped()
    sockets = postgres.socket_folder(services.home)
    parser["databases"] = {services.DATABASE: f"host={sockets} dbname={services.DATABASE}"}
    own = {
        "listen_addr": HOST,
        "listen_port": str(port),
        "auth_file": str(folder / "userlist.txt"),
        "default_pool_size": str(SERVERS),
        "unix_socket_dir": "",
        "query_wait_timeout": "60",
    }
    parser["pgbouncer"].update(own | changed)
    with (folder / "pgbouncer.ini").open("w", encoding="utf-8") as written:
        parser.write(written)
    (folder / "userlist.txt").write_text(_userlist(superuser), encoding="utf-8")
    # It refuses to run as root, and reaches Postgres' socket as whoever owns that.
    user = postgres.program(services.home, superuser_password=services.superuser_password).user
    for path in (folder, *folder.iterdir()) if user else ():
        os.chown(path, user.uid, user.gid)  # type: ignore[union-attr]
    address = make_conninfo("", **bounced(services.urls.app, port))
    with running(
        Program(
            name,
            (str(program), str(folder / "pgbouncer.ini")),
            lambda: _missing(address),
            stop_signal="INT",
            user=user,
            ready_s=30,
        ),
        home=services.home,
    ):
        yield port


def bounced(url: str, port: int) -> dict[str, Any]:
    """The address of a role with PgBouncer in Postgres' place."""
    return {**conninfo_to_dict(url), "host": HOST, "port": str(port)}


@contextmanager
def through(port: int) -> Iterator[None]:
    """The app's and control's connections lead through it inside, as the setting has it."""
    direct = {alias: dict(connections.settings[alias]) for alias in ("default", "control")}
    try:
        for alias, database in direct.items():
            _close(alias)
            led = {**behind_pgbouncer(database), "HOST": HOST, "PORT": str(port)}
            _settle(alias, led)
        yield
    finally:
        for alias, database in direct.items():
            _close(alias)
            _settle(alias, database)


def _settle(alias: str, database: Mapping[str, Any]) -> None:
    held = connections.settings[alias]
    held.clear()
    held.update(database)


def _close(alias: str) -> None:
    # The thread in which asynchronous code asks the database has a connection of its own.
    SyncToAsync.single_thread_executor.submit(_close_connection, alias).result(10)
    _close_connection(alias)
    connections[alias].close_pool()  # type: ignore[attr-defined]  # no stub


def _close_connection(alias: str) -> None:
    """This thread's."""
    connections[alias].close()


def _userlist(superuser: psycopg.Connection) -> str:
    """Each role and its verifier."""
    rows = superuser.execute(
        "SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY (%s)",
        (["warmline_app", "warmline_control"],),
    )
    return "".join(f'"{name}" "{verifier}"\n' for name, verifier in rows)


def _missing(address: str) -> str | None:
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        return str(error).strip()
    return None
