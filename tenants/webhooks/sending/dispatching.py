"""From the outbox to deliveries: each event becomes one for every endpoint that asked for it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections

from tenants.webhooks.models import Delivery, Endpoint, Message
from tenants.webhooks.sending.waiting import set_next_due, transaction_time
from tenants.webhooks.types import EventType

# One transaction's worth: some 50 ms.
BATCH: Final = 200
# Two dispatchers wait for each other's rows and never take one twice.
_TAKE: Final = """
DELETE FROM tenants_webhookevent WHERE id IN (
    SELECT id FROM tenants_webhookevent ORDER BY created_at, id LIMIT %s)
RETURNING id, type, data, created_at
"""


def dispatch_events() -> int:
    """Take the bound tenant's oldest events from its outbox; how many were taken, 0 for none left.

    All in one transaction: what is not a delivery yet is still in the outbox. The events of a
    company without endpoints are told nobody and kept nowhere.
    """
    messages = _taken_messages()
    if not messages:
        return 0
    endpoints = list(Endpoint.objects.select_for_update().order_by("pk"))
    if endpoints:
        Message.objects.bulk_create(messages)
    now = transaction_time()
    for endpoint in endpoints:
        if endpoint.enabled:
            asked = [m for m in messages if _asks_for(endpoint, m.type)]
            add_deliveries(endpoint, asked, at=now)
    return len(messages)


def add_deliveries(
    endpoint: Endpoint, messages: Sequence[Message], *, at: datetime
) -> list[Delivery]:
    """Have these sent to the endpoint from `at` on, numbered in this order; its row is locked."""
    if not messages:
        return []
    deliveries = [
        Delivery(
            endpoint=endpoint,
            message=message,
            sequence=endpoint.last_sequence + number,
            is_test=message.type == EventType.TEST,
            due_at=at,
        )
        for number, message in enumerate(messages, start=1)
    ]
    Delivery.objects.bulk_create(deliveries)
    endpoint.last_sequence += len(deliveries)
    endpoint.save(update_fields=["last_sequence"])
    set_next_due(endpoint)
    return deliveries


def _taken_messages() -> list[Message]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[3], row[0]))
    return [
        Message(id=event_id, type=event_type, data=json.loads(data), occurred_at=created_at)
        for event_id, event_type, data, created_at in rows
    ]


def _asks_for(endpoint: Endpoint, event_type: str) -> bool:
    return not endpoint.event_types or event_type in endpoint.event_types
