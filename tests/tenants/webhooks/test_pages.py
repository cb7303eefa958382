"""The pages of webhooks: a member does all that the API does, and is told what is wrong."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.webhooks import queries
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType, NewWebhookEndpoint
from tests.tenants.webhooks.conftest import send_all
from tests.tenants.webhooks.receiver import Receiver, Reply
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def member(tenant_id: TenantId, role: str) -> Client:
    """A signed-in member of that role."""
    user = create_user(f"{role}@example.com", password="a long enough one")
    with as_tenant(tenant_id):
        add_member(user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def builder(rivertown: TenantId) -> Client:
    """Who may build."""
    return member(rivertown, "builder")


def page(client: Client, path: str, **form: Any) -> str:
    """A page's text, after following where a form leads."""
    answer = client.post(path, form, follow=True) if form else client.get(path)
    assert answer.status_code == 200, answer.content[:500]
    return str(answer.content.decode())


def test_a_newcomer_is_told_what_to_do_and_shown_the_secret_once(
    builder: Client, rivertown: TenantId, receiver: Receiver
) -> None:
    """It stands on the page that answers, and on none afterwards."""
    assert "Add endpoint" in page(builder, "/webhooks/")
    made = page(builder, "/webhooks/new", url=receiver.url, event_types=["call.ended"])
    secrets = re.findall(r"whsec_[\w+/=]{40,}", made)
    assert len(secrets) == 1
    with as_tenant(rivertown):
        (endpoint,) = queries.endpoints()
    for path in ("/webhooks/", f"/webhooks/{endpoint.id}", f"/webhooks/{endpoint.id}/edit"):
        shown = page(builder, path)
        assert receiver.url in shown
        assert secrets[0] not in shown


def test_a_test_shows_what_the_server_said(
    builder: Client, rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """The page looks again until there is an answer, and then no more."""
    receiver.replies = [Reply(500, body=b"<script>alert(1)</script>")]
    answer = builder.post(f"/webhooks/{endpoint.id}/test")
    assert answer.status_code == 302
    assert 'hx-trigger="every 1s"' in page(builder, answer["Location"])
    send_all(rivertown)
    shown = page(builder, f"{answer['Location']}?part=outcome")
    assert "hx-trigger" not in shown
    assert "given up" in shown
    assert "&lt;script&gt;" in shown


def test_an_endpoint_is_edited_switched_rotated_replayed_and_removed(
    builder: Client, rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """Each by its form."""
    with as_tenant(rivertown):
        announce(EventType.CALL_ENDED, {"id": "call-1"})
    send_all(rivertown)
    path = f"/webhooks/{endpoint.id}"
    assert "the CRM" in page(builder, f"{path}/edit", url=endpoint.url, description="the CRM")
    assert "2 deliveries" not in page(builder, path)
    assert "1 deliveries go out again" in page(builder, f"{path}/replay", hours="24")
    with as_tenant(rivertown):
        (delivery,) = queries.deliveries_page(endpoint.id).items
    assert "call-1" in page(builder, f"{path}/deliveries/{delivery.id}")
    assert "on its way" in page(builder, f"{path}/deliveries/{delivery.id}/replay", x="")
    assert endpoint.secret not in page(builder, f"{path}/rotate", x="")
    assert "Enable" in page(builder, f"{path}/switch", enabled="no")
    assert "enable it first" in page(builder, f"{path}/replay", hours="24")
    assert "is removed" in page(builder, f"{path}/remove", x="")


def test_what_is_wrong_stands_beside_its_field(builder: Client) -> None:
    """The form is shown again, as it was filled in."""
    answer = builder.post("/webhooks/new", {"url": "http://hooks.example.com/", "description": "x"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "expected an https address" in shown.split('id="id_url_error"')[1][:200]
    assert 'value="http://hooks.example.com/"' in shown


def test_a_viewer_is_shown_none_of_it(rivertown: TenantId, endpoint: NewWebhookEndpoint) -> None:
    """Neither the page nor the way there, and no form works."""
    viewer = member(rivertown, "viewer")
    for path in ("/webhooks/", f"/webhooks/{endpoint.id}", "/webhooks/new"):
        assert viewer.get(path).status_code == 403
    for verb in ("test", "switch", "rotate", "remove", "replay"):
        assert viewer.post(f"/webhooks/{endpoint.id}/{verb}").status_code == 403
    with as_tenant(rivertown):
        assert queries.endpoint(UUID(str(endpoint.id))).enabled
