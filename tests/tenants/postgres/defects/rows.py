"""Defects of what stands between a statement and the rows: policies, triggers, copies elsewhere."""

from typing import Final

CALL: Final = "telephony_call"
SAME: Final = "tenant_id = (SELECT tenancy.current_tenant())"
NO_ISOLATION = f"DROP POLICY tenant_isolation ON {CALL}; CREATE POLICY tenant_isolation ON {CALL}"
A_TRIGGER = (
    "CREATE FUNCTION public.spy() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'; CREATE {kind} TRIGGER spy AFTER INSERT ON telephony_call"
    " FOR EACH ROW EXECUTE FUNCTION public.spy()"
)

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
    "a trigger on PostgreSQL's own table": (
        (
            "CREATE FUNCTION public.spy() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RETURN NEW; END'; SET allow_system_table_mods = on;"
            "CREATE TRIGGER spy BEFORE INSERT ON pg_catalog.pg_description"
            " FOR EACH ROW EXECUTE FUNCTION public.spy()"
        ),
        "trigger pg_catalog.pg_description.spy",
    ),
    "a replication origin": (
        "SELECT pg_replication_origin_create('spy')",
        "replication origin spy",
    ),
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
