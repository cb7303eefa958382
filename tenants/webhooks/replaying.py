"""Deliveries that somebody asks for: a test, one once more, a range of time once more."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from tenants.actions import record_audit
from tenants.webhooks.models import Delivery, Endpoint, Message
from tenants.webhooks.queries import endpoint_row
from tenants.webhooks.retention import KEPT
from tenants.webhooks.sending.dispatching import add_deliveries
from tenants.webhooks.sending.waiting import set_next_due, transaction_time
from tenants.webhooks.types import DeliveryState, EventType, Replayed
from warmline.kernel.errors import BadInput, Conflict, NotFound

MOST_REPLAYED: Final = 1000


MOST_TESTS_WAITING: Final = 3


def send_test(endpoint_id: UUID) -> UUID:
    """Have a `test` event sent to this endpoint at once, disabled or not; its delivery's id.

    It is tried once. `Conflict` while `MOST_TESTS_WAITING` are on their way.
    """
    endpoint = endpoint_row(endpoint_id, lock=True)
    tests = Delivery.objects.filter(endpoint=endpoint, is_test=True, state=DeliveryState.PENDING)
    if tests.count() >= MOST_TESTS_WAITING:
        raise Conflict("tests of this endpoint are on their way: wait for their answers")
    now = transaction_time()
    message = Message.objects.create(
        type=EventType.TEST, data={"endpoint_id": str(endpoint.pk)}, occurred_at=now
    )
    (delivery,) = add_deliveries(endpoint, [message], at=now)
    record_audit(action="webhook.test", subject=str(endpoint.pk))
    return delivery.pk


def replay_delivery(endpoint_id: UUID, delivery_id: UUID) -> None:
    """Send one delivery again, under its own `webhook-id`, whatever became of it.

    `NotFound` when the endpoint has no such delivery, `Conflict` when it is disabled.
    """
    endpoint = _enabled_endpoint(endpoint_id)
    if _send_again(Delivery.objects.filter(endpoint=endpoint, pk=delivery_id)) == 0:
        raise NotFound(f"this endpoint has no delivery {delivery_id}")
    set_next_due(endpoint)
    record_audit(
        action="webhook.replay", subject=str(endpoint.pk), detail={"delivery": str(delivery_id)}
    )


def replay_range(
    endpoint_id: UUID, *, since: datetime, until: datetime, only_failed: bool = False
) -> Replayed:
    """Send again what happened from `since` until before `until`, each under its `webhook-id`.

    Also what the endpoint was never sent, as while it was disabled; with `only_failed` no more than
    what was given up. `BadInput` for a range that ends before it begins, begins before events are
    kept, or holds more than `MOST_REPLAYED`; `Conflict` for an endpoint that is disabled.
    """
    _check_range(since, until)
    endpoint = _enabled_endpoint(endpoint_id)
    sent, missed = _within(endpoint, since=since, until=until)
    if only_failed:
        sent, missed = sent.filter(state=DeliveryState.FAILED), missed.none()
    count = sent.count() + missed.count()
    if count > MOST_REPLAYED:
        raise BadInput(
            f"until: {count} deliveries lie in this range; expected at most {MOST_REPLAYED}: "
            "narrow it",
            field="until",
        )
    add_deliveries(endpoint, list(missed), at=transaction_time())
    _send_again(sent)
    set_next_due(endpoint)
    detail = {"since": since.isoformat(), "until": until.isoformat(), "deliveries": count}
    record_audit(action="webhook.replay", subject=str(endpoint.pk), detail=detail)
    return Replayed(count)


def _check_range(since: datetime, until: datetime) -> None:
    if since >= until:
        raise BadInput("until: expected a time after `since`", field="until")
    if since < transaction_time() - KEPT:
        raise BadInput(
            f"since: expected a time of the last {KEPT.days} days: so long are events kept",
            field="since",
        )


def _within(
    endpoint: Endpoint, *, since: datetime, until: datetime
) -> tuple["QuerySet[Delivery]", "QuerySet[Message]"]:
    """The deliveries of what happened then, and what happened without one."""
    messages = Message.objects.filter(occurred_at__gte=since, occurred_at__lt=until)
    messages = messages.exclude(type=EventType.TEST)
    sent = Delivery.objects.filter(endpoint=endpoint, message__in=messages)
    if endpoint.event_types:
        messages = messages.filter(type__in=endpoint.event_types)
    known = Delivery.objects.filter(endpoint=endpoint).values("message_id")
    return sent, messages.exclude(pk__in=known).order_by("occurred_at", "pk")


def _send_again(deliveries: "QuerySet[Delivery]") -> int:
    """As if they had never been tried, with all their tries before them; how many."""
    return deliveries.update(
        state=DeliveryState.PENDING, due_at=transaction_time(), attempts=0, delivered_at=None
    )


def _enabled_endpoint(endpoint_id: UUID) -> Endpoint:
    endpoint = endpoint_row(endpoint_id, lock=True)
    if not endpoint.enabled:
        raise Conflict("this endpoint is disabled: enable it first")
    return endpoint
