"""What migrations may declare: a table that keeps every rule, and one defect for each rule."""

from dataclasses import dataclass

import psycopg
import pytest

from tenants.lint.declarations import DECLARATION_RULES, flaws

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
        "no function of ours",
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
    Defect("a table for everybody", "GRANT SELECT ON planted TO PUBLIC", "nothing else"),
    Defect(
        "control reads passwords",
        "GRANT SELECT ON tenants_user TO warmline_control",
        "passwords and sessions",
    ),
    Defect(
        "the app reads a password's column",
        "GRANT SELECT (password) ON tenants_user TO warmline_app",
        "passwords and sessions",
    ),
    Defect(
        "the app reads sessions",
        "GRANT SELECT ON django_session TO warmline_app",
        "passwords and sessions",
    ),
    Defect(
        "the app may truncate",
        "GRANT TRUNCATE ON planted TO warmline_app",
        "read and write rows, nothing else",
    ),
)


def test_a_table_made_right_is_not_reported(undone: psycopg.Connection) -> None:
    """What the defects below are planted into is sound itself, as is all that is there."""
    undone.execute(SOUND)
    assert flaws(undone.cursor()) == ()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_flaw_is_found(defect: Defect, undone: psycopg.Connection) -> None:
    """By the rule that is there for it."""
    undone.execute(SOUND)
    undone.execute(defect.sql)
    assert [flaw for flaw in flaws(undone.cursor()) if defect.noticed_by in flaw.rule]


def test_every_rule_has_a_defect_that_it_was_seen_to_find() -> None:
    """A rule that never spoke may be saying nothing."""
    unproved = [
        rule.holds
        for rule in DECLARATION_RULES
        if not any(defect.noticed_by in rule.holds for defect in DEFECTS)
    ]
    assert unproved == []
