"""What a try comes to: for the delivery, and for the endpoint that was asked."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction

from tenants.actions import record_audit
from tenants.webhooks.models import Attempt, Delivery, Endpoint
from tenants.webhooks.sending.notices import tell_disabled
from tenants.webhooks.sending.posting import Outcome
from tenants.webhooks.sending.schedule import rest_s, retry_after_s
from tenants.webhooks.sending.waiting import set_next_due, transaction_time
from tenants.webhooks.types import DeliveryState, DisabledBecause

# Five days take in a long weekend.
DISABLED_AFTER: Final = timedelta(days=5)


def note_outcome(endpoint_id: UUID, delivery_id: UUID, outcome: Outcome, *, drawn: float) -> bool:
    """Write down what a try came to; whether the endpoint takes more right now.

    A delivery that another sender has brought since stays delivered. `drawn` is from 0 to 1.
    """
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if endpoint is None or delivery is None:
        return False  # removed meanwhile
    now = transaction_time()
    Attempt.objects.create(
        delivery=delivery,
        at=outcome.at,
        duration_ms=outcome.duration_ms,
        status=outcome.status,
        error=outcome.error,
        excerpt=outcome.excerpt,
    )
    if delivery.state == DeliveryState.PENDING:
        _settle(delivery, outcome, now=now, drawn=drawn)
    if not delivery.is_test:
        _remember(endpoint, outcome, now=now)
    set_next_due(endpoint)
    return endpoint.enabled and endpoint.rests_until is None and not outcome.is_slow


def _settle(delivery: Delivery, outcome: Outcome, *, now: datetime, drawn: float) -> None:
    delivery.attempts += 1
    delivery.last_status, delivery.last_error = outcome.status, outcome.error
    if outcome.is_success:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    else:
        again_s = retry_after_s(delivery.attempts, drawn=drawn, asked_s=outcome.asked_s)
        if again_s is None or delivery.is_test or outcome.is_gone:
            delivery.state = DeliveryState.FAILED
        else:
            delivery.due_at = now + timedelta(seconds=again_s)
    delivery.save()


def _remember(endpoint: Endpoint, outcome: Outcome, *, now: datetime) -> None:
    """How the endpoint is doing, and what follows from it."""
    if outcome.is_success:
        endpoint.consecutive_failures = 0
        endpoint.failing_since = endpoint.rests_until = None
        endpoint.last_success_at = now
    else:
        endpoint.consecutive_failures += 1
        endpoint.failing_since = endpoint.failing_since or now
        rest = rest_s(endpoint.consecutive_failures, slow=outcome.is_slow)
        endpoint.rests_until = now + timedelta(seconds=rest) if rest else None
    endpoint.save()
    if not endpoint.enabled or outcome.is_success:
        return
    if outcome.is_gone:
        _disable(endpoint, DisabledBecause.GONE, now=now)
    elif endpoint.failing_since and now - endpoint.failing_since >= DISABLED_AFTER:
        _disable(endpoint, DisabledBecause.FAILING, now=now)


def _disable(endpoint: Endpoint, because: DisabledBecause, *, now: datetime) -> None:
    endpoint.enabled, endpoint.disabled_because, endpoint.disabled_at = False, because, now
    endpoint.save()
    record_audit(
        action="webhook.disabled", subject=str(endpoint.pk), detail={"because": str(because)}
    )
    tell = partial(tell_disabled, endpoint.pk, url=endpoint.url, because=because)
    transaction.on_commit(tell)
