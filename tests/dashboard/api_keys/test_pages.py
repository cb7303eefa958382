"""API keys on their page: made, shown once, changed, replaced, revoked, by members who may."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.keys.actions import create_api_key
from tenants.models import ApiKey
from tests.tenants.conftest import rivertown  # noqa: F401  fixture
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
FORM = {"name": "CRM", "access": "viewer", "days": "90", "origins": "https://app.example.com\n"}


def member(tenant_id: TenantId, role: str) -> Client:
    user = create_user(f"{role}@example.com", password="a long enough one")
    with as_tenant(tenant_id):
        add_member(user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(rivertown: TenantId) -> Client:
    """Signed in, who may make keys."""
    return member(rivertown, "admin")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_key_is_shown_once(admin: Client, rivertown: TenantId) -> None:
    """It works, it is listed, and its secret is on no page after."""
    assert "No program has a key yet" in text(admin.get("/keys/"))
    made = admin.post("/keys/new", FORM)
    secret = text(made).split('id="secret">')[1].split("<")[0]
    bearer = {"authorization": f"Bearer {secret}"}
    assert Client(headers=bearer).get("/api/v1/calls").status_code == 200
    assert made["Cache-Control"] == "no-store"
    listed = text(admin.get("/keys/"))
    assert "CRM" in listed
    assert secret not in listed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "required"),
        ({"access": "chosen"}, "Choose at least one"),
        ({"access": "owner"}, "valid choice"),
        ({"origins": "*"}, "expected https://host"),
        ({"access": "chosen", "scopes": ["company.close"]}, "valid choice"),
    ],
)
def test_a_form_that_is_refused_says_why_and_makes_nothing(
    change: dict[str, Any],
    words: str,
    admin: Client,
    rivertown: TenantId,
) -> None:
    """Beside the field."""
    refused = admin.post("/keys/new", FORM | change)
    assert refused.status_code == 422
    assert words in text(refused)
    with as_tenant(rivertown):
        assert ApiKey.objects.count() == 0


def test_a_key_is_changed_replaced_and_revoked(
    admin: Client,
    rivertown: TenantId,
) -> None:
    """Each from the list."""
    with as_tenant(rivertown):
        key = create_api_key("CRM", scopes=["calls.read"])
    changes = {"name": "CRM 2", "scopes": ["calls.read", "bookings.read"], "origins": ""}
    assert admin.post(f"/keys/{key.id}", changes).status_code == 302
    assert "CRM 2" in text(admin.get("/keys/"))
    assert "Your new key" in text(admin.post(f"/keys/{key.id}/rotate", {"overlap_hours": "1"}))
    assert admin.post(f"/keys/{key.id}/revoke").status_code == 302
    assert "revoked" in text(admin.get("/keys/"))
    assert admin.get(f"/keys/{uuid4()}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("builder", 200), ("viewer", 403)])
def test_who_may_not_make_keys_is_not_offered_it(
    role: str,
    status: int,
    rivertown: TenantId,
) -> None:
    """A builder sees them, a viewer does not."""
    client = member(rivertown, role)
    listed = client.get("/keys/")
    assert listed.status_code == status
    assert "New key" not in text(listed)
    assert client.post("/keys/new", FORM).status_code == 403
