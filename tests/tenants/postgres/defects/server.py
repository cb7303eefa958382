"""Defects of roles, their settings, the database, and PostgreSQL's own objects."""

from typing import Final

CALL: Final = "telephony_call"

SERVER = {
    "another name for control": (
        "ALTER ROLE warmline_control RENAME TO warmline_elsewhere",
        "role warmline_control: it is declared and missing",
    ),
    "an app above policies": ("ALTER ROLE warmline_app BYPASSRLS", "BYPASSRLS is True"),
    "an app above everything": ("ALTER ROLE warmline_app SUPERUSER", "SUPERUSER is True"),
    "an app that makes roles": ("ALTER ROLE warmline_app CREATEROLE", "CREATEROLE"),
    "an app that makes databases": ("ALTER ROLE warmline_app CREATEDB", "CREATEDB"),
    "an app that replicates": ("ALTER ROLE warmline_app REPLICATION", "REPLICATION"),
    "an app that inherits": ("ALTER ROLE warmline_app INHERIT", "INHERIT"),
    "an app with few connections": (
        "ALTER ROLE warmline_app CONNECTION LIMIT 1",
        "connection limit",
    ),
    "an app that ends": ("ALTER ROLE warmline_app VALID UNTIL '2030-01-01'", "end"),
    "an app that cannot log in": ("ALTER ROLE warmline_app NOLOGIN", "LOGIN"),
    "a resolver that logs in": ("ALTER ROLE warmline_resolver LOGIN", "LOGIN"),
    "a role of nobody's": ("CREATE ROLE stranger", "role stranger"),
    "the app in the owner's role": (
        "GRANT warmline_owner TO warmline_app",
        "membership warmline_app in warmline_owner",
    ),
    "control in the app's role": (
        "GRANT warmline_app TO warmline_control",
        "membership warmline_control in warmline_app",
    ),
    "PostgreSQL's own roles in each other": (
        "GRANT pg_write_all_data TO pg_monitor",
        "membership pg_monitor in pg_write_all_data",
    ),
    "a right to give on": (
        "GRANT pg_signal_backend TO warmline_control WITH ADMIN OPTION",
        "membership warmline_control in pg_signal_backend",
    ),
    "the app reads all data": ("GRANT pg_read_all_data TO warmline_app", "pg_read_all_data"),
    "the app sees what others run": ("GRANT pg_monitor TO warmline_app", "pg_monitor"),
    "the owner inherits what the resolver reads": (
        "GRANT warmline_resolver TO warmline_owner WITH INHERIT TRUE",
        "inherit_option is True",
    ),
    "a statement without end": (
        "ALTER ROLE warmline_app SET statement_timeout = 0",
        "statement_timeout of warmline_app",
    ),
    "no end at all": (
        "ALTER ROLE warmline_app RESET statement_timeout",
        "statement_timeout of warmline_app in every database: it is declared and missing",
    ),
    "a tenant of every session": (
        "ALTER ROLE warmline_app SET warmline.tenant_id = '00000000-0000-7000-8000-000000000000'",
        "warmline.tenant_id of warmline_app",
    ),
    "policies off": ("ALTER ROLE warmline_app SET row_security = off", "row_security"),
    "another path": (
        "ALTER ROLE warmline_app IN DATABASE warmline_test SET search_path = evil, public",
        "search_path of warmline_app",
    ),
    "a setting of the database": (
        "ALTER DATABASE warmline_test SET row_security = off",
        "row_security of every role in this database",
    ),
    "a setting of every role": (
        "ALTER ROLE ALL SET standard_conforming_strings = off",
        "standard_conforming_strings of every role",
    ),
    "a database of the app's": ("ALTER DATABASE warmline_test OWNER TO warmline_app", "owner"),
    "a database that can be copied": ("ALTER DATABASE warmline_test IS_TEMPLATE true", "template"),
    "a database for few": ("ALTER DATABASE warmline_test CONNECTION LIMIT 3", "connection limit"),
    "another database": (
        "GRANT CONNECT ON DATABASE postgres TO warmline_app",
        "warmline_app to postgres",
    ),
    "another database for everybody": (
        "GRANT CONNECT ON DATABASE template1 TO PUBLIC",
        "warmline_app to template1",
    ),
}

