"""Rules about what reads tables for somebody else: views and functions."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.types import Rule
from tenants.names import APP_ROLE, REFUSED_FUNCTIONS, RESOLVER_ROLE, SCHEMA

ROUTINE_RULES = (
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
        "a definer function belongs to the resolver, answers tenant ids, "
        "fixes its search path, is not PUBLIC's",
        f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND NOT (
            p.proowner = '{RESOLVER_ROLE}'::regrole AND n.nspname = '{SCHEMA}'
            AND p.prorettype = 'uuid'::regtype
            AND coalesce(p.proconfig::text ~ 'search_path=pg_catalog, pg_temp', false)
            AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) g WHERE g.grantee = 0)
            AND p.proacl IS NOT NULL)
        """,
    ),
    Rule(
        "no function of ours is PUBLIC's",
        """
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace
        WHERE NOT p.prosecdef AND p.prokind IN ('f', 'p')
        AND EXISTS (
            SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
            WHERE g.grantee = 0)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        """,
    ),
    Rule(
        "the app cannot reach large objects, other sessions or what they run",
        f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
        AND has_function_privilege('{APP_ROLE}', p.oid, 'EXECUTE') AND ({REFUSED_FUNCTIONS})
        """,
    ),
    Rule(
        "only known extensions are installed",
        "SELECT extname::text FROM pg_extension WHERE extname NOT IN ('plpgsql', 'vector')",
    ),
)
