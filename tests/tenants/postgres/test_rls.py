"""The migration operations do what they promise, and take it back."""

import psycopg
import pytest
from django.db import connections
from django.db.migrations.state import ProjectState
from psycopg import errors

from tenants.rls import (
    AdmitCredentials,
    ControlMayRead,
    CreateTenancy,
    DatabaseOperation,
    DefinerFunction,
    GrantGlobal,
    IsolateTable,
    MoveToSchema,
    TenantKey,
)
from warmline.kernel.ids import TenantId

TABLES = """
CREATE TABLE visit (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, name text);
CREATE TABLE note (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, visit_id uuid);
"""
ONE, TWO, THREE = ("00000000-0000-7000-8000-00000000000" + digit for digit in "123")
# What an operation can leave behind, as text.
TRACES = """
SELECT 'policy ' || polname || polrelid::regclass FROM pg_policy
UNION ALL SELECT 'grant ' || relname || coalesce(relacl::text, '') FROM pg_class
    WHERE relname IN ('visit', 'note')
    AND coalesce(relacl::text, '') ~ 'warmline_(app|control|resolver)'
UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
UNION ALL SELECT 'index ' || indexrelid::regclass FROM pg_index
UNION ALL SELECT 'table ' || oid::regclass FROM pg_class
    WHERE relname IN ('visit', 'note') AND relrowsecurity
UNION ALL SELECT 'schema ' || relnamespace::regnamespace FROM pg_class WHERE relname = 'visit'
UNION ALL SELECT 'function ' || oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'tenancy'::regnamespace
UNION ALL SELECT 'comment ' || description FROM pg_description WHERE objoid = 'visit'::regclass
ORDER BY 1
"""


def apply(session: psycopg.Connection, *operations: DatabaseOperation) -> None:
    """As `migrate` does: as the owner."""
    for operation in operations:
        for statement in operation.forwards():
            session.execute(statement)


def sign_in(session: psycopg.Connection, role: str, tenant_id: str = "") -> None:
    """Go on as another login within the transaction."""
    path = session.execute("SHOW search_path").fetchone()
    session.execute(f"SET SESSION AUTHORIZATION {role}")
    assert path
    session.execute("SELECT set_config('search_path', %s, true)", path)
    session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (tenant_id,))


@pytest.fixture
def workshop(undone: psycopg.Connection) -> psycopg.Connection:
    """Two bare tables of the owner's, and the owner at work."""
    undone.execute("SET LOCAL search_path = public, homeservices_voice")
    sign_in(undone, "warmline_owner")
    undone.execute(TABLES)
    return undone


def test_a_key_between_tenant_tables_cannot_cross_tenants(workshop: psycopg.Connection) -> None:
    """One tenant's note cannot point at the other's visit, though the visit exists."""
    apply(
        workshop,
        IsolateTable("visit"),
        IsolateTable("note"),
        TenantKey("note", "visit_id", "visit"),
    )
    workshop.execute("INSERT INTO visit (id, tenant_id) VALUES (%s, %s)", (ONE, ONE))
    workshop.execute("INSERT INTO note VALUES (%s, %s, %s)", (ONE, ONE, ONE))
    workshop.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(errors.ForeignKeyViolation), workshop.transaction():
        workshop.execute("INSERT INTO note VALUES (%s, %s, %s)", (TWO, TWO, ONE))


def test_a_key_that_points_nowhere_is_found_when_it_is_added(workshop: psycopg.Connection) -> None:
    """The owner's policy lets the check see every tenant's rows;
    without it the key would be declared valid.
    """
    apply(workshop, IsolateTable("visit"), IsolateTable("note"))
    workshop.execute("INSERT INTO note VALUES (%s, %s, %s)", (ONE, ONE, THREE))
    with pytest.raises(errors.ForeignKeyViolation), workshop.transaction():
        apply(workshop, TenantKey("note", "visit_id", "visit"))


def test_a_table_in_a_verticals_schema_is_found_by_its_plain_name(
    workshop: psycopg.Connection,
) -> None:
    """The app reads it there, as the bound tenant."""
    apply(workshop, MoveToSchema("visit", "homeservices_voice"), IsolateTable("visit"))
    workshop.execute(
        "INSERT INTO visit (id, tenant_id) VALUES (%s, %s), (%s, %s)", (ONE, ONE, TWO, TWO)
    )
    workshop.execute("RESET SESSION AUTHORIZATION")
    sign_in(workshop, "warmline_app", ONE)
    assert workshop.execute("SELECT id::text FROM visit").fetchall() == [(ONE,)]
    assert workshop.execute("SELECT to_regclass('public.visit')").fetchone() == (None,)


