"""What an operator reads: rows in the admin, operations in the output of `migrate`."""

from uuid import UUID

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from tenants import rls
from tenants.models import ApiKey, AuditEvent, Member, SecurityEvent, Tenant, User

AMY = UUID("00000000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (User(email="amy@example.org"), "amy@example.org"),
        (Tenant(name="Rivertown Plumbing"), "Rivertown Plumbing"),
        (Member(user_id=AMY, role="admin"), f"{AMY} as admin"),
        (ApiKey(name="reports", prefix="wl_abc"), "reports (wl_abc…)"),
        (
            AuditEvent(actor="amy", action="member.added", subject="bob"),
            "amy: member.added bob",
        ),
        (SecurityEvent(action="job.refused", source="pools"), "job.refused from pools"),
    ],
)
def test_a_row_is_named_by_what_a_person_knows_it_by(row: Model, name: str) -> None:
    """And an API key by no more of it than its beginning."""
    assert str(row) == name


def test_each_operation_of_the_tenancy_says_in_migrate_what_it_does() -> None:
    """One line, which is no other operation's."""
    migrations = MigrationLoader(None).disk_migrations.values()
    operations = [each for migration in migrations for each in migration.operations]
    ours = [operation for operation in operations if type(operation).__module__ == rls.__name__]
    lines = [operation.describe() for operation in ours]
    assert len({type(operation) for operation in ours}) >= 6
    assert len(set(lines)) == len(lines)
    assert all(line and "\n" not in line for line in lines)
