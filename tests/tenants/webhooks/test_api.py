"""Webhooks through the REST API: the same actions, the secret shown once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tenants.actions import create_api_key
from tenants.context import as_tenant
from tests.tenants.webhooks.conftest import send_all
from tests.tenants.webhooks.receiver import Receiver
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db

WEBHOOKS = "/api/v1/webhooks"


class Integrator:
    """A company's program with its key."""

    def __init__(self, tenant_id: TenantId) -> None:
        with as_tenant(tenant_id):
            secret = create_api_key("test").secret
        self._client = Client(headers={"authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str = "", body: object = None, **headers: str) -> Any:
        """An answer of the API's."""
        ask = getattr(self._client, method)
        if method == "get":
            return ask(WEBHOOKS + path)
        return ask(WEBHOOKS + path, body or {}, content_type="application/json", headers=headers)


@pytest.fixture
def integrator(rivertown: TenantId) -> Integrator:
    """Rivertown's."""
    return Integrator(rivertown)


def test_an_endpoint_lives_through_the_api(
    integrator: Integrator, rivertown: TenantId, receiver: Receiver
) -> None:
    """Made, listed, tested, replayed, rotated, changed, removed."""
    made = integrator.ask("post", body={"url": receiver.url, "event_types": ["call.ended"]})
    assert made.status_code == 201
    endpoint, path = made.json(), f"/{made.json()['id']}"
    assert made["Location"] == WEBHOOKS + path
    secret = endpoint.pop("secret")
    assert integrator.ask("get").json() == {"items": [endpoint], "next_cursor": None}
    shown = integrator.ask("get", path)
    assert shown.json() == endpoint

    tested = integrator.ask("post", f"{path}/test")
    assert (tested.status_code, tested.json()["state"]) == (202, "pending")
    send_all(rivertown)
    receiver.received[0].verified_with(secret)
    (delivery,) = integrator.ask("get", f"{path}/deliveries?state=delivered").json()["items"]
    detail = integrator.ask("get", f"{path}/deliveries/{delivery['id']}").json()
    assert [attempt["status"] for attempt in detail["tries"]] == [204]
    assert detail["payload"]["type"] == "test"
    replayed = integrator.ask("post", f"{path}/deliveries/{delivery['id']}/replay")
    assert (replayed.status_code, replayed.json()["state"]) == (202, "pending")
    now = datetime.now(UTC)
    within = {"since": (now - timedelta(hours=1)).isoformat(), "until": now.isoformat()}
    assert integrator.ask("post", f"{path}/replay", within).json() == {"deliveries": 0}
    assert integrator.ask("get", f"{path}/health").json()["pending"] == 1

    assert integrator.ask("post", f"{path}/rotate").json()["secret"] != secret
    stale = integrator.ask("patch", path, {"enabled": False}, **{"if-match": shown["ETag"]})
    assert stale.status_code == 412
    changed = integrator.ask("patch", path, {"enabled": False, "description": "CRM"}).json()
    assert (changed["enabled"], changed["disabled_because"]) == (False, "by_hand")
    assert integrator.ask("delete", path).status_code == 204
    assert integrator.ask("get", path).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://hooks.example.com/", "event_types": ["call.exploded"]}, "event_types.0"),
        ({"url": "https://hooks.example.com/", "secret": "whsec_mine"}, "secret"),
        ({"url": "https://hooks.example.com/", "tenant": "x"}, "tenant"),
        ({"url": "https://hooks.example.com/", "description": "x" * 201}, "description"),
    ],
)
def test_what_cannot_be_made_is_refused_at_its_field(
    integrator: Integrator, body: object, field: str
) -> None:
    """And nothing is made."""
    refused = integrator.ask("post", body=body)
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert integrator.ask("get").json()["items"] == []


def test_deliveries_come_in_pages(
    integrator: Integrator, rivertown: TenantId, receiver: Receiver
) -> None:
    """A cursor is of its own list: another filter's is refused."""
    path = f"/{integrator.ask('post', body={'url': receiver.url}).json()['id']}"
    for _ in range(3):
        assert integrator.ask("post", f"{path}/test").status_code == 202
    assert integrator.ask("post", f"{path}/test").status_code == 409
    first = integrator.ask("get", f"{path}/deliveries?limit=2").json()
    cursor = first["next_cursor"]
    second = integrator.ask("get", f"{path}/deliveries?limit=2&cursor={cursor}").json()
    sequences = [item["sequence"] for item in first["items"] + second["items"]]
    assert (sequences, second["next_cursor"]) == ([3, 2, 1], None)
    for query in (f"state=failed&cursor={cursor}", "state=lost", "sort=x", "limit=0"):
        assert integrator.ask("get", f"{path}/deliveries?{query}").status_code == 400
