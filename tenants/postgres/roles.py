"""The three login roles and the database they share, made once by a superuser. No Django here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenants.names import (
    APP_ROLE,
    CONTROL_ROLE,
    LOGIN_ROLES,
    OWNER_ROLE,
    REFUSED_FUNCTIONS,
    RESOLVER_ROLE,
)
from warmline.kernel.errors import ConfigurationError

_ATTRIBUTES = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
# A statement, a lock and an idle transaction of the app each end by themselves.
_TIMEOUTS_MS = {
    APP_ROLE: {
        "statement_timeout": 10_000,
        "lock_timeout": 3_000,
        "idle_in_transaction_session_timeout": 15_000,
    },
    CONTROL_ROLE: {
        "statement_timeout": 30_000,
        "lock_timeout": 3_000,
        "idle_in_transaction_session_timeout": 15_000,
    },
    OWNER_ROLE: {"lock_timeout": 10_000},
}
# All else of the superuser's address, TLS among it, is how this server is reached.
_OF_THE_SUPERUSER = frozenset(
    {"user", "password", "dbname", "options", "passfile", "sslcert", "sslkey", "sslpassword"}
)
_REFUSED_FUNCTIONS = f"""
SELECT oid::regprocedure::text FROM pg_catalog.pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND ({REFUSED_FUNCTIONS})
ORDER BY 1
"""  # noqa: S608  this project's own names


@dataclass(frozen=True, slots=True)
class RoleUrls:
    """The same database as seen by each login role: libpq connection strings."""

    app: str
    owner: str
    control: str

    def environment(self) -> dict[str, str]:
        """The environment variables that the settings read them from."""
        return {
            "DATABASE_URL": self.app,
            "DATABASE_OWNER_URL": self.owner,
            "DATABASE_CONTROL_URL": self.control,
        }


def role_urls(superuser_dsn: str, *, database: str, passwords: Mapping[str, str]) -> RoleUrls:
    """The roles' connection strings on the superuser's server; `passwords` is by role name."""
    server = {
        key: value
        for key, value in conninfo_to_dict(superuser_dsn).items()
        if key not in _OF_THE_SUPERUSER
    }

    def url(role: str) -> str:
        if not passwords.get(role):
            raise ConfigurationError(
                f"no password given for role {role}: expected one each for {LOGIN_ROLES}"
            )
        return make_conninfo("", dbname=database, user=role, password=passwords[role], **server)

    return RoleUrls(app=url(APP_ROLE), owner=url(OWNER_ROLE), control=url(CONTROL_ROLE))


def bootstrap_roles(
    superuser_dsn: str,
    *,
    database: str,
    passwords: Mapping[str, str],
    schemas: Sequence[str],
) -> RoleUrls:
    """Create the login roles and the database, or bring them to what they should be.

    Safe to run again. `passwords` is by role name; tables are looked for in `public` and then in
    `schemas`, and made later, by `manage.py migrate`. Returns each role's connection string.
    """
    urls = role_urls(superuser_dsn, database=database, passwords=passwords)
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        for role in LOGIN_ROLES:
            _create_role(server, role, attributes=f"LOGIN NOINHERIT {_ATTRIBUTES}")
            _set_password(server, role, passwords[role])
        _create_role(server, RESOLVER_ROLE, attributes=f"NOLOGIN NOINHERIT {_ATTRIBUTES}")
        # The owner may give functions to the resolver without inheriting what that may read.
        server.execute(
            sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE").format(
                sql.Identifier(RESOLVER_ROLE), sql.Identifier(OWNER_ROLE)
            )
        )
        _create_database(server, database)
        _configure_roles(server, database, path=("public", *schemas))
    with psycopg.connect(make_conninfo(superuser_dsn, dbname=database)) as inside:
        _revoke_from_public(inside, database)
    return urls


def _create_role(server: psycopg.Connection, role: str, *, attributes: str) -> None:
    exists = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = "ALTER" if exists else "CREATE"
    server.execute(sql.SQL(f"{verb} ROLE {{}} {attributes}").format(sql.Identifier(role)))


def _set_password(server: psycopg.Connection, role: str, password: str) -> None:
    # Hashed here, so that it never stands in the server's log.
    hashed = server.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    server.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed))
    )


def _create_database(server: psycopg.Connection, database: str) -> None:
    if (
        server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        is None
    ):
        server.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(database), sql.Identifier(OWNER_ROLE)
            )
        )


def _configure_roles(server: psycopg.Connection, database: str, *, path: Sequence[str]) -> None:
    search_path = sql.SQL(", ").join(sql.Identifier(schema) for schema in path)
    for role, timeouts_ms in _TIMEOUTS_MS.items():
        for name, value_ms in timeouts_ms.items():
            server.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(role), sql.Identifier(name), sql.Literal(f"{value_ms}ms")
                )
            )
        # In the database, not as a start-up option: poolers drop those.
        server.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}").format(
                sql.Identifier(role), sql.Identifier(database), search_path
            )
        )


def _revoke_from_public(inside: psycopg.Connection, database: str) -> None:
    name = sql.Identifier(database)
    logins = sql.SQL(", ").join(sql.Identifier(role) for role in LOGIN_ROLES)
    inside.execute(
        sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(OWNER_ROLE))
    )
    inside.execute(
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name)
    )  # TEMP is one of them
    inside.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, logins))
    inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    users = sql.SQL(", ").join(sql.Identifier(role) for role in (*LOGIN_ROLES, RESOLVER_ROLE))
    inside.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(users))
    inside.execute(
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
        ).format(sql.Identifier(OWNER_ROLE))
    )
    for (function,) in inside.execute(_REFUSED_FUNCTIONS).fetchall():
        inside.execute(f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC")
    inside.execute("REVOKE SELECT ON pg_catalog.pg_stat_activity FROM PUBLIC")
    inside.execute("REVOKE ALL ON pg_catalog.pg_largeobject FROM PUBLIC")
