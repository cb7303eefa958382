"""The lint is silent over the migrated database, and speaks up for each defect planted in it."""

import psycopg
import pytest

from tenants.lint import violations
from tests.tenants.postgres import defects


def test_the_migrated_database_is_as_declared(undone: psycopg.Connection) -> None:
    """All tables of all apps, as the migrations leave them."""
    assert violations(undone) == ()


@pytest.mark.parametrize("name", defects.DEFECTS)
def test_a_planted_defect_is_found(name: str, undone: psycopg.Connection) -> None:
    """Named, in one sentence that says what to do."""
    planted, named = defects.DEFECTS[name]
    undone.execute(planted)
    findings = [str(violation) for violation in violations(undone)]
    assert [finding for finding in findings if named in finding], findings
