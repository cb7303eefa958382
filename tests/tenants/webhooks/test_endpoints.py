"""A company's endpoints: made, changed, rotated, removed, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from tenants.context import as_tenant
from tenants.models import AuditEvent
from tenants.sealed import unseal
from tenants.webhooks import actions, queries, replaying
from tenants.webhooks.models import SECRET_PURPOSE, Delivery, Endpoint
from tenants.webhooks.types import NewWebhookEndpoint
from tests.tenants.webhooks.conftest import send_all
from tests.tenants.webhooks.receiver import Receiver
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, NotFound
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = pytest.mark.django_db


def test_an_endpoint_is_made_with_a_secret_that_is_shown_once(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, superuser: psycopg.Connection
) -> None:
    """It lies sealed in the database, and no read of the endpoint has it."""
    assert endpoint.secret.startswith("whsec_")
    rows = superuser.execute("SELECT secret FROM webhooks_endpoint").fetchall()
    with as_tenant(rivertown):
        assert [unseal(row[0], purpose=SECRET_PURPOSE) for row in rows] == [endpoint.secret]
        assert endpoint.secret not in str(queries.endpoint(endpoint.id))
        audit = AuditEvent.objects.get(action="webhook.create")
    assert endpoint.secret not in rows[0][0]
    assert endpoint.secret not in str(audit.detail)


def test_an_endpoint_chooses_what_it_is_told_of(rivertown: TenantId) -> None:
    """Each type once, in the order of the list; a test is sent by hand only."""
    with as_tenant(rivertown):
        chosen = actions.make_endpoint(
            "https://hooks.example.com/",
            event_types=["call.ended", "booking.created", "call.ended"],
        )
        assert chosen.event_types == ["call.ended", "booking.created"]
        for event_type in ("call.exploded", "test", ""):
            with pytest.raises(BadInput, match="expected some of the events") as refusal:
                actions.change_endpoint(chosen.id, event_types=[event_type])
            assert refusal.value.field == "event_types"


def test_only_what_is_given_changes(rivertown: TenantId, endpoint: NewWebhookEndpoint) -> None:
    """And the trail says which it was."""
    with as_tenant(rivertown):
        changed = actions.change_endpoint(endpoint.id, description=" our CRM ")
        assert (changed.description, changed.url) == ("our CRM", endpoint.url)
        assert actions.change_endpoint(endpoint.id) == changed
        audits = AuditEvent.objects.filter(action="webhook.change")
        assert [audit.detail for audit in audits] == [{"changed": ["description"]}]


def test_what_does_not_fit_is_refused_before_anything_is_written(
    rivertown: TenantId, endpoint: NewWebhookEndpoint
) -> None:
    """By the columns' own limits."""
    with as_tenant(rivertown):
        for fields in ({"description": "x" * 201}, {"description": "\0"}, {"url": "http://x.y"}):
            with pytest.raises(BadInput, match="expected"):
                actions.change_endpoint(endpoint.id, **fields)  # type: ignore[arg-type]
            with pytest.raises(BadInput, match="expected"):
                actions.make_endpoint(**{"url": endpoint.url, **fields})
        assert queries.endpoints() == (queries.endpoint(endpoint.id),)


def test_a_company_has_a_bounded_number_of_endpoints(rivertown: TenantId) -> None:
    """Each event is written once for each of them."""
    with as_tenant(rivertown):
        for _ in range(actions.MOST_ENDPOINTS):
            actions.make_endpoint("https://hooks.example.com/")
        with pytest.raises(Conflict, match="at most 20"):
            actions.make_endpoint("https://hooks.example.com/")


def test_a_removed_endpoint_leaves_nothing_behind(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """Its deliveries and their tries go with it."""
    with as_tenant(rivertown):
        replaying.send_test(endpoint.id)
    send_all(rivertown)
    assert len(receiver.received) == 1
    with as_tenant(rivertown):
        replaying.send_test(endpoint.id)
        actions.remove_endpoint(endpoint.id)
        assert queries.endpoints() == ()
        assert not Delivery.objects.exists()
    send_all(rivertown)
    assert len(receiver.received) == 1


OF_AN_ENDPOINT: list[Callable[[Any], object]] = [
    queries.endpoint,
    queries.health,
    queries.deliveries_page,
    lambda endpoint_id: queries.delivery(endpoint_id, new_uuid()),
    lambda endpoint_id: actions.change_endpoint(endpoint_id, enabled=False),
    actions.rotate_secret,
    actions.remove_endpoint,
    replaying.send_test,
    lambda endpoint_id: replaying.replay_delivery(endpoint_id, new_uuid()),
    lambda endpoint_id: replaying.replay_range(
        endpoint_id, since=clock.now() - timedelta(hours=1), until=clock.now()
    ),
]


@pytest.mark.parametrize("of_an_endpoint", OF_AN_ENDPOINT)
def test_another_companys_endpoint_is_not_there(
    of_an_endpoint: Callable[[Any], object],
    rivertown: TenantId,
    lakeside: TenantId,
    endpoint: NewWebhookEndpoint,
) -> None:
    """Neither to be read nor to be changed; nor is one of no company."""
    with as_tenant(rivertown):
        before = Endpoint.objects.values().get()
    for endpoint_id in (endpoint.id, new_uuid()):
        with as_tenant(lakeside), pytest.raises(NotFound):
            of_an_endpoint(endpoint_id)
    with as_tenant(rivertown):
        assert Endpoint.objects.values().get() == before


def test_another_companys_delivery_is_not_there(
    rivertown: TenantId, lakeside: TenantId, endpoint: NewWebhookEndpoint
) -> None:
    """Not even beside an endpoint of one's own."""
    with as_tenant(rivertown):
        delivery_id = replaying.send_test(endpoint.id)
    with as_tenant(lakeside):
        own = actions.make_endpoint("https://hooks.example.com/")
        for read in (queries.delivery, replaying.replay_delivery):
            with pytest.raises(NotFound):
                read(own.id, delivery_id)


def test_secrets_are_sealed_anew_under_a_new_key(
    rivertown: TenantId,
    endpoint: NewWebhookEndpoint,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Afterwards the older key may go."""
    older = settings.SEALING_KEYS
    settings.SEALING_KEYS = ("newer-" * 8, *older)
    with as_tenant(rivertown):
        rotated = actions.rotate_secret(endpoint.id).secret
        before = Endpoint.objects.get()
    call_command("reseal")
    assert "2 secrets" in capsys.readouterr().out
    settings.SEALING_KEYS = ("newer-" * 8,)
    with as_tenant(rivertown):
        row = Endpoint.objects.get()
        assert row.previous_secret != before.previous_secret
        opened = [
            unseal(token, purpose=SECRET_PURPOSE) for token in (row.secret, row.previous_secret)
        ]
    assert opened == [rotated, endpoint.secret]
