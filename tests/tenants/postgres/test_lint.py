"""The lint is silent over the migrated database, and speaks up for each defect planted in it."""

import psycopg
import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from tenants.lint import violations
from tenants.lint.comparison import differences
from tenants.lint.rehearsal import expectation
from tenants.lint.types import Described, ObjectName
from tests.tenants.postgres.defects import DEFECTS


def test_the_migrated_database_is_as_declared(undone: psycopg.Connection) -> None:
    """All tables of all apps, as the migrations leave them."""
    assert violations(undone) == ()


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(name: str, undone: psycopg.Connection) -> None:
    """Named, in one sentence that says what to do."""
    planted, named = DEFECTS[name]
    undone.execute(planted)
    findings = [str(violation) for violation in violations(undone)]
    assert [finding for finding in findings if named in finding], findings


def test_a_role_of_the_operators_is_known_by_its_name(undone: psycopg.Connection) -> None:
    """As a hosted server's superuser: it is there, and no finding where it was named."""
    undone.execute("CREATE ROLE hosted SUPERUSER")
    assert [str(violation) for violation in violations(undone)] == [
        "role hosted: `bootstrap_roles` does not make it; take it away, or run that once more"
    ]
    assert violations(undone, known_roles=["hosted"]) == ()


def test_what_belongs_to_a_stray_table_is_not_told_apart(undone: psycopg.Connection) -> None:
    """One finding for the table, none for each of its columns, keys and grants."""
    undone.execute("CREATE TABLE stray (id uuid PRIMARY KEY, name text UNIQUE)")
    assert [violation.subject for violation in violations(undone)] == ["table public.stray"]


def test_a_rehearsal_leaves_nothing(db: None, superuser: psycopg.Connection) -> None:
    """No schema, no row in the list of migrations, and Django's own connection in its place."""
    owner = connections["owner"]
    applied = MigrationRecorder(owner).applied_migrations()
    expectation.cache_clear()
    assert expectation().flaws == ()
    assert connections["owner"] is owner
    assert MigrationRecorder(owner).applied_migrations() == applied
    left = superuser.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^rehearsed'")
    assert left.fetchone() == (0,)


def test_a_check_that_was_validated_since_is_no_finding() -> None:
    """A migration may leave that to the operator's quiet hour; the other way round is one."""
    name = ObjectName("constraint", "public.visit.lasts")
    unchecked = {name: Described({"definition": "CHECK (ends > starts)", "validity": False})}
    checked = {name: Described({"definition": "CHECK (ends > starts)", "validity": True})}
    assert list(differences(checked, unchecked)) == []
    assert [str(finding) for finding in differences(unchecked, checked)] == [
        (
            "constraint public.visit.lasts: its validity is False, expected True;"
            " run `migrate` if that was not done, else alter it back"
        )
    ]
