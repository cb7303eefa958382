"""Kinds of object of which the migrations make none: (kind, name, '', no facts)."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.catalogue.scope import FIRST_OWN

_CATALOGUES = (
    "pg_am", "pg_amop", "pg_amproc", "pg_cast", "pg_collation", "pg_conversion", "pg_event_trigger",
    "pg_foreign_data_wrapper", "pg_foreign_server", "pg_language", "pg_opclass", "pg_operator",
    "pg_opfamily", "pg_publication", "pg_publication_namespace", "pg_publication_rel",
    "pg_statistic_ext", "pg_subscription", "pg_tablespace", "pg_transform", "pg_ts_config",
    "pg_ts_dict", "pg_ts_parser", "pg_ts_template",
)  # fmt: skip
_IDENTIFIED = "\nUNION ALL\n".join(
    f"SELECT i.type, i.identity, '', '{{}}' FROM {name} o,"
    f" pg_identify_object('{name}'::regclass, o.oid, 0) i WHERE o.oid >= {FIRST_OWN}"
    for name in _CATALOGUES
)
_NAMED = """
SELECT 'extension', extname::text, '', '{}' FROM pg_extension
UNION ALL
SELECT 'large object', oid::text, '', '{}' FROM pg_largeobject_metadata
UNION ALL
SELECT 'user mapping', format('for %s on server %s', coalesce(usename, 'PUBLIC'), srvname), '', '{}'
FROM pg_user_mappings
UNION ALL
SELECT 'replication slot', slot_name::text, '', '{}' FROM pg_replication_slots
WHERE database = current_database()
UNION ALL
SELECT 'replication origin', roname, '', '{}' FROM pg_replication_origin
UNION ALL
SELECT 'security label', objtype || ' ' || objname, '', '{}' FROM pg_seclabels
"""

STRAYS = (_IDENTIFIED, _NAMED)
