"""A database session's beginning and end: what it may carry in, and that it carries nothing on."""

import psycopg

from tenants.postgres.roles import TIMEOUTS_MS

# What `bootstrap_roles` gives to a role, by name.
_GIVEN = ["search_path", *{name for given in TIMEOUTS_MS.values() for name in given}]
# A setting of the role's that is none of these; a time without end that should have one.
_TAMPERED = """
SELECT split_part(setting, '=', 1)
FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS setting
WHERE s.setrole = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user)
AND s.setdatabase IN (
    0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
AND split_part(setting, '=', 1) <> ALL (%s)
UNION SELECT name FROM unnest(%s::text[]) AS name WHERE current_setting(name) = '0'
ORDER BY 1
"""


class RoleTampered(psycopg.OperationalError):
    """The session's role has other settings than those that it was given."""


def check_role_settings(connection: psycopg.Connection) -> None:
    """`RoleTampered` when the role's settings are not those of `bootstrap_roles`.

    PostgreSQL lets every role ALTER ROLE itself, so the next session might read past policies'
    errors, never end a statement, or write what others read otherwise. It is not used.
    """
    timeouts = list(TIMEOUTS_MS.get(connection.info.user, {}))
    names = [name for (name,) in connection.execute(_TAMPERED, (_GIVEN, timeouts))]
    if names:
        raise RoleTampered(
            f"role {connection.info.user}: its settings of {', '.join(names)} are not what "
            "bootstrap_roles gives; run it to mend them"
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
