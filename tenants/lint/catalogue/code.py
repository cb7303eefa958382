"""Schemas, functions and types: (kind, name, relation, facts)."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.catalogue.scope import FIRST_OWN, HOLDS_OURS

_SCHEMAS = f"""
SELECT 'schema', n.nspname::text, '',
    jsonb_build_object('owner', n.nspowner::regrole::text)::text
FROM pg_namespace n WHERE {HOLDS_OURS} AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""

_FUNCTIONS = f"""
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'
        ELSE 'function' END,
    p.oid::regprocedure::text, '',
    jsonb_build_object(
        'owner', p.proowner::regrole::text,
        'language', (SELECT lanname FROM pg_language WHERE oid = p.prolang),
        'body', concat_ws(' ', p.prosrc, p.probin, pg_get_function_sqlbody(p.oid)),
        'result', pg_get_function_result(p.oid), 'arguments', pg_get_function_arguments(p.oid),
        'SECURITY DEFINER', p.prosecdef, 'settings', p.proconfig,
        'volatility', p.provolatile, 'leakproofness', p.proleakproof, 'strictness', p.proisstrict,
        'parallel safety', p.proparallel, 'kind', p.prokind,
        'cost', p.procost, 'rows', p.prorows, 'support', p.prosupport::text
    )::text
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE {HOLDS_OURS} AND p.oid >= {FIRST_OWN}
"""

_TYPES = f"""
SELECT 'type', t.oid::regtype::text, '',
    jsonb_build_object(
        'owner', t.typowner::regrole::text, 'kind', t.typtype,
        'base', CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END,
        'NOT NULL', t.typnotnull, 'default', t.typdefault,
        'labels', ARRAY(SELECT enumlabel::text FROM pg_enum
            WHERE enumtypid = t.oid ORDER BY enumsortorder),
        'checks', ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contypid = t.oid ORDER BY conname)
    )::text
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {HOLDS_OURS} AND t.oid >= {FIRST_OWN}
-- A table's rows and every type's array come by themselves.
AND t.typtype <> 'c' AND t.typcategory <> 'A'
"""

CODE = (_SCHEMAS, _FUNCTIONS, _TYPES)
