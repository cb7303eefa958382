"""The lint is silent over the migrated database, and speaks up for each defect planted in it."""

from dataclasses import dataclass

import psycopg
import pytest

from tenants.lint import RULES, violations

# A table that keeps every rule; each defect takes one thing away.
SOUND = """
CREATE TABLE planted (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants_tenant (id), name text,
    CONSTRAINT planted_tenant_id_id UNIQUE (tenant_id, id));
ALTER TABLE planted OWNER TO warmline_owner;
ALTER TABLE planted ENABLE ROW LEVEL SECURITY;
ALTER TABLE planted FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON planted TO warmline_app
    USING (tenant_id = (SELECT tenancy.current_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.current_tenant()));
CREATE POLICY owner_migrations ON planted TO warmline_owner
    USING (session_user = 'warmline_owner') WITH CHECK (session_user = 'warmline_owner');
GRANT SELECT, INSERT, UPDATE, DELETE ON planted TO warmline_app;
"""
POLICY = "CREATE POLICY tenant_isolation ON planted TO warmline_app"
SAME_TENANT = "tenant_id = (SELECT tenancy.current_tenant())"


@dataclass(frozen=True)
class Defect:
    """What is done to the database, and a word of the rule that must notice."""

    name: str
    sql: str
    noticed_by: str


