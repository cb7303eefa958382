"""Rules about what PostgreSQL brought along: it is as it came, but for what was taken away."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.catalogue.scope import FIRST_OWN
from tenants.lint.types import Rule
from tenants.names import CONTROL_FUNCTION, CONTROL_ROLE, LOGIN_ROLES, REFUSED_FUNCTIONS
from tenants.postgres.roles import REFUSED_RELATIONS

_TAKEN_FROM_PUBLIC = f"""
SELECT 'function ' || oid::regprocedure AS object FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND ({REFUSED_FUNCTIONS})
UNION ALL SELECT 'relation ' || name FROM unnest(ARRAY{list(REFUSED_RELATIONS)}) AS name
"""
# Each with the ACL that it has and the one that it came with.
_ACLS = f"""
SELECT o.object, o.acl, coalesce(i.initprivs, o.initial) AS initial FROM (
    SELECT 'pg_proc'::regclass AS catalog, oid, 0 AS sub,
        'function ' || oid::regprocedure AS object,
        coalesce(proacl, acldefault('f', proowner)) AS acl, acldefault('f', proowner) AS initial
    FROM pg_proc WHERE oid < {FIRST_OWN}
    UNION ALL
    SELECT 'pg_class'::regclass, oid, 0, 'relation ' || oid::regclass,
        coalesce(relacl, acldefault('r', relowner)), acldefault('r', relowner)
    FROM pg_class WHERE oid < {FIRST_OWN} AND relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
    UNION ALL
    SELECT 'pg_class'::regclass, attrelid, attnum,
        format('column %s.%s', attrelid::regclass, attname),
        attacl, NULL
    FROM pg_attribute WHERE attrelid < {FIRST_OWN}
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 0, 'schema ' || nspname,
        coalesce(nspacl, acldefault('n', nspowner)), acldefault('n', nspowner)
    FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema', 'pg_toast')
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, 'language ' || lanname,
        coalesce(lanacl, acldefault('l', lanowner)), acldefault('l', lanowner)
    FROM pg_language WHERE oid < {FIRST_OWN}
    UNION ALL
    SELECT 'pg_type'::regclass, oid, 0, 'type ' || oid::regtype,
        coalesce(typacl, acldefault('T', typowner)), acldefault('T', typowner)
    FROM pg_type WHERE oid < {FIRST_OWN}
) o LEFT JOIN pg_init_privs i ON i.classoid = o.catalog AND i.objoid = o.oid AND i.objsubid = o.sub
"""
_GRANTS = f"""
WITH taken AS ({_TAKEN_FROM_PUBLIC}), changed AS (
    SELECT * FROM ({_ACLS}) AS acls
    WHERE acl IS DISTINCT FROM initial OR object IN (SELECT object FROM taken)
), granted AS (
    SELECT object, grantee, privilege_type, is_grantable
    FROM changed, aclexplode(acl)
), declared AS (
    SELECT object, grantee, privilege_type, is_grantable
    FROM changed, aclexplode(initial)
    WHERE NOT (grantee = 0 AND object IN (SELECT object FROM taken))
    UNION ALL SELECT 'function {CONTROL_FUNCTION}', to_regrole('{CONTROL_ROLE}'), 'EXECUTE', false
    -- What initdb grants here it does not write down.
    UNION ALL SELECT object, 0, privilege_type, false FROM changed, aclexplode(acl)
    WHERE object ~ '^(relation|schema) information_schema' AND grantee = 0
    AND privilege_type IN ('SELECT', 'USAGE')
), said AS (
    SELECT format('%s%s on %s to %s', privilege_type,
        CASE WHEN is_grantable THEN ' with grant option' ELSE '' END, object,
        CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END) AS text, is_granted
    FROM (SELECT *, true AS is_granted FROM granted UNION ALL SELECT *, false FROM declared) g
)
"""

# Rows of these tell what PostgreSQL's own functions and operators do.
_CATALOGUES = (
    "pg_am", "pg_amop", "pg_amproc", "pg_cast", "pg_class", "pg_collation", "pg_conversion",
    "pg_language", "pg_opclass", "pg_operator", "pg_opfamily", "pg_proc", "pg_rewrite",
    "pg_ts_config", "pg_ts_dict", "pg_ts_parser", "pg_ts_template", "pg_type",
)  # fmt: skip
# Rows with no number of their own, and the object that each says more of.
_PARTS = (("pg_aggregate", "pg_proc", "aggfnoid"), ("pg_ts_config_map", "pg_ts_config", "mapcfg"))
# Whose grants `bootstrap_roles` changes; vacuum writes anew to a table's row, not to a view's.
_EXPECTED_CHANGES = {
    "pg_proc": f"({REFUSED_FUNCTIONS})",
    "pg_class": f"(relkind <> 'v' OR relname = ANY (ARRAY{list(REFUSED_RELATIONS)}))",
}
# The last that initdb makes is plpgsql: what has a later transaction's number was changed since.
_CHANGED = "\nUNION ALL\n".join(
    f"SELECT i.type || ' ' || i.identity FROM {name} o,"
    f" pg_identify_object('{whole}'::regclass, o.{key}, 0) i"
    f" WHERE o.{key} < {FIRST_OWN} AND o.xmin::text::bigint"
    " > (SELECT xmin::text::bigint FROM pg_language WHERE lanname = 'plpgsql')"
    f" AND NOT {_EXPECTED_CHANGES.get(name, 'false')}"
    for name, whole, key in (*((name, name, "oid") for name in _CATALOGUES), *_PARTS)
)

SYSTEM_RULES = (
    Rule(
        "PostgreSQL's own objects are granted to nobody but whom they came with; REVOKE it",
        f"{_GRANTS} SELECT text FROM said WHERE is_granted"
        " EXCEPT SELECT text FROM said WHERE NOT is_granted",
    ),
    Rule(
        "PostgreSQL's own objects are granted as they came, save what `bootstrap_roles` takes; "
        "GRANT it again",
        f"{_GRANTS} SELECT text FROM said WHERE NOT is_granted"
        " EXCEPT SELECT text FROM said WHERE is_granted",
    ),
    Rule(
        "PostgreSQL's own functions, operators and views are as they came; restore the server's",
        _CHANGED,
    ),
    Rule(
        "our roles connect to their own database only; run `bootstrap_roles`",
        f"""
        SELECT rolname || ' to ' || datname FROM pg_roles r, pg_database d
        WHERE rolname = ANY (ARRAY{list(LOGIN_ROLES)}) AND datname <> current_database()
        AND has_database_privilege(r.oid, d.oid, 'CONNECT')
        """,
    ),
)
