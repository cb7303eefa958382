"""The company, its people, its trail, its usage and the regions through the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from inference.fleet.actions import ensure_regions
from tenants.actions import add_member, create_api_key, record_audit
from tenants.actor import Actor, acting
from tenants.company.actions import change_settings
from tenants.context import as_control, as_tenant
from tenants.people import invitations
from tests.tenants.people.conftest import People, membership_of
from warmline.kernel import clock
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def api(people: People, rivertown: TenantId) -> Client:
    """A program of the company's."""
    with as_tenant(rivertown):
        key = create_api_key("test")
    return Client(headers={"authorization": f"Bearer {key.secret}"})


def send(client: Client, method: str, address: str, **body: Any) -> Any:
    return getattr(client, method)(address, body, content_type="application/json")


def test_the_company_is_shown_and_changed(api: Client) -> None:
    """Each field that is wrong is named; what only the operator sets is no field."""
    shown = api.get("/api/v1/company")
    assert (shown.json()["name"], shown.json()["state"]) == ("Rivertown Plumbing", "open")
    changed = send(api, "patch", "/api/v1/company", time_zone="Europe/Rome")
    assert changed.json()["time_zone"] == "Europe/Rome"
    stale = api.patch(
        "/api/v1/company",
        {"name": "x"},
        content_type="application/json",
        headers={"if-match": shown["ETag"]},
    )
    assert stale.status_code == 412
    for field, value in (
        ("human_number", "911"),
        ("time_zone", "Mars"),
        ("residency", "mars"),
        ("plan", "scale"),
        ("max_concurrent_calls", 500),
        ("slug", "another"),
        ("closed_at", None),
    ):
        refused = send(api, "patch", "/api/v1/company", **{field: value})
        assert refused.status_code == 400, field
        assert [problem["field"] for problem in refused.json()["errors"]] == [field]


def test_a_member_is_changed_and_removed(api: Client, people: People, rivertown: TenantId) -> None:
    """No role above an admin's is touched by a key."""
    listed = api.get("/api/v1/members?limit=2").json()
    assert [member["role"] for member in listed["items"]] == ["owner", "admin"]
    rest = api.get(f"/api/v1/members?cursor={listed['next_cursor']}").json()
    assert len(rest["items"]) == 3
    viewer = rest["items"][-1]
    assert send(api, "patch", f"/api/v1/members/{viewer['id']}", role="builder").json() == {
        **viewer,
        "role": "builder",
    }
    owner = listed["items"][0]["id"]
    assert send(api, "patch", f"/api/v1/members/{owner}", role="viewer").status_code == 403
    assert send(api, "delete", f"/api/v1/members/{owner}").status_code == 403
    assert send(api, "patch", f"/api/v1/members/{viewer['id']}", role="owner").status_code == 403
    assert send(api, "patch", f"/api/v1/members/{viewer['id']}", role="x").status_code == 400
    assert send(api, "delete", f"/api/v1/members/{viewer['id']}").status_code == 204
    assert api.get(f"/api/v1/members/{viewer['id']}").status_code == 404


def test_somebody_is_invited(api: Client) -> None:
    """The link is in the mail alone."""
    made = send(api, "post", "/api/v1/invitations", email="Bob@Example.com", role="viewer")
    assert made.status_code == 201
    assert (made.json()["email"], made.json()["state"]) == ("bob@example.com", "pending")
    assert "/invitations/" in made["Location"]
    again = send(api, "post", "/api/v1/invitations", email="bob@example.com", role="viewer")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    refused = send(api, "post", "/api/v1/invitations", email="bob", role="viewer")
    assert refused.json()["errors"][0]["field"] == "email"
    address = made["Location"]
    assert api.get(address).json() == made.json()
    assert send(api, "post", f"{address}/resend").status_code == 409
    assert send(api, "delete", address).status_code == 204
    assert api.get(address).json()["state"] == "revoked"
    assert len(api.get("/api/v1/invitations").json()["items"]) == 1


def test_the_trail_is_read_by_who_what_and_when(
    api: Client, people: People, rivertown: TenantId
) -> None:
    """Newest first, in pages, each event once."""
    owner = Actor("user", id=str(people["owner"].pk))
    with as_tenant(rivertown), acting(owner):
        for number in range(7):
            record_audit(action="probe.note", subject=str(number), detail={"n": number})
        change_settings(name="Rivertown")
    newest = api.get("/api/v1/audit-events?limit=1").json()["items"][0]
    assert (newest["action"], newest["actor_name"]) == ("company.change", "Owner")
    asked, seen = {"action": "probe.", "limit": "3"}, []
    for _ in range(3):
        page = api.get("/api/v1/audit-events", asked).json()
        seen += [event["subject"] for event in page["items"]]
        asked["cursor"] = page["next_cursor"]
    assert page["next_cursor"] is None
    assert seen == [str(number) for number in reversed(range(7))]
    by_owner = api.get(f"/api/v1/audit-events?actor=user:{people['owner'].pk}").json()["items"]
    assert len(by_owner) == 8
    later = (clock.now() + timedelta(minutes=1)).isoformat()
    assert api.get("/api/v1/audit-events", {"since": later}).json()["items"] == []
    assert len(api.get("/api/v1/audit-events", {"until": later}).json()["items"]) > 8
    assert api.get("/api/v1/audit-events?cursor=forged").status_code == 400
    assert api.get("/api/v1/audit-events?tenant=x").status_code == 400


def test_regions_say_what_the_residency_allows(api: Client, rivertown: TenantId) -> None:
    """Both, until the company keeps to one."""
    with as_control():
        ensure_regions()
    assert {region["is_allowed"] for region in api.get("/api/v1/regions").json()["items"]} == {True}
    send(api, "patch", "/api/v1/company", residency="eu")
    allowed = [
        region["residency"]
        for region in api.get("/api/v1/regions").json()["items"]
        if region["is_allowed"]
    ]
    assert set(allowed) == {"eu"}


def test_another_companys_things_are_not_there(
    api: Client, people: People, lakeside: TenantId
) -> None:
    """By any method."""
    with as_tenant(lakeside):
        add_member(people["viewer"], role="admin")
        stranger = membership_of(people["viewer"])
        invitation = invitations.invite("carol@example.com", role="viewer")
    for foreign in (stranger.pk, new_uuid()):
        assert api.get(f"/api/v1/members/{foreign}").status_code == 404
        assert send(api, "patch", f"/api/v1/members/{foreign}", role="viewer").status_code == 404
        assert send(api, "delete", f"/api/v1/members/{foreign}").status_code == 404
    for foreign in (invitation.id, new_uuid()):
        assert api.get(f"/api/v1/invitations/{foreign}").status_code == 404
        assert send(api, "post", f"/api/v1/invitations/{foreign}/resend").status_code == 404
        assert send(api, "delete", f"/api/v1/invitations/{foreign}").status_code == 404