def test_a_schema_that_the_roles_do_not_look_in_is_refused(workshop: psycopg.Connection) -> None:
    """Its table would not be found by its plain name; the migration says what to run."""
    with pytest.raises(errors.RaiseException, match="bootstrap_roles"), workshop.transaction():
        apply(workshop, MoveToSchema("visit", "unlisted_voice"))


def test_narrowed_grants_are_all_the_app_has(workshop: psycopg.Connection) -> None:
    """A trail: added to, read, never changed."""
    apply(workshop, IsolateTable("visit", app="SELECT, INSERT"))
    workshop.execute("RESET SESSION AUTHORIZATION")
    sign_in(workshop, "warmline_app", ONE)
    workshop.execute("INSERT INTO visit (id, tenant_id) VALUES (%s, %s)", (ONE, ONE))
    with pytest.raises(errors.InsufficientPrivilege), workshop.transaction():
        workshop.execute("UPDATE visit SET name = 'x'")


def test_control_reads_where_it_may_and_only_reads(workshop: psycopg.Connection) -> None:
    """Every tenant's rows of this table, and no hand on them."""
    apply(workshop, IsolateTable("visit"), ControlMayRead("visit"))
    workshop.execute(
        "INSERT INTO visit (id, tenant_id) VALUES (%s, %s), (%s, %s)", (ONE, ONE, TWO, TWO)
    )
    workshop.execute("RESET SESSION AUTHORIZATION")
    sign_in(workshop, "warmline_control")
    assert workshop.execute("SELECT count(*) FROM visit").fetchone() == (2,)
    with pytest.raises(errors.InsufficientPrivilege), workshop.transaction():
        workshop.execute("DELETE FROM visit")


def test_a_definer_function_answers_a_tenant_id_and_shows_no_row(
    workshop: psycopg.Connection,
) -> None:
    """The app learns whose it is; the row itself it meets only as that tenant."""
    apply(
        workshop,
        IsolateTable("visit"),
        DefinerFunction(
            "whose(wanted text)",
            returns="uuid",
            body="SELECT v.tenant_id FROM public.visit v WHERE v.name = whose.wanted",
            reads={"visit": ("tenant_id", "name")},
        ),
    )
    workshop.execute("INSERT INTO visit VALUES (%s, %s, 'sink')", (ONE, TWO))
    workshop.execute("RESET SESSION AUTHORIZATION")
    sign_in(workshop, "warmline_app")
    assert workshop.execute("SELECT tenancy.whose('sink')::text").fetchone() == (TWO,)
    assert workshop.execute("SELECT tenancy.whose('tap')").fetchone() == (None,)
    with pytest.raises(errors.InsufficientPrivilege), workshop.transaction():
        workshop.execute("SELECT * FROM visit")


def test_every_operation_takes_back_what_it_did(workshop: psycopg.Connection) -> None:
    """Backwards in the opposite order, the catalog is as it was."""
    operations: list[DatabaseOperation] = [
        IsolateTable("visit"),
        IsolateTable("note", app="SELECT"),
        TenantKey("note", "visit_id", "visit"),
        ControlMayRead("visit"),
        DefinerFunction(
            "whose()",
            returns="uuid",
            body="SELECT tenant_id FROM public.visit",
            reads={"visit": ("tenant_id",)},
        ),
    ]
    for some in (
        operations,
        [GrantGlobal("visit", app="SELECT", control="SELECT, INSERT")],
        [GrantGlobal("visit", control="SELECT")],
    ):
        before = workshop.execute(TRACES).fetchall()
        apply(workshop, *some)
        assert workshop.execute(TRACES).fetchall() != before
        for operation in reversed(some):
            for statement in operation.backwards():
                workshop.execute(statement)
        assert workshop.execute(TRACES).fetchall() == before


