"""Defects of what is granted to whom."""

from typing import Final

CALL: Final = "telephony_call"

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
