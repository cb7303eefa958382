"""The one way to tell a company's own systems that something happened."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from tenants.models import WebhookEvent
from tenants.webhooks.types import EventType
from warmline.kernel.text import fitted_json

# With what stands around it a payload has at most 256 kB.
MOST_BYTES: Final = 250_000


def announce(event_type: EventType, data: Mapping[str, Any]) -> UUID:
    """Keep the event in the bound tenant's outbox, in the transaction of what happened; its id.

    `data` is in the shapes of the API: ids, states, numbers and times. What is too much to be sent
    is left out and named: no call ends for what is told of it.
    """
    plain = fitted_json(msgspec.to_builtins(dict(data), str_keys=True))
    event = WebhookEvent.objects.create(type=event_type, data=_bounded(plain))
    return event.id


def _bounded(data: dict[str, Any]) -> dict[str, Any]:
    sizes = {name: len(msgspec.json.encode(value)) for name, value in data.items()}
    left_out: list[str] = []
    while sum(sizes.values()) > MOST_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        left_out.append(largest)
        del sizes[largest]
    if not left_out:
        return data
    return {name: data[name] for name in sizes} | {"left_out": left_out}
