"""Rules about tables: their policies, their columns, their indexes and the keys between them."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.types import Rule
from tenants.names import (
    APP_ROLE,
    CONTROL_POLICY,
    CONTROL_ROLE,
    GLOBAL_COMMENT,
    OWNER_POLICY,
    OWNER_ROLE,
    RESOLVER_POLICY,
    RESOLVER_ROLE,
    SCHEMA,
    TENANT_POLICY,
    TENANT_TABLE,
)

# A policy's expression as the catalog prints it.
_SAME_TENANT = f"format('(%s = ( SELECT {SCHEMA}.current_tenant() AS current_tenant))', i.attname)"

TABLE_RULES = (
    Rule(
        "row-level security is enabled and forced wherever there is a tenant",
        "SELECT name FROM isolated WHERE NOT (relrowsecurity AND relforcerowsecurity)",
    ),
    Rule(
        "the app role has exactly one policy, "
        "which compares with the transaction's tenant in USING and WITH CHECK",
        f"""
        SELECT i.name FROM isolated i
        LEFT JOIN policies p ON p.polrelid = i.oid AND '{APP_ROLE}' = ANY (p.for_roles)
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
)
