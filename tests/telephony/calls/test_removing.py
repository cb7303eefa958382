"""Calls and callers are removed on a call's page, by those who may."""

from uuid import UUID

import pytest

from telephony.models import Call, Erasure
from tenants.context import as_tenant
from tests.shadow.conftest import plumber, shadowed_call, signed_in  # noqa: F401  fixture
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


@pytest.fixture
def call_id(plumber: TenantId) -> UUID:
    """A shadowed call that is over."""
    return shadowed_call(plumber)


def test_an_admin_deletes_a_call(plumber: TenantId, call_id: UUID) -> None:
    """Asked first; then it is gone, and told."""
    admin = signed_in(plumber, role="admin")
    assert b"Delete this call" in admin.get(f"/calls/{call_id}").content
    answer = admin.post(f"/calls/{call_id}/delete", follow=True)
    assert b"The call is deleted" in answer.content
    with as_tenant(plumber):
        assert not Call.objects.exists()


def test_an_admin_erases_a_caller(plumber: TenantId, call_id: UUID) -> None:
    """A job does it."""
    admin = signed_in(plumber, role="admin")
    assert b"being erased" in admin.post(f"/calls/{call_id}/erase-caller", follow=True).content
    with as_tenant(plumber):
        assert Erasure.objects.get().number == "+16175550163"
        Call.objects.update(from_number="", state="live")
    assert b"gave no number" in admin.post(f"/calls/{call_id}/erase-caller", follow=True).content
    assert (
        b"expected one that is over" in admin.post(f"/calls/{call_id}/delete", follow=True).content
    )


@pytest.mark.parametrize("role", ["builder", "reviewer", "viewer"])
def test_others_remove_nothing(plumber: TenantId, call_id: UUID, role: str) -> None:
    """No button, and no address."""
    member = signed_in(plumber, role=role)
    assert b"Delete this call" not in member.get(f"/calls/{call_id}").content
    assert member.post(f"/calls/{call_id}/delete").status_code == 403
    assert member.post(f"/calls/{call_id}/erase-caller").status_code == 403
