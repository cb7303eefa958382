"""Defects of every kind of object, each planted into the migrated database by one statement.

By what is wrong: the statements that make it so (`;` between them), and what the finding names.
"""

CALL = "telephony_call"
SAME = "tenant_id = (SELECT tenancy.current_tenant())"
NO_ISOLATION = f"DROP POLICY tenant_isolation ON {CALL}; CREATE POLICY tenant_isolation ON {CALL}"
A_TRIGGER = (
    "CREATE FUNCTION public.spy() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'; CREATE {kind} TRIGGER spy AFTER INSERT ON telephony_call"
    " FOR EACH ROW EXECUTE FUNCTION public.spy()"
)

TABLES = {
    "row-level security off": (
        f"ALTER TABLE {CALL} DISABLE ROW LEVEL SECURITY",
        "row-level security",
    ),
    "not forced": (
        f"ALTER TABLE {CALL} NO FORCE ROW LEVEL SECURITY",
        "forced row-level security is False, expected True",
    ),
    "a table of the app's": (
        f"ALTER TABLE {CALL} OWNER TO warmline_app",
        "owner is warmline_app, expected warmline_owner",
    ),
    "old rows go to replicas": (f"ALTER TABLE {CALL} REPLICA IDENTITY FULL", "replica identity"),
    "lost in a crash": ("ALTER TABLE shadow_verdict SET UNLOGGED", "persistence"),
    "other options": (f"ALTER TABLE {CALL} SET (autovacuum_enabled = off)", "options"),
    "a tenant table that denies it": (
        f"COMMENT ON TABLE {CALL} IS 'belongs to no tenant'",
        "comment",
    ),
    "a heir whose rows are seen": (
        f"CREATE TABLE heir () INHERITS ({CALL})",
        "table public.heir: no migration makes it",
    ),
    "a table that inherits": (
        "CREATE TABLE parent (id uuid NOT NULL); ALTER TABLE rag_chunk INHERIT parent",
        "parents",
    ),
    "a stray table": ("CREATE TABLE stray (id uuid)", "table public.stray"),
    "a stray table of PostgreSQL's schemas": (
        "CREATE TABLE information_schema.stray (id uuid)",
        "table information_schema.stray",
    ),
    "a partitioned table": (
        "CREATE TABLE parts (id uuid) PARTITION BY HASH (id)",
        "partitioned table public.parts",
    ),
    "a view of its owner's": (f"CREATE VIEW seen AS SELECT * FROM {CALL}", "view public.seen"),
    "a view that asks with its reader's rights": (
        f"CREATE VIEW seen WITH (security_invoker) AS SELECT * FROM {CALL}",
        "view public.seen",
    ),
    "a materialized view": (
        f"CREATE MATERIALIZED VIEW kept AS SELECT * FROM {CALL}",
        "materialized view public.kept",
    ),
    "a table in another schema": (
        f"ALTER TABLE {CALL} SET SCHEMA tenancy",
        f"table public.{CALL}: it is declared and missing",
    ),
    "a table by another name": ("ALTER TABLE rag_chunk RENAME TO chunk", "table public.chunk"),
    "no table": ("DROP TABLE shadow_verdict", "table public.shadow_verdict"),
    "a vertical's table without isolation": (
        "ALTER TABLE healthcare_voice.healthcare_appointment DISABLE ROW LEVEL SECURITY",
        "healthcare_voice.healthcare_appointment",
    ),
}
COLUMNS = {
    "a row of nobody": (f"ALTER TABLE {CALL} ALTER tenant_id DROP NOT NULL", "NOT NULL"),
    "a row of nobody may be there": (
        (
            f"ALTER TABLE {CALL} ALTER tenant_id DROP NOT NULL;"
            f"ALTER TABLE {CALL} ADD CONSTRAINT given NOT NULL tenant_id NOT VALID"
        ),
        "unchecked NOT NULL",
    ),
    "a default tenant": (
        f"ALTER TABLE {CALL} ALTER tenant_id SET DEFAULT gen_random_uuid()",
        "default",
    ),
    "another type": ("ALTER TABLE tenants_user ALTER name TYPE text", "type is text"),
    "a longer value": ("ALTER TABLE tenants_user ALTER name TYPE varchar(200)", "type"),
    "one column more": (f"ALTER TABLE {CALL} ADD extra text", f"column public.{CALL}.extra"),
    "one column less": (
        "ALTER TABLE tenants_auditevent DROP detail",
        "column public.tenants_auditevent.detail",
    ),
    "a value made of others": (
        "ALTER TABLE tenants_user ADD shown text GENERATED ALWAYS AS (email) STORED",
        "column public.tenants_user.shown",
    ),
    "a guessable number": (
        f"ALTER TABLE {CALL} ADD number bigint GENERATED ALWAYS AS IDENTITY",
        f"sequence public.{CALL}_number_seq",
    ),
    "another order": (
        'ALTER TABLE tenants_user ALTER email TYPE varchar(254) COLLATE "C"',
        "collation",
    ),
    "another storage": ("ALTER TABLE tenants_user ALTER name SET STORAGE EXTERNAL", "storage"),
    "statistics that lie": (
        "ALTER TABLE tenants_user ALTER name SET (n_distinct = 1)",
        "options",
    ),
}
KEYS = {
    "a key across tenants": (
        f"ALTER TABLE shadow_verdict ADD CONSTRAINT loose FOREIGN KEY (id) REFERENCES {CALL} (id)",
        "constraint public.shadow_verdict.loose",
    ),
    "no key within the tenant": (
        "ALTER TABLE shadow_verdict DROP CONSTRAINT shadow_verdict_run_id_tenant_key",
        "constraint public.shadow_verdict.shadow_verdict_run_id_tenant_key",
    ),
    "a key that loses its tenant": (
        (
            "ALTER TABLE shadow_verdict DROP CONSTRAINT shadow_verdict_run_id_tenant_key;"
            "ALTER TABLE shadow_verdict ADD CONSTRAINT shadow_verdict_run_id_tenant_key"
            " FOREIGN KEY (run_id) REFERENCES shadow_shadowrun (id) DEFERRABLE INITIALLY DEFERRED"
        ),
        "definition is FOREIGN KEY (run_id)",
    ),
    "a key that deletes": (
        (
            "ALTER TABLE shadow_verdict DROP CONSTRAINT shadow_verdict_run_id_tenant_key;"
            "ALTER TABLE shadow_verdict ADD CONSTRAINT shadow_verdict_run_id_tenant_key"
            " FOREIGN KEY (tenant_id, run_id) REFERENCES shadow_shadowrun (tenant_id, id)"
            " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
        ),
        "ON DELETE CASCADE",
    ),
    "a key of which nobody knows whether it holds": (
        (
            "ALTER TABLE shadow_verdict DROP CONSTRAINT shadow_verdict_run_id_tenant_key;"
            "ALTER TABLE shadow_verdict ADD CONSTRAINT shadow_verdict_run_id_tenant_key"
            " FOREIGN KEY (tenant_id, run_id) REFERENCES shadow_shadowrun (tenant_id, id)"
            " DEFERRABLE INITIALLY DEFERRED NOT VALID"
        ),
        "validity",
    ),
    "a key that is checked at once": (
        (
            "ALTER TABLE shadow_verdict ALTER CONSTRAINT shadow_verdict_run_id_tenant_key"
            " NOT DEFERRABLE"
        ),
        "definition",
    ),
    "a key that is not enforced": (
        "ALTER TABLE shadow_verdict ALTER CONSTRAINT shadow_verdict_run_id_tenant_key NOT ENFORCED",
        "NOT ENFORCED",
    ),
    "keys that nothing checks": (
        "ALTER TABLE shadow_verdict DISABLE TRIGGER ALL",
        "firing is D, expected O",
    ),
    "no check": (
        "ALTER TABLE tenants_tenant DROP CONSTRAINT tenant_call_weight_1_to_10",
        "tenant_call_weight_1_to_10",
    ),
    "a check that lets pass": (
        (
            "ALTER TABLE tenants_tenant DROP CONSTRAINT tenant_call_weight_1_to_10;"
            "ALTER TABLE tenants_tenant ADD CONSTRAINT tenant_call_weight_1_to_10"
            " CHECK (call_weight >= 1 OR true)"
        ),
        "definition",
    ),
    "a check of which nobody knows whether it holds": (
        (
            "ALTER TABLE tenants_tenant DROP CONSTRAINT tenant_call_weight_1_to_10;"
            "ALTER TABLE tenants_tenant ADD CONSTRAINT tenant_call_weight_1_to_10"
            " CHECK (call_weight >= 1 AND call_weight <= 10) NOT VALID"
        ),
        "validity",
    ),
    "a tenant that is no part of the key": (
        f"ALTER TABLE {CALL} ADD CONSTRAINT loose UNIQUE (carrier_call_id) INCLUDE (tenant_id)",
        "loose",
    ),
    "an exclusion across tenants": (
        (
            "ALTER TABLE healthcare_voice.healthcare_appointment ADD CONSTRAINT one_at_a_time"
            " EXCLUDE USING gist (tstzrange(starts_at, ends_at) WITH &&)"
        ),
        "one_at_a_time",
    ),
    "an oracle": ("CREATE UNIQUE INDEX oracle ON tenants_apikey (name)", "index public.oracle"),
    "an index that is not unique": (
        (
            "DROP INDEX IF EXISTS audit_latest;"
            "CREATE INDEX audit_latest ON tenants_auditevent (tenant_id)"
        ),
        "index public.audit_latest: its definition",
    ),
    "no index": ("DROP INDEX audit_latest", "index public.audit_latest"),
    "an index that is not used": (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'audit_latest'::regclass",
        "validity is False",
    ),
    "an order on disk": (
        "ALTER TABLE tenants_auditevent CLUSTER ON audit_latest",
        "clustering",
    ),
    "rows known to replicas by an index": (
        f"ALTER TABLE {CALL} REPLICA IDENTITY USING INDEX {CALL}_tenant_id_id",
        "replica identity",
    ),
}
POLICIES = {
    "no policy": (f"DROP POLICY tenant_isolation ON {CALL}", "tenant_isolation: it is declared"),
    "a policy for all rows": (
        f"ALTER POLICY tenant_isolation ON {CALL} USING (true)",
        "USING is true",
    ),
    "rows given away": (
        f"ALTER POLICY tenant_isolation ON {CALL} WITH CHECK (true)",
        "WITH CHECK is true",
    ),
    "a flag that opens everything": (
        (
            f"ALTER POLICY tenant_isolation ON {CALL}"
            f" USING ({SAME} OR current_setting('x.admin', true) = 'on')"
        ),
        "x.admin",
    ),
    "evaluated for every row": (
        f"ALTER POLICY tenant_isolation ON {CALL} USING (tenant_id = tenancy.current_tenant())",
        "USING",
    ),
    "no WITH CHECK of its own": (f"{NO_ISOLATION} TO warmline_app USING ({SAME})", "WITH CHECK"),
    "a second permissive policy": (
        f"CREATE POLICY another ON {CALL} TO warmline_app USING (true)",
        f"policy public.{CALL}.another",
    ),
    "a policy that takes rows away": (
        f"CREATE POLICY another ON {CALL} AS RESTRICTIVE TO warmline_app USING (false)",
        f"policy public.{CALL}.another",
    ),
    "isolation that takes rows away": (
        f"{NO_ISOLATION} AS RESTRICTIVE TO warmline_app USING ({SAME}) WITH CHECK ({SAME})",
        "permissiveness",
    ),
    "a policy for everybody": (f"ALTER POLICY tenant_isolation ON {CALL} TO PUBLIC", "PUBLIC"),
    "a policy for reading alone": (
        f"{NO_ISOLATION} FOR SELECT TO warmline_app USING ({SAME})",
        "command",
    ),
    "the owner's functions see everything": (
        f"ALTER POLICY owner_migrations ON {CALL} USING (true)",
        "owner_migrations",
    ),
    "control reads keys": (
        "CREATE POLICY control_access ON tenants_apikey TO warmline_control USING (true)",
        "control_access",
    ),
    "the resolver writes": (
        "CREATE POLICY resolver_writes ON tenants_apikey TO warmline_resolver USING (true)",
        "resolver_writes",
    ),
    "a policy by another name": (
        f"ALTER POLICY tenant_isolation ON {CALL} RENAME TO isolation",
        f"policy public.{CALL}.isolation",
    ),
}
ACTIONS = {
    "a trigger": (A_TRIGGER.format(kind=""), f"trigger public.{CALL}.spy"),
    "a constraint trigger": (A_TRIGGER.format(kind="CONSTRAINT"), f"trigger public.{CALL}.spy"),
    "a rule": (f"CREATE RULE copy AS ON INSERT TO {CALL} DO ALSO NOTIFY copied", "rule"),
    "an event trigger": (
        (
            "CREATE FUNCTION public.spy() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
            "CREATE EVENT TRIGGER spy ON ddl_command_end EXECUTE FUNCTION public.spy()"
        ),
        "event trigger spy",
    ),
    "an event trigger at login": (
        (
            "CREATE FUNCTION public.spy() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
            "CREATE EVENT TRIGGER spy ON login EXECUTE FUNCTION public.spy()"
        ),
        "event trigger spy",
    ),
    "a publication of everything": ("CREATE PUBLICATION spy FOR ALL TABLES", "publication spy"),
    "a publication of a table": (f"CREATE PUBLICATION spy FOR TABLE {CALL}", "publication spy"),
    "a publication of a schema": (
        "CREATE PUBLICATION spy FOR TABLES IN SCHEMA public",
        "publication spy",
    ),
    "a subscription": (
        (
            "CREATE SUBSCRIPTION spy CONNECTION 'host=/nowhere' PUBLICATION spy"
            " WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false)"
        ),
        "subscription spy",
    ),
    "a foreign data wrapper": ("CREATE FOREIGN DATA WRAPPER spy", "foreign-data wrapper spy"),
    "a foreign server": (
        "CREATE FOREIGN DATA WRAPPER spy; CREATE SERVER elsewhere FOREIGN DATA WRAPPER spy",
        "server elsewhere",
    ),
    "a user mapping": (
        (
            "CREATE FOREIGN DATA WRAPPER spy; CREATE SERVER elsewhere FOREIGN DATA WRAPPER spy;"
            "CREATE USER MAPPING FOR warmline_app SERVER elsewhere"
        ),
        "user mapping for warmline_app",
    ),
    "a foreign table": (
        (
            "CREATE FOREIGN DATA WRAPPER spy; CREATE SERVER elsewhere FOREIGN DATA WRAPPER spy;"
            "CREATE FOREIGN TABLE far (id uuid) SERVER elsewhere"
        ),
        "foreign table public.far",
    ),
    "a large object": ("SELECT lo_create(4711)", "large object 4711"),
    "statistics across columns": (
        f"CREATE STATISTICS told ON tenant_id, id FROM {CALL}",
        "statistics object public.told",
    ),
}
CODE = {
    "another tenant function": (
        (
            "CREATE OR REPLACE FUNCTION tenancy.current_tenant() RETURNS uuid LANGUAGE plpgsql"
            " STABLE PARALLEL SAFE SET search_path = pg_catalog AS"
            " $$ BEGIN RETURN nullif(current_setting('warmline.tenant_id', true), '')::uuid; END $$"
        ),
        "its body",
    ),
    "a tenant that may change within a statement": (
        "ALTER FUNCTION tenancy.current_tenant() VOLATILE",
        "volatility is v, expected s",
    ),
    "a tenant function that runs as its owner": (
        "ALTER FUNCTION tenancy.current_tenant() SECURITY DEFINER",
        "SECURITY DEFINER is True",
    ),
    "a path that can be bent": (
        "ALTER FUNCTION tenancy.resolve_api_key RESET search_path",
        "settings",
    ),
    "a function that claims to leak nothing": (
        "ALTER FUNCTION tenancy.current_tenant() LEAKPROOF",
        "leakproofness",
    ),
    "a function without NULL": ("ALTER FUNCTION tenancy.current_tenant() STRICT", "strictness"),
    "a function in one process only": (
        "ALTER FUNCTION tenancy.current_tenant() PARALLEL UNSAFE",
        "parallel safety",
    ),
    "a function of great cost": ("ALTER FUNCTION tenancy.current_tenant() COST 9999", "cost"),
    "a function of the owner's": (
        "ALTER FUNCTION tenancy.resolve_api_key OWNER TO warmline_owner",
        "owner is warmline_owner, expected warmline_resolver",
    ),
    "a key that opens every tenant": (
        (
            "CREATE OR REPLACE FUNCTION tenancy.resolve_api_key(secret bytea) RETURNS uuid"
            " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS"
            " $$ SELECT k.tenant_id FROM public.tenants_apikey k LIMIT 1 $$"
        ),
        "its body",
    ),
    "anybody resolves keys": (
        "GRANT EXECUTE ON FUNCTION tenancy.resolve_api_key TO PUBLIC",
        "to PUBLIC",
    ),
    "the app asks for passwords": (
        "GRANT EXECUTE ON FUNCTION tenancy.credential_of TO warmline_app",
        "EXECUTE on function tenancy.credential_of(text) to warmline_app",
    ),
    "a definer function": (
        (
            f"CREATE FUNCTION public.peek() RETURNS SETOF {CALL} LANGUAGE sql SECURITY DEFINER"
            f" AS 'SELECT * FROM {CALL}'"
        ),
        "function public.peek()",
    ),
    "a function of the same name": (
        "CREATE FUNCTION tenancy.resolve_api_key(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "tenancy.resolve_api_key(text)",
    ),
    "a procedure": (
        "CREATE PROCEDURE public.work() LANGUAGE sql AS 'SELECT 1'",
        "procedure public.work()",
    ),
    "an aggregate": (
        "CREATE AGGREGATE public.total(int) (SFUNC = int4pl, STYPE = int)",
        "aggregate public.total(integer)",
    ),
    "no function": ("DROP FUNCTION tenancy.read_session", "tenancy.read_session(text)"),
    "a function among PostgreSQL's own": (
        "CREATE FUNCTION pg_catalog.spy() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "spy()",
    ),
    "a domain": ("CREATE DOMAIN public.code AS text", "type public.code"),
    "an enum": ("CREATE TYPE public.mood AS ENUM ('a')", "type public.mood"),
    "a composite type": ("CREATE TYPE public.pair AS (a int)", "composite type public.pair"),
    "a range": ("CREATE TYPE public.span AS RANGE (SUBTYPE = time)", "type public.span"),
    "a shell type": ("CREATE TYPE public.shell", "public.shell"),
    "a cast": (
        (
            "CREATE FUNCTION public.c(bool) RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';"
            "CREATE CAST (bool AS uuid) WITH FUNCTION public.c(bool) AS IMPLICIT"
        ),
        "cast",
    ),
    "an operator": (
        "CREATE OPERATOR public.=== (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_ne)",
        "operator public.===",
    ),
    "an operator class": (
        "CREATE OPERATOR CLASS public.odd FOR TYPE uuid USING btree AS FUNCTION 1 uuid_cmp",
        "operator class",
    ),
    "a collation": ('CREATE COLLATION public.odd FROM "C"', "collation public.odd"),
    "a conversion": (
        "CREATE CONVERSION public.odd FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "conversion public.odd",
    ),
    "a language": (
        "CREATE LANGUAGE odd HANDLER plpgsql_call_handler",
        "language odd",
    ),
    "an access method": (
        "CREATE ACCESS METHOD odd TYPE TABLE HANDLER heap_tableam_handler",
        "access method odd",
    ),
    "a text search configuration": (
        "CREATE TEXT SEARCH CONFIGURATION public.odd (COPY = simple)",
        "text search configuration public.odd",
    ),
    "a text search dictionary": (
        "CREATE TEXT SEARCH DICTIONARY public.odd (TEMPLATE = simple)",
        "text search dictionary public.odd",
    ),
    "an extension": ("CREATE EXTENSION vector", "extension vector"),
    "an unknown extension": (
        "UPDATE pg_extension SET extname = 'dblink' WHERE extname = 'plpgsql'",
        "extension dblink",
    ),
}
GRANTS = {
    "a table for everybody": (f"GRANT SELECT ON {CALL} TO PUBLIC", "to PUBLIC"),
    "the app may truncate": (f"GRANT TRUNCATE ON {CALL} TO warmline_app", "TRUNCATE"),
    "the app may make triggers": (f"GRANT TRIGGER ON {CALL} TO warmline_app", "TRIGGER"),
    "the app may vacuum": (f"GRANT MAINTAIN ON {CALL} TO warmline_app", "MAINTAIN"),
    "the app rewrites the trail": ("GRANT UPDATE ON tenants_auditevent TO warmline_app", "UPDATE"),
    "the app raises its own weight": (
        "GRANT UPDATE (call_weight) ON tenants_tenant TO warmline_app",
        "UPDATE on column public.tenants_tenant.call_weight to warmline_app",
    ),
    "the app reads passwords": (
        "GRANT SELECT (password) ON tenants_user TO warmline_app",
        "REVOKE SELECT on column public.tenants_user.password FROM warmline_app",
    ),
    "control reads passwords": ("GRANT SELECT ON tenants_user TO warmline_control", "SELECT"),
    "the app reads sessions": ("GRANT SELECT ON django_session TO warmline_app", "SELECT"),
    "control reads keys of programs": (
        "GRANT SELECT ON tenants_apikey TO warmline_control",
        "SELECT",
    ),
    "the resolver reads whole rows": (f"GRANT SELECT ON {CALL} TO warmline_resolver", "SELECT"),
    "a right that can be given on": (
        f"GRANT SELECT ON {CALL} TO warmline_app WITH GRANT OPTION",
        "SELECT with grant option",
    ),
    "a right that is missing": (f"REVOKE DELETE ON {CALL} FROM warmline_app", "GRANT DELETE"),
    "the owner without a right": (f"REVOKE INSERT ON {CALL} FROM warmline_owner", "INSERT"),
    "numbers for the app": (
        "GRANT USAGE ON SEQUENCE auth_group_id_seq TO warmline_app",
        "USAGE on sequence public.auth_group_id_seq to warmline_app",
    ),
    "a type that is taken away": (f"REVOKE USAGE ON TYPE {CALL} FROM PUBLIC", "type"),
    "tables to come, for the app": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE warmline_owner GRANT SELECT ON TABLES TO warmline_app",
        "SELECT on tables that warmline_owner makes",
    ),
    "functions to come, for everybody": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE warmline_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "EXECUTE on functions that warmline_owner makes",
    ),
    "tables to come in one schema": (
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE warmline_owner IN SCHEMA public"
            " GRANT SELECT ON TABLES TO PUBLIC"
        ),
        "makes in public to PUBLIC",
    ),
    "an open schema": ("GRANT USAGE ON SCHEMA tenancy TO PUBLIC", "USAGE on schema tenancy"),
    "the app may create": ("GRANT CREATE ON SCHEMA public TO warmline_app", "CREATE"),
    "a schema of the app's": ("ALTER SCHEMA tenancy OWNER TO warmline_app", "schema tenancy"),
    "a public schema of the app's": (
        "ALTER SCHEMA public OWNER TO warmline_app",
        "schema public",
    ),
    "a stray schema": ("CREATE SCHEMA stray", "schema stray"),
    "a schema that the app may replace": (
        "GRANT CREATE ON DATABASE warmline_test TO warmline_app",
        "CREATE on database",
    ),
    "temporary tables": ("GRANT TEMP ON DATABASE warmline_test TO warmline_app", "TEMPORARY"),
    "everybody connects": ("GRANT CONNECT ON DATABASE warmline_test TO PUBLIC", "CONNECT"),
    "a parameter of the server's": (
        "GRANT SET ON PARAMETER session_replication_role TO warmline_app",
        "SET on parameter session_replication_role",
    ),
    "a disk for the app": (
        "GRANT CREATE ON TABLESPACE pg_default TO warmline_app",
        "tablespace pg_default to warmline_app",
    ),
    "a sequence that goes round": ("ALTER SEQUENCE auth_group_id_seq CYCLE", "seqcycle"),
}
SERVER = {
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
    "an operator of PostgreSQL's that is another": (
        "ALTER OPERATOR pg_catalog.~ (text, text) SET (RESTRICT = contsel)",
        "operator",
    ),
}

DEFECTS = TABLES | COLUMNS | KEYS | POLICIES | ACTIONS | CODE | GRANTS | SERVER | POSTGRES
