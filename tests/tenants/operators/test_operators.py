"""What operators see and do, and that a company sees their looks into it."""

import pytest
from django.test import Client

from tenants.actions import add_member, create_user, record_security_event
from tenants.company.queries import company_line
from tenants.context import as_tenant
from tenants.models import AuditEvent, Member, User
from tenants.parked.actions import count_attempt
from tenants.parked.queries import parked_tasks
from tenants.people.models import Invitation
from tenants.types import MemberRole
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
ROOMS = (
    "/operators/companies/",
    "/operators/companies/new",
    "/operators/companies/rivertown",
    "/operators/incidents/",
    "/operators/tasks/",
    "/pools/",
)


@pytest.fixture
def operator(db: None) -> User:
    """Somebody who runs the platform."""
    return create_user("op@example.com", password=PASSWORD, name="Olga", is_staff=True)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", MemberRole.values)
def test_the_operators_rooms_open_to_no_member(role: str, rivertown: TenantId) -> None:
    """Of whatever role; nobody signed in is sent to sign in."""
    member = create_user("member@example.com", password=PASSWORD)
    with as_tenant(rivertown):
        add_member(member, role=role)
    client = browser(member)
    for room in ROOMS:
        assert client.get(room).status_code == 403, room
        assert Client().get(room).status_code == 302, room
    assert client.post("/operators/companies/rivertown/suspend").status_code == 403
    assert "/operators/" not in client.get("/calls/").content.decode()


def test_every_look_into_a_company_stands_in_its_own_trail(
    operator: User, rivertown: TenantId, lakeside: TenantId
) -> None:
    """And its owner reads who looked; the list of companies is no look."""
    owner = create_user("owner@example.com", password=PASSWORD)
    with as_tenant(rivertown):
        add_member(owner, role="owner")
    client = browser(operator)
    assert "Rivertown Plumbing" in client.get("/operators/companies/").content.decode()
    for _ in range(2):
        assert client.get("/operators/companies/rivertown").status_code == 200
    with as_tenant(rivertown):
        looks = AuditEvent.objects.filter(action="operator.look")
        assert [look.actor for look in looks] == [f"operator:{operator.pk}"] * 2
    with as_tenant(lakeside):
        assert not AuditEvent.objects.filter(action="operator.look").exists()
    page = browser(owner).get("/audit/?action=operator.").content.decode()
    assert page.count("Olga, operator of Warmline") == 2


def test_an_operator_makes_a_company_whose_owner_is_invited(operator: User) -> None:
    """A slug that is taken is told beside its field."""
    client = browser(operator)
    form = {
        "name": "Newtown",
        "slug": "newtown",
        "vertical": "healthcare",
        "plan": "team",
        "owner": "owner@example.com",
    }
    assert client.post("/operators/companies/new", form).status_code == 303
    company = company_line("newtown")
    assert (company.name, company.plan) == ("Newtown", "team")
    with as_tenant(company.id):
        assert Invitation.objects.get().role == "owner"
        assert not Member.objects.exists()
    again = client.post("/operators/companies/new", form)
    assert again.status_code == 422
    assert "exists already" in again.content.decode()


def test_an_operator_changes_terms_and_the_companys_life(
    operator: User, rivertown: TenantId
) -> None:
    """Each in the company's trail, as the operator's act."""
    client = browser(operator)
    address = "/operators/companies/rivertown"
    terms = {"plan": "scale", "max_concurrent_calls": 9, "call_weight": 2, "warm_replicas": 0}
    assert client.post(address, {**terms, "call_weight": 99}).status_code == 422
    assert client.post(address, terms).status_code == 303
    assert company_line("rivertown").max_concurrent_calls == 9
    client.post(f"{address}/suspend", {"because": ""})
    assert company_line("rivertown").state == "open"
    client.post(f"{address}/suspend", {"because": "unpaid"})
    assert company_line("rivertown").state == "suspended"
    client.post(f"{address}/resume")
    client.post(f"{address}/close", {"name": "Rivertown"})
    assert company_line("rivertown").state == "open"
    client.post(f"{address}/close", {"name": "Rivertown Plumbing"})
    assert company_line("rivertown").state == "closed"
    client.post(f"{address}/reopen")
    assert company_line("rivertown").state == "open"
    assert client.post(f"{address}/explode").status_code == 404
    assert client.get("/operators/companies/nowhere").status_code == 404
    with as_tenant(rivertown):
        acts = AuditEvent.objects.filter(actor=f"operator:{operator.pk}").exclude(
            action="operator.look"
        )
        assert [act.action for act in acts.order_by("id")] == [
            "company.terms",
            "company.suspend",
            "company.resume",
            "company.close",
            "company.reopen",
        ]


def test_incidents_and_parked_tasks_are_shown_and_decided(
    operator: User, rivertown: TenantId
) -> None:
    """Or that there are none."""
    client = browser(operator)
    assert "A quiet day" in client.get("/operators/incidents/").content.decode()
    assert "Nothing is parked" in client.get("/operators/tasks/").content.decode()
    record_security_event(action="job.refused", source="somewhere", detail={"why": "no header"})
    assert "job.refused: 1" in client.get("/operators/incidents/").content.decode()
    task_id = new_uuid()
    for _ in range(5):
        count_attempt(
            str(task_id), task="a.job", company=rivertown, args=[], kwargs={}, why="It broke"
        )
    assert "It broke" in client.get("/operators/tasks/").content.decode()
    assert client.post(f"/operators/tasks/{task_id}/explode").status_code == 404
    assert client.post(f"/operators/tasks/{task_id}/discard").status_code == 303
    assert parked_tasks() == []
