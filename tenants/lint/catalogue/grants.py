"""Who may do what, one privilege a row: (kind, name, relation, facts)."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.catalogue.scope import FIRST_OWN, HOLDS_OURS, OUR_RELATION, RELATION_NAME


def granted(objects: str) -> str:
    """The privileges in the ACLs of `objects`, a query for (object, relation, acl)."""
    return f"""
    SELECT DISTINCT 'grant', format('%s%s on %s to %s', g.privilege_type,
            CASE WHEN g.is_grantable THEN ' with grant option' ELSE '' END, o.object,
            CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END),
        o.relation, '{{}}'
    FROM ({objects}) AS o (object, relation, acl), aclexplode(o.acl) AS g
    """


# An owner's own privileges and PUBLIC's initial ones stand in no ACL: `acldefault` tells them.
_ON_RELATIONS = granted(f"""
SELECT CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END || {RELATION_NAME},
    {RELATION_NAME},
    coalesce(c.relacl, acldefault(
        CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {OUR_RELATION} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
""")

_ON_COLUMNS = granted(f"""
SELECT 'column ' || {RELATION_NAME} || '.' || a.attname, {RELATION_NAME}, a.attacl
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {OUR_RELATION} AND NOT a.attisdropped
""")

_ON_CODE = granted(f"""
SELECT 'function ' || p.oid::regprocedure, '', coalesce(p.proacl, acldefault('f', p.proowner))
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE {HOLDS_OURS} AND p.oid >= {FIRST_OWN}
UNION ALL
SELECT 'schema ' || n.nspname, '', coalesce(n.nspacl, acldefault('n', n.nspowner))
FROM pg_namespace n WHERE {HOLDS_OURS} AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
-- A table's row type too: PUBLIC may use every type unless somebody took that away.
SELECT 'type ' || t.oid::regtype, '', t.typacl
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {HOLDS_OURS} AND t.oid >= {FIRST_OWN}
""")

GRANTS = (_ON_RELATIONS, _ON_COLUMNS, _ON_CODE)
