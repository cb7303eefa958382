"""A database session's beginning and end: what it may carry in, and that it carries nothing on."""

import psycopg

from tenants.postgres.roles import TIMEOUTS_MS

# What `bootstrap_roles` gives to a role, by name.
_GIVEN = frozenset({"search_path", *(name for given in TIMEOUTS_MS.values() for name in given)})
_ROLE_SETTINGS = """
SELECT split_part(setting, '=', 1)
FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS setting
WHERE s.setrole = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user)
AND s.setdatabase IN (
    0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
"""


class RoleTampered(psycopg.OperationalError):
    """The session's role carries settings that nobody was to give it."""


def check_role_settings(connection: psycopg.Connection) -> None:
    """`RoleTampered` when the role has a setting beyond those of `bootstrap_roles`.

    PostgreSQL lets every role ALTER ROLE itself. One that set a tenant for all its later sessions
    would have answers without a tenant bound; so none of them is used.
    """
    names = {name for (name,) in connection.execute(_ROLE_SETTINGS)}
    unknown = sorted(names - _GIVEN)
    if unknown:
        raise RoleTampered(
            f"role {connection.info.user} carries the settings {', '.join(unknown)}, which "
            "bootstrap_roles does not give; run it to take them back"
        )


def forget_session(connection: psycopg.Connection) -> None:
    """Nothing that was set, prepared, listened to or locked in a session reaches its next user.

    The pool does this in a thread of its own after a connection was given back: 0.1 ms.
    """
    connection.autocommit = True
    # Django's connections prepare nothing by themselves, and this must not be the first that is.
    connection.execute("DISCARD ALL", prepare=False)
    # The server's own zone is back with it; Django looks at it for new connections only.
    if connection.info.parameter_status("TimeZone") != "UTC":
        connection.execute("SET TIME ZONE 'UTC'")
