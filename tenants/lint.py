"""The catalog lint: what the database itself says about isolation. An empty answer is the promise
kept.

Each rule is one query for its violations. It reads only the catalogs, so any role may run it.
"""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from dataclasses import dataclass
from typing import Any

from tenants.names import (
    APP,
    CONTROL,
    CONTROL_POLICY,
    GLOBAL_COMMENT,
    OWNER,
    OWNER_POLICY,
    RESOLVER,
    RESOLVER_POLICY,
    SCHEMA,
    TENANT_POLICY,
    TENANT_TABLE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A way in which the database does not keep tenants apart:
    the rule that it breaks, and where.
    """

    rule: str
    subject: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.rule}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, and the query that lists where it does not (one text column)."""

    holds: str
    violations: str


_OURS = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
# `own` is every table of ours; `isolated` those with a tenant, and which column says so.
_PRELUDE = f"""
WITH own AS (
    SELECT c.*, c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname {_OURS} AND c.relkind IN ('r', 'p')
), isolated AS (
    SELECT own.oid, own.name, own.relrowsecurity, own.relforcerowsecurity, a.attnum, a.attname, a.attnotnull
    FROM own JOIN pg_attribute a ON a.attrelid = own.oid AND NOT a.attisdropped
    WHERE a.attname = CASE WHEN own.relname = '{TENANT_TABLE}' THEN 'id' ELSE 'tenant_id' END
), roles AS (
    SELECT * FROM pg_roles WHERE rolname IN ('{OWNER}', '{APP}', '{CONTROL}', '{RESOLVER}')
), policies AS (
    SELECT p.*, p.polrelid::regclass::text AS name, ARRAY(
        SELECT rolname::text FROM pg_roles WHERE pg_roles.oid = ANY (p.polroles) ORDER BY 1) AS for_roles,
        pg_get_expr(p.polqual, p.polrelid) AS using_expr, pg_get_expr(p.polwithcheck, p.polrelid) AS check_expr
    FROM pg_policy p
), grants AS (
    SELECT own.oid, own.name, g.grantee, g.privilege_type, NULL::name AS attname
    FROM own, aclexplode(own.relacl) g
    UNION ALL
    SELECT own.oid, own.name, g.grantee, g.privilege_type, a.attname
    FROM own JOIN pg_attribute a ON a.attrelid = own.oid, aclexplode(a.attacl) g
)
"""
_THEIRS = f"format('(%s = ( SELECT {SCHEMA}.current_tenant() AS current_tenant))', i.attname)"

RULES = (
    Rule(
        "row-level security is enabled and forced wherever there is a tenant",
        "SELECT name FROM isolated WHERE NOT (relrowsecurity AND relforcerowsecurity)",
    ),
    Rule(
        "the app role has exactly one policy, which compares with the transaction's tenant in USING and WITH CHECK",
        f"""
        SELECT i.name FROM isolated i
        LEFT JOIN policies p ON p.polrelid = i.oid AND '{APP}' = ANY (p.for_roles)
        GROUP BY i.name, i.attname
        HAVING count(p.oid) <> 1 OR NOT bool_and(
            p.polname = '{TENANT_POLICY}' AND p.polcmd = '*' AND p.polpermissive AND p.for_roles = ARRAY['{APP}']
            AND p.using_expr IS NOT DISTINCT FROM {_THEIRS} AND p.check_expr IS NOT DISTINCT FROM {_THEIRS})
        """,
    ),
    Rule(
        "the owner's policy holds only for its own login",
        f"""
        SELECT i.name FROM isolated i
        LEFT JOIN policies p ON p.polrelid = i.oid AND '{OWNER}' = ANY (p.for_roles)
        GROUP BY i.name
        HAVING count(p.oid) <> 1 OR NOT bool_and(
            p.polname = '{OWNER_POLICY}' AND p.for_roles = ARRAY['{OWNER}']
            AND p.using_expr IS NOT DISTINCT FROM p.check_expr AND p.using_expr ~ 'SESSION_USER = ''{OWNER}''')
        """,
    ),
    Rule(
        "no policy is for PUBLIC",
        "SELECT name || ' ' || polname FROM policies WHERE 0 = ANY (polroles)",
    ),
    Rule(
        "no policy is for a role that has none to have",
        f"""
        SELECT name || ' ' || polname FROM policies WHERE NOT (0 = ANY (polroles)) AND NOT (
            polname IN ('{TENANT_POLICY}', '{OWNER_POLICY}')
            OR (polname = '{CONTROL_POLICY}' AND for_roles = ARRAY['{CONTROL}'])
            OR (polname ~ '^{RESOLVER_POLICY}' AND for_roles = ARRAY['{RESOLVER}'] AND polcmd = 'r'))
        """,
    ),
    Rule("a row's tenant is never NULL", "SELECT name FROM isolated WHERE NOT attnotnull"),
    Rule(
        "the tenant leads an index",
        """
        SELECT name FROM isolated i WHERE NOT EXISTS (
            SELECT FROM pg_index x WHERE x.indrelid = i.oid AND x.indisvalid AND x.indkey[0] = i.attnum
            AND x.indpred IS NULL)
        """,
    ),
    Rule(
        # Otherwise a refused insert tells that another tenant has the value. An id alone is 74
        # random bits.
        "every unique index contains the tenant",
        f"""
        SELECT x.indexrelid::regclass::text FROM isolated i JOIN pg_index x ON x.indrelid = i.oid
        WHERE x.indisunique AND i.name <> '{TENANT_TABLE}' AND NOT (i.attnum = ANY (x.indkey::int2[]))
        AND NOT (x.indisprimary AND x.indnkeyatts = 1 AND EXISTS (
            SELECT FROM pg_attribute a
            WHERE a.attrelid = i.oid AND a.attnum = x.indkey[0] AND a.atttypid = 'uuid'::regtype))
        """,
    ),
    Rule(
        # A foreign key ignores row-level security.
        "a key between tenant tables contains the tenant on both sides",
        """
        SELECT i.name || ' ' || k.conname FROM pg_constraint k
        JOIN isolated i ON i.oid = k.conrelid JOIN isolated t ON t.oid = k.confrelid
        WHERE k.contype = 'f' AND NOT EXISTS (
            SELECT FROM unnest(k.conkey, k.confkey) AS pair (mine, theirs)
            WHERE pair.mine = i.attnum AND pair.theirs = t.attnum)
        """,
    ),
    Rule(
        "a table without a tenant says that it belongs to none",
        f"""
        SELECT own.name FROM own WHERE NOT EXISTS (SELECT FROM isolated i WHERE i.oid = own.oid)
        AND coalesce(obj_description(own.oid, 'pg_class'), '') <> '{GLOBAL_COMMENT}'
        """,
    ),
    Rule(
        "a table with a tenant does not claim to belong to none",
        f"SELECT name FROM isolated WHERE obj_description(oid, 'pg_class') = '{GLOBAL_COMMENT}'",
    ),
    Rule(
        "a view asks with its reader's rights",
        f"""
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname {_OURS} AND c.relkind = 'v'
        AND NOT coalesce('security_invoker=true' = ANY (c.reloptions) OR 'security_invoker=on' = ANY (c.reloptions),
            false)
        """,
    ),
    Rule(
        "there is no materialized view or foreign table: neither knows policies",
        f"""
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname {_OURS} AND c.relkind IN ('m', 'f')
        """,
    ),
    Rule(
        "a definer function belongs to the resolver, answers tenant ids, fixes its search path, is not PUBLIC's",
        f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname {_OURS} AND p.prosecdef AND NOT (
            p.proowner = '{RESOLVER}'::regrole AND n.nspname = '{SCHEMA}' AND p.prorettype = 'uuid'::regtype
            AND coalesce(p.proconfig::text ~ 'search_path=pg_catalog, pg_temp', false)
            AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) g WHERE g.grantee = 0) AND p.proacl IS NOT NULL)
        """,
    ),
    Rule(
        "no function of ours is PUBLIC's",
        f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname {_OURS} AND NOT p.prosecdef AND p.prokind IN ('f', 'p')
        AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g WHERE g.grantee = 0)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        """,
    ),
    Rule(
        "the resolver reads single columns and nothing more",
        f"""
        SELECT name || ' ' || privilege_type FROM grants
        WHERE grantee = '{RESOLVER}'::regrole AND (attname IS NULL OR privilege_type <> 'SELECT')
        """,
    ),
    Rule(
        "no table is PUBLIC's", "SELECT name || ' ' || privilege_type FROM grants WHERE grantee = 0"
    ),
    Rule(
        "the app and control read and write rows, nothing else",
        f"""
        SELECT name || ' ' || privilege_type FROM grants WHERE grantee IN ('{APP}'::regrole, '{CONTROL}'::regrole)
        AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        """,
    ),
    Rule(
        "only the owner creates in a schema",
        f"""
        SELECT n.nspname || ' ' || r.rolname FROM pg_namespace n, roles r
        WHERE n.nspname !~ '^pg_' AND r.rolname <> '{OWNER}' AND has_schema_privilege(r.oid, n.oid, 'CREATE')
        AND NOT (r.rolname = '{RESOLVER}' AND n.nspname = '{SCHEMA}')
        """,
    ),
    Rule(
        "nobody but the owner makes temporary tables, which could stand before real ones",
        f"""
        SELECT rolname::text FROM roles
        WHERE rolname <> '{OWNER}' AND has_database_privilege(oid, current_database(), 'TEMP')
        """,
    ),
    Rule(
        "PUBLIC has nothing in our schemas",
        f"""
        SELECT n.nspname || ' ' || g.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) g
        WHERE n.nspname !~ '^pg_' AND n.nspname {_OURS} AND g.grantee = 0
        """,
    ),
    Rule(
        "no role of ours is a superuser, passes policies by, or makes roles or databases",
        """
        SELECT rolname::text FROM roles
        WHERE rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
        """,
    ),
    Rule(
        "the four roles exist; the resolver cannot log in",
        f"""
        SELECT wanted FROM unnest(ARRAY['{OWNER}', '{APP}', '{CONTROL}', '{RESOLVER}']) AS wanted
        WHERE NOT EXISTS (SELECT FROM roles WHERE rolname = wanted AND rolcanlogin = (wanted <> '{RESOLVER}'))
        """,
    ),
    Rule(
        "the app and control are members of no role, and the resolver has only the owner as a member",
        f"""
        SELECT member::regrole || ' in ' || roleid::regrole FROM pg_auth_members
        WHERE member IN (SELECT oid FROM roles WHERE rolname <> '{OWNER}')
        OR (roleid IN (SELECT oid FROM roles) AND (member <> '{OWNER}'::regrole OR inherit_option)
            AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = member))
        """,
    ),
    Rule(
        "everything belongs to the owner",
        f"""
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname {_OURS} AND c.relkind IN ('r', 'p', 'v', 'S') AND c.relowner <> '{OWNER}'::regrole
        """,
    ),
    Rule(
        "an app's statement, lock wait and idle transaction end by themselves",
        f"""
        SELECT wanted FROM unnest(ARRAY['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
            AS wanted
        WHERE NOT EXISTS (
            SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS set_to
            WHERE s.setrole = '{APP}'::regrole AND set_to ~ ('^' || wanted || '=[1-9]'))
        """,
    ),
    Rule(
        "the app cannot reach large objects, other sessions or what they run",
        f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege('{APP}', p.oid, 'EXECUTE')
        AND (p.proname ~ '^lo_' OR p.proname IN ('loread', 'lowrite', 'pg_terminate_backend', 'pg_cancel_backend',
            'pg_stat_get_activity', 'pg_stat_get_backend_activity'))
        """,
    ),
    Rule(
        "only known extensions are installed",
        "SELECT extname::text FROM pg_extension WHERE extname NOT IN ('plpgsql', 'vector')",
    ),
)


def findings(connection: Any) -> tuple[Finding, ...]:
    """Every violation in the connected database; `connection` is Django's or psycopg's.
    Empty: tenants are apart.
    """
    found = []
    with connection.cursor() as cursor:
        for rule in RULES:
            cursor.execute(_PRELUDE + rule.violations)
            found += [Finding(rule=rule.holds, subject=row[0]) for row in cursor.fetchall()]
    return tuple(sorted(found, key=str))
