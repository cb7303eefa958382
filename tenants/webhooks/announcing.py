"""The one way to tell a company's own systems that something happened."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tenants.models import WebhookEvent
from tenants.webhooks.types import EventType


def announce(event_type: EventType, data: Mapping[str, Any]) -> UUID:
    """Keep the event in the bound tenant's outbox, in the transaction of what happened; its id.

    `data` is JSON in the shapes of the API: ids, states, numbers and times.
    """
    event = WebhookEvent.objects.create(type=event_type, data=dict(data))
    return event.id
