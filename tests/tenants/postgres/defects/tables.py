"""Defects of tables, their columns, keys and indexes."""

from typing import Final

CALL: Final = "telephony_call"

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
    "other options out of line": (
        f"ALTER TABLE {CALL} SET (toast.autovacuum_enabled = off)",
        "TOAST options",
    ),
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
    "statistics of no use": ("ALTER TABLE tenants_user ALTER name SET STATISTICS 0", "statistics"),
    "a column that says something": ("COMMENT ON COLUMN tenants_user.name IS 'x'", "comment"),
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
