"""What `bootstrap_roles` makes before any migration runs: roles, their settings, the database."""

from collections.abc import Iterable, Iterator, Sequence

from tenants.lint.types import Catalogue, Described, ObjectName
from tenants.names import APP_ROLE, CONTROL_ROLE, DEFINER_ROLES, LOGIN_ROLES, OWNER_ROLE
from tenants.postgres.roles import TIMEOUTS_MS

# What a new database brings: the language of our functions.
EXTENSIONS = ("plpgsql",)
_PUBLIC_SCHEMA = "schema public"


def bootstrapped(schemas: Sequence[str]) -> Catalogue:
    """The objects that `bootstrap_roles` leaves, with the verticals' schemas on the search path."""
    return {ObjectName(kind, name): Described(facts) for kind, name, facts in _objects(schemas)}


def is_bootstrapped(key: ObjectName) -> bool:
    """Whether a rehearsal's object stands for one that was there before the migrations."""
    return str(key) == _PUBLIC_SCHEMA or (
        key.kind == "grant" and f" on {_PUBLIC_SCHEMA} to " in key.name
    )


def _objects(schemas: Sequence[str]) -> Iterator[tuple[str, str, dict[str, object]]]:
    for role in (*LOGIN_ROLES, *DEFINER_ROLES):
        yield "role", role, _attributes(can_login=role in LOGIN_ROLES)
    for role in DEFINER_ROLES:
        options = {"admin_option": False, "inherit_option": False, "set_option": True}
        yield "membership", f"{OWNER_ROLE} in {role}", dict(options)
    for role, timeouts_ms in TIMEOUTS_MS.items():
        for setting, value_ms in timeouts_ms.items():
            yield "setting", f"{setting} of {role} in every database", {"value": f"{value_ms}ms"}
        path = ", ".join(("public", *schemas))
        yield "setting", f"search_path of {role} in this database", {"value": path}
    yield (
        "database",
        "of Warmline",
        {
            "owner": OWNER_ROLE,
            "encoding": "UTF8",
            "use as a template": False,
            "openness": True,
            "connection limit": -1,
        },
    )
    for extension in EXTENSIONS:
        yield "extension", extension, {}
    yield "schema", "public", {"owner": "pg_database_owner"}
    for grant in _grants():
        yield "grant", grant, {}


def _attributes(*, can_login: bool) -> dict[str, object]:
    never = ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION", "INHERIT")
    return {
        **dict.fromkeys(never, False),
        "LOGIN": can_login,
        "connection limit": -1,
        "end": None,
    }


def _grants() -> Iterable[str]:
    yield from (f"{own} on database of Warmline to {OWNER_ROLE}" for own in ("CREATE", "TEMPORARY"))
    yield from (f"CONNECT on database of Warmline to {role}" for role in LOGIN_ROLES)
    yield from (f"{own} on {_PUBLIC_SCHEMA} to pg_database_owner" for own in ("CREATE", "USAGE"))
    for role in (OWNER_ROLE, APP_ROLE, CONTROL_ROLE, *DEFINER_ROLES):
        yield f"USAGE on {_PUBLIC_SCHEMA} to {role}"
    # Else PUBLIC could call every function that a migration makes.
    yield f"EXECUTE on functions that {OWNER_ROLE} makes in any schema to {OWNER_ROLE}"
