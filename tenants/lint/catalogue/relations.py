"""Tables, views, sequences, and what belongs to one: (kind, name, relation, facts)."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.catalogue.scope import FIRST_OWN, HOLDS_OURS, OUR_RELATION, RELATION_NAME


def _of(relation: str, *, made: str = "c.oid") -> str:
    """Rows that name a relation in that column, where what `made` numbers is not PostgreSQL's own.

    By default the relation; a trigger of ours may hang on one of PostgreSQL's.
    """
    return f"""
    JOIN pg_class c ON c.oid = {relation} JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {HOLDS_OURS} AND {made} >= {FIRST_OWN}
    """


_TABLES = f"""
SELECT CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
        WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence'
        ELSE 'composite type' END,
    {RELATION_NAME}, '',
    jsonb_build_object(
        'owner', c.relowner::regrole::text,
        'row-level security', c.relrowsecurity, 'forced row-level security', c.relforcerowsecurity,
        'persistence', c.relpersistence, 'replica identity', c.relreplident,
        'options', c.reloptions,
        'TOAST options', (SELECT reloptions FROM pg_class WHERE oid = c.reltoastrelid),
        'populated', c.relispopulated,
        'access method', (SELECT amname FROM pg_am WHERE oid = c.relam),
        'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
        'type', NULLIF(c.reloftype, 0)::regtype::text,
        'parents', ARRAY(SELECT inhparent::regclass::text FROM pg_inherits
            WHERE inhrelid = c.oid ORDER BY inhseqno),
        'partition key', pg_get_partkeydef(c.oid),
        'partition bound', pg_get_expr(c.relpartbound, c.oid),
        'definition', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
        'comment', obj_description(c.oid, 'pg_class')
    )::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {OUR_RELATION} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
"""

_COLUMNS = f"""
SELECT 'column', {RELATION_NAME} || '.' || a.attname, {RELATION_NAME},
    jsonb_build_object(
        'type', format_type(a.atttypid, a.atttypmod),
        'NOT NULL', a.attnotnull,
        'unchecked NOT NULL', EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid
            AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum] AND NOT k.convalidated),
        'default', (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
            WHERE d.adrelid = c.oid AND d.adnum = a.attnum),
        'identity', a.attidentity, 'generated', a.attgenerated,
        'collation', NULLIF(a.attcollation, 0)::regcollation::text,
        'storage', a.attstorage, 'compression', a.attcompression,
        'options', a.attoptions, 'inherited', a.attinhcount,
        'statistics', a.attstattarget, 'comment', col_description(c.oid, a.attnum)
    )::text
FROM pg_attribute a {_of("a.attrelid")}
AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
"""

_SEQUENCES = f"""
SELECT 'numbers of sequence', {RELATION_NAME}, {RELATION_NAME},
    (to_jsonb(s) - 'seqrelid' - 'seqtypid' || jsonb_build_object(
        'type', s.seqtypid::regtype::text,
        'column', ARRAY(SELECT d.refobjid::regclass || '.' || a.attname FROM pg_depend d
            JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i'))
    ))::text
FROM pg_sequence s {_of("s.seqrelid")}
"""

_CONSTRAINTS = f"""
SELECT 'constraint', {RELATION_NAME} || '.' || k.conname, {RELATION_NAME},
    jsonb_build_object(
        'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
        'validity', k.convalidated,
        'inherited', k.coninhcount, 'index', NULLIF(k.conindid, 0)::regclass::text
    )::text
FROM pg_constraint k {_of("k.conrelid", made="k.oid")}
-- NOT NULL is told with the column.
AND k.contype <> 'n'
"""

_INDEXES = f"""
SELECT 'index', i.indexrelid::regclass::text, {RELATION_NAME},
    jsonb_build_object(
        'definition', pg_get_indexdef(i.indexrelid), 'validity', i.indisvalid,
        'readiness', i.indisready AND i.indislive, 'uniqueness', i.indisunique,
        'primary key', i.indisprimary, 'immediacy', i.indimmediate,
        'replica identity', i.indisreplident, 'clustering', i.indisclustered,
        'owner', x.relowner::regrole::text, 'number of key columns', i.indnkeyatts,
        'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = x.reltablespace)
    )::text
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid {_of("i.indrelid", made="x.oid")}
"""

_TRIGGERS = f"""
SELECT 'trigger', {RELATION_NAME} || '.' || t.tgname, {RELATION_NAME},
    jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'firing', t.tgenabled)::text
FROM pg_trigger t {_of("t.tgrelid", made="t.oid")} AND NOT t.tgisinternal
UNION ALL
-- Those of a foreign key, on both its tables: switched off, nothing checks it any more.
SELECT 'key trigger', format('%s.%s by %s for %s', {RELATION_NAME}, k.conname, t.tgfoid::regproc,
    t.tgtype), {RELATION_NAME}, jsonb_build_object('firing', t.tgenabled)::text
FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint
{_of("t.tgrelid", made="t.oid")} AND t.tgisinternal
"""

_RULES = f"""
SELECT 'rule', {RELATION_NAME} || '.' || r.rulename, {RELATION_NAME},
    jsonb_build_object('definition', pg_get_ruledef(r.oid), 'firing', r.ev_enabled)::text
FROM pg_rewrite r {_of("r.ev_class", made="r.oid")}
"""

_POLICIES = f"""
SELECT 'policy', {RELATION_NAME} || '.' || p.polname, {RELATION_NAME},
    jsonb_build_object(
        'command', p.polcmd, 'permissiveness', p.polpermissive,
        'roles', ARRAY(SELECT coalesce(r.rolname::text, 'PUBLIC') FROM unnest(p.polroles) AS role
            LEFT JOIN pg_roles r ON r.oid = role ORDER BY 1),
        'USING', pg_get_expr(p.polqual, p.polrelid),
        'WITH CHECK', pg_get_expr(p.polwithcheck, p.polrelid)
    )::text
FROM pg_policy p {_of("p.polrelid", made="p.oid")}
"""

RELATIONS = (
    _TABLES,
    _COLUMNS,
    _SEQUENCES,
    _CONSTRAINTS,
    _INDEXES,
    _TRIGGERS,
    _RULES,
    _POLICIES,
)
