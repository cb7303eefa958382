"""The address of a Postgres, as libpq reads it, and what Django makes a connection of. No Django.

Every parameter of it reaches libpq; what libpq would refuse at the first connection is refused when
the process starts, and so is what would lead past the role or its tenant. No sentence repeats what
stands in the address: where it is misspelt, that may be a piece of the password.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from psycopg import Error, pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from warmline.kernel.configuration import kinds
from warmline.kernel.errors import ConfigurationError

# What Django's settings have names of their own for.
_DJANGO: Final = {
    "NAME": "dbname",
    "USER": "user",
    "PASSWORD": "password",
    "HOST": "host",
    "PORT": "port",
}
# A service's file could name another role, replication takes no statements of ours.
_NOT_HERE: Final = frozenset({"service", "servicefile", "replication"})
_FILES: Final = frozenset({"sslcert", "sslkey", "sslrootcert", "sslcrl", "passfile"})
# What `options` may set for a session: never the role, the tenant, the search path or whether rows
# are secured.
_SESSION: Final = frozenset(
    {
        *("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"),
        *("idle_session_timeout", "transaction_timeout", "application_name", "jit", "work_mem"),
        *("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count"),
        *("tcp_user_timeout", "plan_cache_mode"),
    }
)
_NUMBERS: Final = frozenset(
    {
        *("connect_timeout", "tcp_user_timeout", "keepalives", "keepalives_idle"),
        *("keepalives_interval", "keepalives_count"),
    }
)
# By these some hosted servers tell whose database is asked for.
_ROUTING: Final = frozenset({"endpoint", "project", "cluster", "reference"})
# No socket lies there: libpq looks at all parameters and then finds nobody to speak to.
_NOBODY: Final = "/nonexistent"


def postgres_address(text: str) -> str:
    """The address when libpq takes all of it and nothing leads past the role, else `ValueError`."""
    # What the address leaves open libpq takes from its own variables, PGOPTIONS among them.
    given = {**_surroundings(), **_parameters(text)}
    if not given.get("dbname"):
        raise ValueError("the database's name in it")
    for name in sorted(_NOT_HERE & given.keys()):
        raise ValueError(f"the server itself, without {name}")
    if str(given.get("client_encoding", "UTF8")).upper() not in {"UTF8", "UTF-8", "UNICODE"}:
        raise ValueError("no other client_encoding than UTF8")
    if "@" in str(given.get("host", "")):
        raise ValueError("the @, / and : of a password as %40, %2F and %3A")
    for name in sorted(_FILES & given.keys()):
        if given[name] != "system" and not Path(str(given[name])).is_file():
            raise ValueError(f"{name} to name a file that is there")
    for name in sorted(_NUMBERS & given.keys()):
        if not re.fullmatch(r"[0-9]{1,9}", str(given[name])):
            raise ValueError(f"{name} to be a whole number")
    _check_session(str(given.get("options", "")))
    _check_with_libpq(given)
    return text


def django_database(address: str) -> dict[str, Any]:
    """Where the database is, as Django's settings say it, with all that libpq is told."""
    given = dict(conninfo_to_dict(address))
    parts = {key: str(given.pop(parameter, "")) for key, parameter in _DJANGO.items()}
    given.pop("client_encoding", None)  # Django's own, UTF8
    return {**parts, "OPTIONS": given}


def behind_pgbouncer(database: Mapping[str, Any]) -> dict[str, Any]:
    """The database as Django may use it through PgBouncer in transaction mode.

    A cursor on the server would outlive its transaction, on a connection that is another client's
    by then. `ConfigurationError` where the address sets something for the session.
    """
    if database["OPTIONS"].get("options"):
        raise ConfigurationError(
            "DATABASE_URL, DATABASE_CONTROL_URL: expected no options behind PgBouncer, where a "
            "session is many clients'; `bootstrap_roles` gives the roles their timeouts"
        )
    return {**database, "DISABLE_SERVER_SIDE_CURSORS": True}


def _surroundings() -> dict[str, str]:
    """Those of libpq's variables that could lead past the role or to another database."""
    named = {option.keyword.decode(): option.val for option in pq.Conninfo.get_defaults()}
    return {
        name: value.decode(errors="replace")
        for name in ("options", *sorted(_NOT_HERE))
        if (value := named.get(name))
    }


def _parameters(text: str) -> Mapping[str, Any]:
    try:
        return conninfo_to_dict(text)
    except Error as error:
        named = re.search(r'"([a-z_]{4,40})"', str(error))
        known = [option.keyword.decode() for option in pq.Conninfo.get_defaults()]
        near = get_close_matches(named[1], known, n=1, cutoff=0.75) if named else []
        if near and "invalid" in str(error):
            raise ValueError(f"parameters that libpq knows, such as {near[0]}") from None
        raise ValueError(kinds.POSTGRES.called) from None


def _check_session(options: str) -> None:
    """`options` sets nothing for the session but what does not touch whose rows it sees."""
    words = re.sub(r"(^|\s)-c\s+", r"\1--", options.strip())
    for word in words.split():
        name, equals, _ = word.removeprefix("--").removeprefix("-c").partition("=")
        name = name.replace("-", "_").lower()
        allowed = _SESSION if word.startswith("-") else _ROUTING
        if not equals or name not in allowed:
            raise ValueError(
                f"no options but {', '.join(sorted(_SESSION))}: others could lead past the role"
            )


def _check_with_libpq(given: Mapping[str, Any]) -> None:
    """Have libpq look at every value, without a word to any server."""
    hosts = str(given.get("host") or given.get("hostaddr") or _NOBODY).split(",")
    asked = {**given, "host": ",".join(_NOBODY for _ in hosts)}
    asked.pop("hostaddr", None)
    connection = pq.PGconn.connect_start(make_conninfo("", **asked).encode())
    said = connection.error_message.decode(errors="replace").strip()
    connection.finish()
    if not said.startswith("connection to server"):
        raise ValueError(f"what libpq takes ({_without_values(said)})")


def _without_values(said: str) -> str:
    """libpq's words, without what it quotes of the address unless that is a parameter's name."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    return re.sub(r'"([^"]*)"', lambda quoted: quoted[1] if quoted[1] in known else "…", said)
