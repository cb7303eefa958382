"""The reads: a company's endpoints, and what became of what was sent to them."""

from typing import Any, Final
from uuid import UUID

import msgspec

from tenants.api.pages import Page, decode_cursor, encode_cursor
from tenants.webhooks.models import Attempt, Delivery, Endpoint
from tenants.webhooks.sending.signatures import payload
from tenants.webhooks.types import (
    CHOOSABLE,
    MEANINGS,
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookDeliveryDetail,
    WebhookEndpoint,
    WebhookEventType,
    WebhookHealth,
    WebhookLine,
)
from warmline.kernel import clock
from warmline.kernel.errors import NotFound

# A delivery that is replayed again and again has more tries than anybody reads.
MOST_TRIES: Final = 50


def event_types() -> tuple[WebhookEventType, ...]:
    """What an endpoint may choose to be told of."""
    return tuple(WebhookEventType(str(name), MEANINGS[name]) for name in CHOOSABLE)


def endpoints() -> tuple[WebhookEndpoint, ...]:
    """The bound tenant's endpoints, newest first: never more than a company may have."""
    rows = Endpoint.objects.order_by("-created_at", "-pk")
    return tuple(shown_endpoint(row) for row in rows)


def endpoint_lines() -> tuple[WebhookLine, ...]:
    """The same with how each is doing, as a list of them shows it."""
    rows = Endpoint.objects.order_by("-created_at", "-pk")
    return tuple(
        WebhookLine(
            endpoint=shown_endpoint(row),
            last_success_at=row.last_success_at,
            failing_since=row.failing_since,
            choosable=len(CHOOSABLE),
        )
        for row in rows
    )


def endpoint(endpoint_id: UUID) -> WebhookEndpoint:
    """One endpoint; `NotFound` when the tenant has none of that id."""
    return shown_endpoint(endpoint_row(endpoint_id))


def endpoint_row(endpoint_id: UUID, *, lock: bool = False) -> Endpoint:
    """The endpoint's row, for those who write it locked; `NotFound` without one."""
    rows = Endpoint.objects.select_for_update() if lock else Endpoint.objects
    row = rows.filter(pk=endpoint_id).first()
    if row is None:
        raise NotFound(f"no webhook endpoint {endpoint_id}")
    return row


def shown_endpoint(row: Endpoint) -> WebhookEndpoint:
    """An endpoint as others see it: without its secret."""
    until = row.previous_secret_until
    return WebhookEndpoint(
        id=row.pk,
        url=row.url,
        description=row.description,
        event_types=list(row.event_types),
        enabled=row.enabled,
        disabled_because=row.disabled_because,  # type: ignore[arg-type]  # of the same words
        disabled_at=row.disabled_at,
        previous_secret_until=until if until and until > clock.now() else None,
        created_at=row.created_at,
    )


def health(endpoint_id: UUID) -> WebhookHealth:
    """How an endpoint has been lately; `NotFound` without one."""
    row = endpoint_row(endpoint_id)
    deliveries = Delivery.objects.filter(endpoint=row)
    rests = row.rests_until
    return WebhookHealth(
        last_success_at=row.last_success_at,
        failing_since=row.failing_since,
        rests_until=rests if rests and rests > clock.now() else None,
        pending=deliveries.filter(state=DeliveryState.PENDING).count(),
        failed=deliveries.filter(state=DeliveryState.FAILED).count(),
    )


def deliveries_page(
    endpoint_id: UUID,
    *,
    state: str = "",
    event_type: str = "",
    cursor: str = "",
    limit: int = 25,
) -> Page[WebhookDelivery]:
    """An endpoint's deliveries, the latest first; `NotFound` without the endpoint."""
    row = endpoint_row(endpoint_id)
    deliveries = Delivery.objects.filter(endpoint=row)
    if state:
        deliveries = deliveries.filter(state=state)
    if event_type:
        deliveries = deliveries.filter(message__type=event_type)
    kind = f"webhook-deliveries/{row.pk}/{state}/{event_type}"
    if cursor:
        (before,) = decode_cursor(kind, cursor)
        deliveries = deliveries.filter(sequence__lt=before)
    rows = list(deliveries.select_related("message").order_by("-sequence")[: limit + 1])
    more = len(rows) > limit
    shown = tuple(_shown_delivery(delivery) for delivery in rows[:limit])
    next_cursor = encode_cursor(kind, [shown[-1].sequence]) if more else None
    return Page(shown, next_cursor)


def delivery(endpoint_id: UUID, delivery_id: UUID) -> WebhookDeliveryDetail:
    """One delivery with its tries and what is sent; `NotFound` when the endpoint has none such."""
    rows = Delivery.objects.filter(endpoint_id=endpoint_id, pk=delivery_id)
    row = rows.select_related("message").first()
    if row is None:
        raise NotFound(f"endpoint {endpoint_id} has no delivery {delivery_id}")
    attempts = Attempt.objects.filter(delivery=row).order_by("-at", "-pk")[:MOST_TRIES]
    tries = [
        WebhookAttempt(
            at=attempt.at,
            duration_ms=attempt.duration_ms,
            status=attempt.status,
            error=attempt.error,
            excerpt=attempt.excerpt,
        )
        for attempt in attempts
    ]
    message = row.message
    body = payload(
        message.type, occurred_at=message.occurred_at, sequence=row.sequence, data=message.data
    )
    sent: dict[str, Any] = msgspec.json.decode(body)
    return WebhookDeliveryDetail(**_delivery_fields(row), tries=tries, payload=sent)


def _shown_delivery(row: Delivery) -> WebhookDelivery:
    return WebhookDelivery(**_delivery_fields(row))


def _delivery_fields(row: Delivery) -> dict[str, Any]:
    waits = row.state == DeliveryState.PENDING
    return {
        "id": row.pk,
        "message_id": row.message_id,
        "event_type": row.message.type,
        "sequence": row.sequence,
        "state": row.state,
        "attempts": row.attempts,
        "last_status": row.last_status,
        "last_error": row.last_error,
        "next_attempt_at": row.due_at if waits else None,
        "delivered_at": row.delivered_at,
        "created_at": row.created_at,
    }
