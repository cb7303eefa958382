"""The catalogue as the rules read it: views (`WITH …`) that stand before each rule's query."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.names import TENANT_TABLE

# `schemas` are ours, `own` every table in them; `isolated` those with a tenant, and which column
# says so; `grants` what is granted on a table or on one of its columns.
VIEWS = f"""
WITH schemas AS (
    SELECT * FROM pg_namespace WHERE starts_with(nspname, '{{prefix}}')
    AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
), own AS (
    SELECT c.*, c.oid::regclass::text AS name
    FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p')
), isolated AS (
    SELECT own.oid, own.name, own.relrowsecurity, own.relforcerowsecurity,
        a.attnum, a.attname, a.attnotnull
    FROM own JOIN pg_attribute a ON a.attrelid = own.oid AND NOT a.attisdropped
    WHERE a.attname = CASE WHEN own.relname = '{TENANT_TABLE}' THEN 'id' ELSE 'tenant_id' END
), policies AS (
    SELECT p.*, p.polrelid::regclass::text AS name, ARRAY(
            SELECT rolname::text FROM pg_roles WHERE pg_roles.oid = ANY (p.polroles) ORDER BY 1
        ) AS for_roles,
        pg_get_expr(p.polqual, p.polrelid) AS using_expr,
        pg_get_expr(p.polwithcheck, p.polrelid) AS check_expr
    FROM pg_policy p JOIN own ON own.oid = p.polrelid
), grants AS (
    SELECT own.oid, own.name, g.grantee, g.privilege_type, NULL::name AS attname
    FROM own, aclexplode(own.relacl) g
    UNION ALL
    SELECT own.oid, own.name, g.grantee, g.privilege_type, a.attname
    FROM own JOIN pg_attribute a ON a.attrelid = own.oid, aclexplode(a.attacl) g
)
"""
