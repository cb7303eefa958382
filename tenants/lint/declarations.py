"""Rules for what migrations may declare: tables of tenants, and what reads for somebody else.

A database that is as declared is only as safe as its declarations.
"""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from typing import Any

from tenants.lint.declared_tables import VIEWS
from tenants.lint.types import Rule, Violation
from tenants.names import (
    APP_ROLE,
    CONTROL_POLICY,
    CONTROL_ROLE,
    CREDENTIALS_ROLE,
    ERASURE_POLICY,
    GLOBAL_COMMENT,
    OWNER_POLICY,
    OWNER_ROLE,
    RESOLVER_POLICY,
    RESOLVER_ROLE,
    SCHEMA,
    SESSION_TABLE,
    TENANT_POLICY,
    TENANT_TABLE,
    USER_TABLE,
)

# A policy's expression as the catalog prints it.
_SAME_TENANT = (
    f"format('(%s = ( SELECT {{prefix}}{SCHEMA}.current_tenant() AS current_tenant))', i.attname)"
)

DECLARATION_RULES = (
    Rule(
        "row-level security is enabled and forced wherever there is a tenant",
        "SELECT name FROM isolated WHERE NOT (relrowsecurity AND relforcerowsecurity)",
    ),
    Rule(
        "the app role has exactly one policy that lets it in, "
        "which compares with the transaction's tenant in USING and WITH CHECK",
        f"""
        SELECT i.name FROM isolated i
        LEFT JOIN policies p ON p.polrelid = i.oid AND '{APP_ROLE}' = ANY (p.for_roles)
            AND (p.polpermissive OR p.polname <> '{ERASURE_POLICY}')
        GROUP BY i.name, i.attname
        HAVING count(p.oid) <> 1 OR NOT bool_and(
            p.polname = '{TENANT_POLICY}' AND p.polcmd = '*' AND p.polpermissive
            AND p.for_roles = ARRAY['{APP_ROLE}']
            AND p.using_expr IS NOT DISTINCT FROM {_SAME_TENANT}
            AND p.check_expr IS NOT DISTINCT FROM {_SAME_TENANT})
        """,
    ),
    Rule(
        "the owner's policy holds only for its own login",
        f"""
        SELECT i.name FROM isolated i
        LEFT JOIN policies p ON p.polrelid = i.oid AND '{OWNER_ROLE}' = ANY (p.for_roles)
        GROUP BY i.name
        HAVING count(p.oid) <> 1 OR NOT bool_and(
            p.polname = '{OWNER_POLICY}' AND p.for_roles = ARRAY['{OWNER_ROLE}']
            AND p.using_expr IS NOT DISTINCT FROM p.check_expr
            AND p.using_expr ~ 'SESSION_USER = ''{OWNER_ROLE}''')
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
            OR (polname = '{CONTROL_POLICY}' AND for_roles = ARRAY['{CONTROL_ROLE}'])
            OR (polname = '{ERASURE_POLICY}' AND for_roles = ARRAY['{APP_ROLE}']
                AND polcmd = 'd' AND NOT polpermissive)
            OR (polname ~ '^{RESOLVER_POLICY}' AND for_roles = ARRAY['{RESOLVER_ROLE}']
                AND polcmd = 'r'))
        """,
    ),
    Rule("a row's tenant is never NULL", "SELECT name FROM isolated WHERE NOT attnotnull"),
    Rule(
        "the tenant leads an index",
        """
        SELECT name FROM isolated i WHERE NOT EXISTS (
            SELECT FROM pg_index x WHERE x.indrelid = i.oid AND x.indisvalid
            AND x.indkey[0] = i.attnum AND x.indpred IS NULL)
        """,
    ),
    Rule(
        # Otherwise a refused insert tells that another tenant has the value. An id alone is 74
        # random bits.
        "every unique index contains the tenant",
        f"""
        SELECT x.indexrelid::regclass::text FROM isolated i JOIN pg_index x ON x.indrelid = i.oid
        WHERE x.indisunique AND i.name <> '{TENANT_TABLE}'
        AND NOT (i.attnum = ANY (x.indkey::int2[]))
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
            SELECT FROM unnest(k.conkey, k.confkey) AS pair (attnum, target_attnum)
            WHERE pair.attnum = i.attnum AND pair.target_attnum = t.attnum)
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
        "the app and control read and write rows, nothing else",
        f"""
        SELECT name || ' ' || privilege_type FROM grants
        WHERE grantee IN (0, '{APP_ROLE}'::regrole, '{CONTROL_ROLE}'::regrole)
        AND (grantee = 0 OR privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
        """,
    ),
    Rule(
        "the resolver reads single columns and nothing more",
        f"""
        SELECT name || ' ' || privilege_type FROM grants
        WHERE grantee = '{RESOLVER_ROLE}'::regrole
        AND (attname IS NULL OR privilege_type <> 'SELECT')
        """,
    ),
    Rule(
        "passwords and sessions are read by the functions before them alone",
        f"""
        SELECT name || ' ' || privilege_type || ' by ' || grantee::regrole FROM grants
        WHERE privilege_type = 'SELECT' AND grantee NOT IN (
            '{OWNER_ROLE}'::regrole, '{CREDENTIALS_ROLE}'::regrole)
        AND (name ~ '{SESSION_TABLE}$' OR name ~ '{USER_TABLE}$'
            AND coalesce(attname, 'password') = 'password')
        """,
    ),
    Rule(
        "a view asks with its reader's rights",
        """
        SELECT c.oid::regclass::text FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
        WHERE c.relkind = 'v' AND NOT coalesce(
            'security_invoker=true' = ANY (c.reloptions)
            OR 'security_invoker=on' = ANY (c.reloptions), false)
        """,
    ),
    Rule(
        "there is no materialized view or foreign table: neither knows policies",
        """
        SELECT c.oid::regclass::text FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('m', 'f')
        """,
    ),
    Rule(
        "a definer function lies in the tenancy schema, fixes its search path, and is the "
        "resolver's, answering tenants' ids, or the credentials role's",
        f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND NOT (
            n.nspname = '{{prefix}}{SCHEMA}'
            AND (p.proowner = '{CREDENTIALS_ROLE}'::regrole
                OR p.proowner = '{RESOLVER_ROLE}'::regrole AND p.prorettype = 'uuid'::regtype)
            AND coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false))
        """,
    ),
    Rule(
        "no function of ours is PUBLIC's",
        """
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace
        WHERE EXISTS (
            SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
            WHERE g.grantee = 0)
        """,
    ),
)


def flaws(cursor: Any, *, prefix: str = "") -> tuple[Violation, ...]:
    """What breaks a rule in the schemas whose names begin with the prefix; of all without one."""
    broken: list[Violation] = []
    for rule in DECLARATION_RULES:
        cursor.execute((VIEWS + rule.violations).replace("{prefix}", prefix))
        for (subject,) in cursor.fetchall():
            broken.append(Violation(rule.holds, subject.replace(prefix, "")))
    return tuple(broken)
