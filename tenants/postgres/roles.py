"""The roles and the database they share, made once by a superuser. No Django here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenants.names import (
    APP_ROLE,
    CONTROL_FUNCTION,
    CONTROL_ROLE,
    DEFINER_ROLES,
    LOGIN_ROLES,
    OWNER_ROLE,
    REFUSED_FUNCTIONS,
)
from warmline.kernel.errors import ConfigurationError

_ATTRIBUTES = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"
# A statement, a lock and an idle transaction of the app each end by themselves.
TIMEOUTS_MS = {
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
# Views and tables of every session's doings, and of large objects.
REFUSED_RELATIONS = ("pg_stat_activity", "pg_largeobject")


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
    """Create the roles and the database, or bring them to what they should be.

    Safe to run again. `passwords` is by role name; tables are looked for in `public` and then in
    `schemas`, and made later, by `manage.py migrate`. Returns each role's connection string.
    """
    urls = role_urls(superuser_dsn, database=database, passwords=passwords)
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        for role in LOGIN_ROLES:
            _create_role(server, role, attributes=f"LOGIN {_ATTRIBUTES}")
            _set_password(server, role, passwords[role])
        for role in DEFINER_ROLES:
            _create_role(server, role, attributes=f"NOLOGIN {_ATTRIBUTES}")
            # The owner may give functions to it without inheriting what it may read.
            server.execute(
                sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE").format(
                    sql.Identifier(role), sql.Identifier(OWNER_ROLE)
                )
            )
        _create_database(server, database)
        _configure_roles(server, database, path=("public", *schemas))
        _close_other_databases(server, database)
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
    within = sql.Identifier(database)
    with server.transaction():
        for role, timeouts_ms in TIMEOUTS_MS.items():
            name = sql.Identifier(role)
            # What somebody set for the role, itself among them, goes first.
            server.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(name))
            server.execute(sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(name, within))
            for setting, value_ms in timeouts_ms.items():
                server.execute(
                    sql.SQL("ALTER ROLE {} SET {} = {}").format(
                        name, sql.Identifier(setting), sql.Literal(f"{value_ms}ms")
                    )
                )
            # In the database, not as a start-up option: poolers drop those.
            server.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}").format(
                    name, within, search_path
                )
            )


def _close_other_databases(server: psycopg.Connection, database: str) -> None:
    """Our roles connect to their own database only: elsewhere they would see what sessions run.

    Whoever else logs in on this server keeps the way in that PUBLIC gave them.
    """
    others = server.execute(
        "SELECT quote_ident(rolname) FROM pg_roles WHERE rolcanlogin AND rolname <> ALL (%s)",
        (list(LOGIN_ROLES),),
    ).fetchall()
    everybody_else = sql.SQL(", ".join(role for (role,) in others))
    logins = sql.SQL(", ").join(sql.Identifier(role) for role in LOGIN_ROLES)
    databases = server.execute(
        "SELECT datname, has_database_privilege('public', oid, 'CONNECT') FROM pg_database"
        " WHERE datname <> %s",
        (database,),
    ).fetchall()
    for name, is_open in databases:
        other = sql.Identifier(name)
        if is_open:
            server.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(other, everybody_else)
            )
        server.execute(
            sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC, {}").format(
                other, logins
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
    users = sql.SQL(", ").join(sql.Identifier(role) for role in (*LOGIN_ROLES, *DEFINER_ROLES))
    inside.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(users))
    inside.execute(
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
        ).format(sql.Identifier(OWNER_ROLE))
    )
    for (function,) in inside.execute(_REFUSED_FUNCTIONS).fetchall():
        inside.execute(f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC")
    inside.execute(f"GRANT EXECUTE ON FUNCTION pg_catalog.{CONTROL_FUNCTION} TO {CONTROL_ROLE}")
    for relation in REFUSED_RELATIONS:
        inside.execute(f"REVOKE ALL ON pg_catalog.{relation} FROM PUBLIC")
