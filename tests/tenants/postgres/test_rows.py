"""How rows are shown to people, in the admin and in logs."""

from uuid import UUID

import pytest
from django.db import models

from tenants.models import ApiKey, AuditEvent, Member, SecurityEvent, Tenant, User

SOMEBODY = UUID("00000000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (User(email="alice@example.com"), "alice@example.com"),
        (Tenant(name="Lakeside Clinic"), "Lakeside Clinic"),
        (Member(user_id=SOMEBODY, role="admin"), f"{SOMEBODY} as admin"),
        (ApiKey(name="Zapier", prefix="0a1b2c3d"), "Zapier (0a1b2c3d…)"),
        (
            AuditEvent(actor="system", action="member.set", subject="alice"),
            "system: member.set alice",
        ),
        (SecurityEvent(action="job.refused", source="a task"), "job.refused from a task"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_row_is_shown_by_what_people_know_it_by(row: models.Model, shown: str) -> None:
    """Never by a secret."""
    assert str(row) == shown


def test_an_address_is_kept_in_lower_case() -> None:
    """However it was typed."""
    user = User(email=" Alice@Example.com ")
    user.clean()
    assert user.email == "alice@example.com"


async def test_a_user_is_looked_up_in_any_case(db: None) -> None:
    """By asynchronous code too."""
    with pytest.raises(User.DoesNotExist):
        await User.objects.aget_by_natural_key("Nobody@Example.com")