DEFECTS = (
    Defect(
        "row-level security off",
        "ALTER TABLE planted DISABLE ROW LEVEL SECURITY",
        "enabled and forced",
    ),
    Defect("not forced", "ALTER TABLE planted NO FORCE ROW LEVEL SECURITY", "enabled and forced"),
    Defect("no policy", "DROP POLICY tenant_isolation ON planted", "exactly one policy"),
    Defect(
        "a second permissive policy",
        "CREATE POLICY another ON planted TO warmline_app USING (true)",
        "exactly one policy",
    ),
    Defect(
        "no WITH CHECK of its own",
        f"DROP POLICY tenant_isolation ON planted; {POLICY} USING ({SAME_TENANT})",
        "exactly one policy",
    ),
    Defect(
        "a flag that opens everything",
        f"DROP POLICY tenant_isolation ON planted; {POLICY}"
        f" USING ({SAME_TENANT} OR current_setting('x.admin', true) = 'on')"
        f" WITH CHECK ({SAME_TENANT})",
        "exactly one policy",
    ),
    Defect(
        "evaluated for every row",
        f"DROP POLICY tenant_isolation ON planted; {POLICY}"
        " USING (tenant_id = tenancy.current_tenant())"
        f" WITH CHECK ({SAME_TENANT})",
        "exactly one policy",
    ),
    Defect(
        "the owner's functions see everything",
        "DROP POLICY owner_migrations ON planted;"
        "CREATE POLICY owner_migrations ON planted TO warmline_owner USING (true)",
        "owner's policy",
    ),
    Defect("no policy for migrations", "DROP POLICY owner_migrations ON planted", "owner's policy"),
    Defect(
        "a policy for everybody",
        "CREATE POLICY anybody ON planted USING (true)",
        "no policy is for PUBLIC",
    ),
    Defect(
        "a policy for another role",
        "CREATE POLICY guest ON planted TO warmline_resolver USING (true)",
        "a role that has none to have",
    ),
    Defect("a row of nobody", "ALTER TABLE planted ALTER tenant_id DROP NOT NULL", "never NULL"),
    Defect(
        "no index by tenant",
        "ALTER TABLE planted DROP CONSTRAINT planted_tenant_id_id",
        "leads an index",
    ),
    Defect("an oracle", "CREATE UNIQUE INDEX planted_name ON planted (name)", "every unique index"),
    Defect(
        "a guessable key", "ALTER TABLE planted ADD serial bigserial UNIQUE", "every unique index"
    ),
    Defect(
        "a key across tenants",
        "ALTER TABLE planted ADD member_id uuid REFERENCES tenants_member (id)",
        "a key between tenant tables",
    ),
    Defect(
        "a table of unknown standing",
        "CREATE TABLE stray (id uuid)",
        "says that it belongs to none",
    ),
    Defect(
        "a tenant table that denies it",
        "COMMENT ON TABLE planted IS 'belongs to no tenant'",
        "does not claim to belong to none",
    ),
    Defect("a view of its owner's", "CREATE VIEW seen AS SELECT * FROM planted", "a view asks"),
    Defect(
        "a materialized view",
        "CREATE MATERIALIZED VIEW kept AS SELECT * FROM planted",
        "materialized",
    ),
    Defect(
        "a definer function of the owner's",
        "CREATE FUNCTION peek() RETURNS SETOF planted LANGUAGE sql SECURITY DEFINER"
        " AS 'SELECT * FROM planted'",
        "a definer function",
    ),
    Defect(
        "a definer function that answers more than ids",
        "CREATE FUNCTION tenancy.peek() RETURNS text LANGUAGE sql SECURITY DEFINER"
        " SET search_path = pg_catalog, pg_temp AS $$ SELECT 'x' $$;"
        "REVOKE ALL ON FUNCTION tenancy.peek FROM PUBLIC;"
        "ALTER FUNCTION tenancy.peek OWNER TO warmline_resolver",
        "a definer function",
    ),
    Defect(
        "a definer function with a path that can be bent",
        "ALTER FUNCTION tenancy.resolve_api_key RESET search_path",
        "a definer function",
    ),
    Defect(
        "anybody resolves keys",
        "GRANT EXECUTE ON FUNCTION tenancy.resolve_api_key TO PUBLIC",
        "a definer function",
    ),
    Defect(
        "a function for everybody",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "no function of ours",
    ),
    Defect(
        "the resolver reads whole rows",
        "GRANT SELECT ON planted TO warmline_resolver",
        "single columns",
    ),
    Defect("a table for everybody", "GRANT SELECT ON planted TO PUBLIC", "no table is PUBLIC's"),
    Defect(
        "the app may truncate",
        "GRANT TRUNCATE ON planted TO warmline_app",
        "read and write rows, nothing else",
    ),
    Defect(
        "the app may create",
        "GRANT CREATE ON SCHEMA public TO warmline_app",
        "only the owner creates",
    ),
    Defect(
        "temporary tables",
        "GRANT TEMP ON DATABASE warmline_test TO warmline_app",
        "temporary tables",
    ),
    Defect(
        "an open schema",
        "GRANT USAGE ON SCHEMA tenancy TO PUBLIC",
        "PUBLIC has nothing in our schemas",
    ),
    Defect("an app above policies", "ALTER ROLE warmline_app BYPASSRLS", "passes policies by"),
    Defect(
        "an app above everything",
        "ALTER ROLE warmline_app SUPERUSER",
        "no role of ours is a superuser",
    ),
    Defect("a resolver that logs in", "ALTER ROLE warmline_resolver LOGIN", "the four roles exist"),
    Defect(
        "the app in the owner's role", "GRANT warmline_owner TO warmline_app", "members of no role"
    ),
    Defect(
        "control in the app's role", "GRANT warmline_app TO warmline_control", "members of no role"
    ),
    Defect(
        "a table of the app's", "ALTER TABLE planted OWNER TO warmline_app", "belongs to the owner"
    ),
    Defect(
        "a statement without end",
        "ALTER ROLE warmline_app SET statement_timeout = 0",
        "end by themselves",
    ),
    Defect(
        "large objects",
        "GRANT EXECUTE ON FUNCTION lo_create(oid) TO warmline_app",
        "cannot reach large objects",
    ),
    Defect(
        "other sessions",
        "GRANT EXECUTE ON FUNCTION pg_terminate_backend(int, bigint) TO PUBLIC",
        "cannot reach large objects",
    ),
    Defect(
        "an unknown extension",
        "UPDATE pg_extension SET extname = 'dblink' WHERE extname = 'plpgsql'",
        "extensions",
    ),
)


def test_the_migrated_database_keeps_every_rule(undone: psycopg.Connection) -> None:
    """All tables of all apps, as the migrations leave them."""
    assert violations(undone) == ()


def test_a_table_made_right_is_not_reported(undone: psycopg.Connection) -> None:
    """What the defects below are planted into is sound itself."""
    undone.execute(SOUND)
    assert violations(undone) == ()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_planted_defect_is_found(defect: Defect, undone: psycopg.Connection) -> None:
    """By the rule that is there for it."""
    undone.execute(SOUND)
    undone.execute(defect.sql)
    assert [violation for violation in violations(undone) if defect.noticed_by in violation.rule]


def test_every_rule_has_a_defect_that_it_was_seen_to_find() -> None:
    """A rule that never spoke may be saying nothing."""
    unproved = [
        rule.holds
        for rule in RULES
        if not any(defect.noticed_by in rule.holds for defect in DEFECTS)
    ]
    assert unproved == []