POSTGRES = {
    "large objects": ("GRANT EXECUTE ON FUNCTION lo_create(oid) TO warmline_app", "lo_create(oid)"),
    "other sessions": (
        "GRANT EXECUTE ON FUNCTION pg_terminate_backend(int, bigint) TO PUBLIC",
        "pg_terminate_backend",
    ),
    "others' locks": (
        "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC",
        "pg_advisory_lock(bigint)",
    ),
    "files": ("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO warmline_app", "pg_read_file"),
    "what others run": ("GRANT SELECT ON pg_stat_activity TO PUBLIC", "pg_stat_activity"),
    "roles' passwords": ("GRANT SELECT ON pg_authid TO warmline_app", "pg_authid"),
    "roles' passwords, by column": (
        "GRANT SELECT (rolpassword) ON pg_authid TO warmline_app",
        "column pg_authid.rolpassword",
    ),
    "PostgreSQL's schema": ("GRANT CREATE ON SCHEMA pg_catalog TO warmline_app", "pg_catalog"),
    "its language": ("GRANT USAGE ON LANGUAGE plpgsql TO warmline_app", "language plpgsql"),
    "a function that is missing": (
        "REVOKE EXECUTE ON FUNCTION pg_backend_pid() FROM PUBLIC",
        "pg_backend_pid() to PUBLIC",
    ),
    "a function of PostgreSQL's that claims to leak nothing": (
        "ALTER FUNCTION pg_catalog.textregexeq LEAKPROOF",
        "textregexeq",
    ),
    "a function of PostgreSQL's that runs as its owner": (
        "ALTER FUNCTION pg_catalog.query_to_xml SECURITY DEFINER",
        "query_to_xml",
    ),
    "a function of PostgreSQL's that is another": (
        (
            "CREATE OR REPLACE FUNCTION pg_catalog.uuid_eq(uuid, uuid) RETURNS boolean"
            " LANGUAGE sql AS 'SELECT true'"
        ),
        "uuid_eq",
    ),
    "a view of PostgreSQL's that lets look past": (
        "SET allow_system_table_mods = on; ALTER VIEW pg_catalog.pg_stats RESET (security_barrier)",
        "pg_stats",
    ),
    "a view of PostgreSQL's that is another": (
        (
            "SET allow_system_table_mods = on;"
            "CREATE OR REPLACE VIEW pg_catalog.pg_tables AS SELECT n.nspname AS schemaname,"
            " c.relname AS tablename, pg_get_userbyid(c.relowner) AS tableowner, t.spcname AS"
            " tablespace, c.relhasindex AS hasindexes, c.relhasrules AS hasrules,"
            " c.relhastriggers AS hastriggers, true AS rowsecurity"
            " FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace"
            " LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace"
        ),
        "pg_tables",
    ),
    "an index of PostgreSQL's that orders otherwise": (
        "UPDATE pg_amproc SET amproc = 'btint4cmp' WHERE amproc = 'uuid_cmp'::regproc",
        "uuid_ops",
    ),
    "a count of PostgreSQL's that begins elsewhere": (
        (
            "UPDATE pg_aggregate SET agginitval = '5'"
            " WHERE aggfnoid = 'pg_catalog.count()'::regprocedure"
        ),
        "count()",
    ),
    "a collation of PostgreSQL's that is another": (
        "UPDATE pg_collation SET collprovider = 'c' WHERE collname = 'ucs_basic'",
        "ucs_basic",
    ),
    "words that PostgreSQL no longer reads": (
        (
            "ALTER TEXT SEARCH CONFIGURATION pg_catalog.english"
            " ALTER MAPPING FOR asciiword WITH simple"
        ),
        "english",
    ),
    "stop words of PostgreSQL's that are gone": (
        "ALTER TEXT SEARCH DICTIONARY pg_catalog.english_stem (StopWords)",
        "english_stem",
    ),
    "an operator of PostgreSQL's that is another": (
        "ALTER OPERATOR pg_catalog.~ (text, text) SET (RESTRICT = contsel)",
        "operator",
    ),
}
