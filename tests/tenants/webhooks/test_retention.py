"""What was sent is forgotten after a month, and nothing before."""

from datetime import UTC, datetime, timedelta

import pytest

from tenants.context import as_tenant
from tenants.webhooks import retention
from tenants.webhooks.announcing import announce
from tenants.webhooks.models import Attempt, Delivery, Message
from tenants.webhooks.types import EventType, NewWebhookEndpoint
from tests.tenants.webhooks.conftest import send_all
from tests.tenants.webhooks.receiver import Receiver
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def test_what_is_older_than_a_month_is_forgotten_with_its_log(
    rivertown: TenantId, lakeside: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """The sweep finds the companies of which something is old, and no others."""
    with as_tenant(rivertown):
        old, young = (announce(EventType.CALL_ENDED, {}) for _ in range(2))
    send_all(rivertown)
    assert retention.tenants_with_old_messages() == []
    with as_tenant(rivertown):
        long_ago = datetime.now(UTC) - retention.KEPT - timedelta(hours=1)
        Message.objects.filter(pk=old).update(occurred_at=long_ago)
    assert retention.tenants_with_old_messages() == [rivertown]
    with as_tenant(rivertown):
        assert retention.forget_old_messages() == 1
        assert [message.pk for message in Message.objects.all()] == [young]
        assert Delivery.objects.count() == Attempt.objects.count() == 1
    assert len(receiver.received) == 2
