"""The members' page, the company's, and the way from one company to another."""

import pytest
from django.test import Client

from tenants.actions import add_member
from tenants.context import as_tenant
from tenants.models import Member
from tenants.people.models import Invitation
from tenants.permissions import Permission, permissions_of
from tenants.queries import tenant
from tenants.types import MemberRole
from tests.tenants.people.conftest import ActAs, People, membership_of
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db]

PAGES = {
    "/members/": Permission.MEMBERS_READ,
    "/company/": Permission.COMPANY_READ,
    "/company/close": Permission.COMPANY_CLOSE,
    "/audit/": Permission.AUDIT_READ,
    "/usage/": Permission.USAGE_READ,
    "/calls/": Permission.CALLS_READ,
    "/shadow/": Permission.SHADOW_READ,
}


def browser(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize("role", MemberRole.values)
def test_each_page_opens_to_the_roles_of_the_table(role: str, people: People) -> None:
    """And to no other; what one may not open is not offered either."""
    client = browser(people[role])
    offered = client.get("/calls/").content.decode()
    for address, permission in PAGES.items():
        allowed = permission in permissions_of(role)
        assert client.get(address).status_code == (200 if allowed else 403), address
        if address != "/company/close":
            assert (f'href="{address}"' in offered) is allowed, address


def test_an_admin_invites_on_the_page(people: People, rivertown: TenantId) -> None:
    """What is refused stands beside its field."""
    client = browser(people["admin"])
    refused = client.post("/members/invite", {"email": "nobody", "role": "viewer"})
    assert refused.status_code == 422
    assert "expected an address" in refused.content.decode()
    assert client.post("/members/invite", {"email": "", "role": ""}).status_code == 422
    refused = client.post("/members/invite", {"email": "x@example.com", "role": "owner"})
    assert refused.status_code == 422, "an admin is not offered an owner's role"
    assert (
        client.post("/members/invite", {"email": "bob@example.com", "role": "viewer"}).status_code
        == 303
    )
    assert "bob@example.com" in client.get("/members/").content.decode()
    with as_tenant(rivertown):
        invitation = Invitation.objects.get()
    assert client.post(f"/members/invitations/{invitation.pk}/revoke").status_code == 303
    assert "Nobody is invited" in client.get("/members/").content.decode()


def test_a_member_is_changed_and_removed_on_the_page(people: People, rivertown: TenantId) -> None:
    """What is refused is told in the action's own words."""
    client = browser(people["admin"])
    with as_tenant(rivertown):
        viewer, owner = membership_of(people["viewer"]), membership_of(people["owner"])
    client.post(f"/members/{viewer.pk}/role", {"role": "reviewer"})
    answer = client.post(f"/members/{owner.pk}/role", {"role": "viewer"}, follow=True)
    assert "An admin cannot give, change or remove an owner." in answer.content.decode()
    with as_tenant(rivertown):
        assert membership_of(people["viewer"]).role == "reviewer"
    client.post(f"/members/{viewer.pk}/remove")
    with as_tenant(rivertown):
        assert not Member.objects.filter(pk=viewer.pk).exists()


def test_a_removed_member_is_out_at_once(people: People, act_as: ActAs) -> None:
    """Their session ends up nowhere."""
    client = browser(people["viewer"])
    assert client.get("/calls/").status_code == 200
    admin = browser(people["admin"])
    with act_as(people["admin"]):
        member = membership_of(people["viewer"])
    admin.post(f"/members/{member.pk}/remove")
    assert client.get("/calls/").status_code == 403


def test_an_admin_changes_the_company_and_a_viewer_does_not(
    people: People, rivertown: TenantId
) -> None:
    """The form comes back with what was wrong."""
    form = {"name": "Rivertown", "time_zone": "Europe/Paris", "residency": "eu"}
    client = browser(people["admin"])
    assert client.post("/company/", {**form, "human_number": "911"}).status_code == 422
    assert client.post("/company/", {**form, "time_zone": "Mars/Base"}).status_code == 422
    assert client.post("/company/", {**form, "human_number": ""}).status_code == 303
    assert browser(people["viewer"]).post("/company/", form).status_code == 403
    with as_tenant(rivertown):
        company = tenant()
    assert (company.name, company.time_zone, company.residency) == (
        "Rivertown",
        "Europe/Paris",
        "eu",
    )


def test_an_owner_hands_over_then_leaves(people: People, rivertown: TenantId) -> None:
    """And cannot leave before."""
    client = browser(people["owner"])
    answer = client.post("/company/leave", follow=True)
    assert "The last owner cannot leave" in answer.content.decode()
    with as_tenant(rivertown):
        heir = membership_of(people["admin"])
    assert client.post("/company/transfer", {"member": "nobody"}, follow=True).status_code == 200
    client.post("/company/transfer", {"member": str(heir.pk)})
    with as_tenant(rivertown):
        assert membership_of(people["admin"]).role == "owner"
    answer = client.post("/company/leave", follow=True)
    assert "You have left Rivertown Plumbing." in answer.content.decode()
    assert client.get("/calls/").status_code == 403


def test_an_owner_closes_the_company_by_its_name(people: People) -> None:
    """Everybody is out."""
    client, viewer = browser(people["owner"]), browser(people["viewer"])
    assert viewer.get("/calls/").status_code == 200
    refused = client.post("/company/close", {"name": "something else"})
    assert refused.status_code == 422
    assert client.post("/company/close", {"name": "Rivertown Plumbing"}).status_code == 303
    for left in (client, viewer):
        assert left.get("/calls/").status_code == 403


def test_somebody_goes_from_one_company_to_another(
    people: People, rivertown: TenantId, lakeside: TenantId
) -> None:
    """To one of their own; any other is not there for them."""
    with as_tenant(lakeside):
        add_member(people["viewer"], role="admin")
    client = browser(people["viewer"])
    assert "Lakeside Clinic" in client.get("/companies/").content.decode()
    assert client.post("/companies/", {"to": rivertown}).status_code == 303
    assert "Rivertown Plumbing" in client.get("/company/").content.decode()
    client.post("/companies/", {"to": lakeside})
    assert "Lakeside Clinic" in client.get("/company/").content.decode()
    answer = client.post("/companies/", {"to": "00000000-0000-7000-8000-000000000000"}, follow=True)
    assert "You are no member of that company." in answer.content.decode()


@pytest.mark.parametrize("how", ["field", "header"])
def test_a_page_of_one_company_changes_nothing_in_another(
    how: str, people: People, rivertown: TenantId, lakeside: TenantId
) -> None:
    """Which was chosen in another tab meanwhile."""
    with as_tenant(lakeside):
        add_member(people["admin"], role="admin")
    client = browser(people["admin"])
    client.post("/companies/", {"to": lakeside})
    form = {"name": "Rivertown", "time_zone": "UTC", "residency": "eu", "human_number": ""}
    if how == "field":
        answer = client.post("/company/", {**form, "company": rivertown})
    else:
        answer = client.post("/company/", form, headers={"x-company": rivertown})
    assert answer.status_code == 403
    assert "In another tab you went on" in answer.content.decode()
    with as_tenant(lakeside):
        assert tenant().name == "Lakeside Clinic"


def test_somebody_of_no_company_is_told_what_to_do(db: None, people: People) -> None:
    """And nobody signed in signs in first."""
    assert Client().get("/companies/")["Location"] == "/sign-in?next=/companies/"