def test_what_is_granted_anew_takes_the_place_of_what_was(workshop: psycopg.Connection) -> None:
    """A column less is a column less; backwards the former grants are there again."""
    former = GrantGlobal("visit", app="SELECT, INSERT", control="SELECT")
    narrower = GrantGlobal("visit", control="SELECT (id)", replaces=former)
    apply(workshop, former)
    before = workshop.execute(TRACES).fetchall()
    apply(workshop, narrower)
    may = "SELECT has_table_privilege(%s, 'visit', 'SELECT')"
    for role in ("warmline_app", "warmline_control"):
        assert workshop.execute(may, (role,)).fetchone() == (False,)
    for statement in narrower.backwards():
        workshop.execute(statement)
    assert workshop.execute(TRACES).fetchall() == before


def test_the_role_before_passwords_is_admitted_and_sent_away(workshop: psycopg.Connection) -> None:
    """It may create where its functions lie, and nowhere else."""
    may = "SELECT has_schema_privilege('warmline_credentials', 'tenancy', 'CREATE')"
    for statement in AdmitCredentials().backwards():
        workshop.execute(statement)
    assert workshop.execute(may).fetchone() == (False,)
    apply(workshop, AdmitCredentials())
    assert workshop.execute(may).fetchone() == (True,)


def test_a_table_moves_back_from_its_schema(workshop: psycopg.Connection) -> None:
    """The schema may stay: it belongs to the vertical, not to the table."""
    move = MoveToSchema("visit", "homeservices_voice")
    apply(workshop, move)
    for statement in move.backwards():
        workshop.execute(statement)
    assert workshop.execute("SELECT to_regclass('public.visit')::text").fetchone() == ("visit",)


def test_long_table_names_keep_their_constraints_apart(workshop: psycopg.Connection) -> None:
    """PostgreSQL cuts a name at 63 bytes, and two cut names would be one."""
    long = "a_table_with_a_name_that_goes_on_until_there_is_no_room_left"
    workshop.execute(
        f"CREATE TABLE {long}"
        " (id uuid PRIMARY KEY, tenant_id uuid, visit_id uuid, other_visit_id uuid)"
    )
    apply(workshop, IsolateTable("visit"), IsolateTable(long))
    apply(
        workshop, TenantKey(long, "visit_id", "visit"), TenantKey(long, "other_visit_id", "visit")
    )


def test_an_operation_runs_in_a_migration_both_ways(
    db: None, superuser: psycopg.Connection
) -> None:
    """Through Django's own schema editor, as the owner; the models' state is left alone."""
    state = ProjectState()
    operation = ControlMayRead("tenants_apikey")
    granted = "SELECT has_table_privilege('warmline_control', 'tenants_apikey', 'SELECT')"
    for run, outcome in (
        (operation.database_forwards, True),
        (operation.database_backwards, False),
    ):
        with connections["owner"].schema_editor() as editor:
            run("tenants", editor, state, state)
        assert superuser.execute(granted).fetchone() == (outcome,)
    operation.state_forwards("tenants", state)
    assert state == ProjectState()


@pytest.mark.parametrize(
    ("operation", "described"),
    [
        (CreateTenancy(), "Create the tenancy schema"),
        (AdmitCredentials(), "Let warmline_credentials own functions"),
        (IsolateTable("visit"), "Isolate visit by tenant"),
        (TenantKey("note", "visit_id", "visit"), "Tie note.visit_id to visit within the tenant"),
        (MoveToSchema("visit", "salon_voice"), "Move visit to salon_voice"),
        (ControlMayRead("visit"), "Let control SELECT on visit"),
        (GrantGlobal("visit"), "Grant on visit, which belongs to no tenant"),
        (
            DefinerFunction("whose()", returns="uuid", body="SELECT NULL", reads={}),
            "Create the definer function whose()",
        ),
    ],
)
def test_migrate_says_what_each_operation_does(
    operation: DatabaseOperation, described: str
) -> None:
    """In a line of its output."""
    assert operation.describe() == described


def test_the_tenancy_schema_goes_with_everything_in_it(undone: psycopg.Connection) -> None:
    """Policies ask it for the tenant, so they go with it."""
    for statement in CreateTenancy().backwards():
        undone.execute(statement)
    left = undone.execute("SELECT count(*) FROM pg_policy WHERE polname = 'tenant_isolation'")
    assert left.fetchone() == (0,)


def test_the_workshop_is_undone(rivertown: TenantId, superuser: psycopg.Connection) -> None:
    """These tests leave nothing in the shared database."""
    assert superuser.execute("SELECT to_regclass('public.visit')").fetchone() == (None,)
