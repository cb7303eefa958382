"""A receiver on this machine, which the operator has opened, and what brings webhooks there."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F

from tenants.context import as_tenant
from tenants.webhooks import actions
from tenants.webhooks.models import Delivery, Endpoint
from tenants.webhooks.sending.delivering import deliver_due
from tenants.webhooks.sending.dispatching import dispatch_events
from tenants.webhooks.sending.waiting import set_next_due
from tenants.webhooks.types import NewWebhookEndpoint
from tests.tenants.conftest import lakeside, rivertown  # noqa: F401  fixtures
from tests.tenants.webhooks.receiver import Receiver, receiving
from warmline.kernel.ids import TenantId

AN_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _this_machine_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an operator who develops a receiver sets it."""
    monkeypatch.setenv("WARMLINE_OUTBOUND_NETWORKS", "127.0.0.0/8")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything, until it is told otherwise."""
    with receiving(Receiver()) as receiver:
        yield receiver


@pytest.fixture
def endpoint(rivertown: TenantId, receiver: Receiver) -> NewWebhookEndpoint:
    """Rivertown's endpoint, at the receiver."""
    with as_tenant(rivertown):
        return actions.make_endpoint(receiver.url)


def send_all(tenant_id: TenantId) -> None:
    """What a sender does for one tenant, once: dispatch, then a batch of each endpoint."""
    with as_tenant(tenant_id):
        while dispatch_events():
            pass
        endpoint_ids = list(Endpoint.objects.values_list("pk", flat=True))
    for endpoint_id in endpoint_ids:
        deliver_due(tenant_id, endpoint_id)


def pass_time(tenant_id: TenantId, endpoint_id: UUID, by: timedelta) -> None:
    """Everything that the endpoint waits for comes so much sooner."""
    with as_tenant(tenant_id):
        endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
        Delivery.objects.filter(endpoint=endpoint).update(due_at=F("due_at") - by)
        endpoint.rests_until = endpoint.rests_until and endpoint.rests_until - by
        endpoint.save()
        set_next_due(endpoint)
