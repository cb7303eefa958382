"""Scored calls through the API: listed, read, judged by a member who may."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from shadow.actions import score_call
from tenants.actions import add_member, create_api_key, create_user
from tenants.context import as_tenant
from tenants.models import WebhookEvent
from tests.shadow.conftest import shadowed_call
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def asked(tenant_id: TenantId, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    with as_tenant(tenant_id):
        secret = create_api_key("test").secret
    client = Client(headers={"authorization": f"Bearer {secret}"})
    sent = "" if body is None else json.dumps(body)
    response = client.generic(method, f"/api/v1/shadow-runs{path}", sent, "application/json")
    return response.status_code, json.loads(response.content)


@pytest.fixture
def run_id(plumber: TenantId) -> UUID:
    """A scored call of the plumber's."""
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        return score_call(call_id)


def member(tenant_id: TenantId, role: str) -> str:
    user = create_user(f"{role}@example.com", password="a long enough one")
    with as_tenant(tenant_id):
        add_member(user, role=role)
    return str(user.pk)


def test_runs_are_read_by_their_company(plumber: TenantId, clinic: TenantId, run_id: UUID) -> None:
    """With both answers of each turn; another company has none of it."""
    (line,) = asked(plumber, "GET", "")[1]["items"]
    assert line["id"] == str(run_id)
    page = asked(plumber, "GET", f"/{run_id}")[1]
    assert page["turns"][0]["human"]["text"]
    assert asked(clinic, "GET", "")[1]["items"] == []
    assert asked(clinic, "GET", f"/{run_id}")[0] == 404


def test_a_member_who_may_judges(plumber: TenantId, clinic: TenantId, run_id: UUID) -> None:
    """Once each, and it may be changed; whoever may not is refused beside the field."""
    reviewer = member(plumber, "reviewer")
    for choice in ("agree", "unsafe"):
        status, page = asked(
            plumber, "POST", f"/{run_id}/verdict", {"reviewer": reviewer, "choice": choice}
        )
        assert (status, [verdict["choice"] for verdict in page["verdicts"]]) == (200, [choice])
    with as_tenant(plumber):
        assert WebhookEvent.objects.filter(type="shadow.verdict").count() == 2
    for other in (member(plumber, "viewer"), member(clinic, "owner")):
        body = {"reviewer": other, "choice": "agree"}
        status, problem = asked(plumber, "POST", f"/{run_id}/verdict", body)
        assert (status, problem["errors"][0]["field"]) == (400, "reviewer")
    body = {"reviewer": reviewer, "choice": "splendid"}
    assert asked(plumber, "POST", f"/{run_id}/verdict", body)[0] == 400
    assert asked(clinic, "POST", f"/{run_id}/verdict", body | {"choice": "agree"})[0] in (400, 404)
