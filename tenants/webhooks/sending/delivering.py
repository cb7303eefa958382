"""Deliveries go out: claimed in one transaction, posted outside of any, noted in another.

A claim pushes `due_at` beyond what a batch can take, so that a sender that dies gives its
deliveries back by doing nothing: each goes out at least once, always under its `webhook-id`.
"""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from tenants.sealed import unseal
from tenants.webhooks.models import SECRET_PURPOSE, Delivery, Endpoint
from tenants.webhooks.sending.outcomes import note_outcome
from tenants.webhooks.sending.posting import Outcome, post
from tenants.webhooks.sending.signatures import headers, payload
from tenants.webhooks.sending.transactions import tenant_transaction
from tenants.webhooks.sending.waiting import set_next_due, transaction_time
from tenants.webhooks.types import DeliveryState
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

log = structlog.get_logger()

# A batch is so many, or what goes out within these seconds: then others have their turn.
BATCH: Final = 20
BATCH_S: Final = 5.0
# Longer than a batch whose last post waits until its deadline, and writing what came of it.
CLAIM: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a batch goes, and what signs it: two secrets while one is rotated."""

    endpoint_id: UUID
    url: str
    signing_secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is one sender's to post until its claim ends."""

    id: UUID
    message_id: UUID
    body: bytes = field(repr=False)


def deliver_due(
    tenant_id: TenantId, endpoint_id: UUID, *, goes_on: Callable[[], bool] = lambda: True
) -> int:
    """Send a batch of what is due for an endpoint; how many were posted.

    What is left of the batch when its time is up, the endpoint rests or `goes_on` says no is given
    back at once.
    """
    with tenant_transaction(tenant_id):
        claim = _claim(endpoint_id)
    if claim is None:
        return 0
    target, waiting = claim
    posted, until = 0, time.monotonic() + BATCH_S
    while waiting and goes_on() and time.monotonic() < until:
        delivery, posted = waiting.popleft(), posted + 1
        outcome = _posted(delivery, target)
        with tenant_transaction(tenant_id):
            drawn = random.random()  # noqa: S311  it spreads retries and guards nothing
            takes_more = note_outcome(endpoint_id, delivery.id, outcome, drawn=drawn)
        if not takes_more:
            break
    if waiting:
        with tenant_transaction(tenant_id):
            _give_back(endpoint_id, waiting)
    return posted


def _posted(delivery: Claimed, target: Target) -> Outcome:
    at = clock.now()
    signed = headers(
        delivery.body,
        message_id=str(delivery.message_id),
        at=at,
        signing_secrets=target.signing_secrets,
    )
    return post(target.url, delivery.body, headers=signed, at=at)


def _claim(endpoint_id: UUID) -> tuple[Target, deque[Claimed]] | None:
    """What is due, this sender's for the length of a claim; None when another is at it."""
    endpoint = Endpoint.objects.select_for_update(skip_locked=True).filter(pk=endpoint_id).first()
    if endpoint is None:
        return None
    now = transaction_time()
    pending = Delivery.objects.filter(
        endpoint=endpoint, state=DeliveryState.PENDING, due_at__lte=now
    ).select_related("message")
    due = list(pending.filter(is_test=True).order_by("due_at")[:BATCH])
    if endpoint.enabled and not (endpoint.rests_until and endpoint.rests_until > now):
        due += pending.filter(is_test=False).order_by("due_at")[: BATCH - len(due)]
    Delivery.objects.filter(pk__in=[row.pk for row in due]).update(due_at=now + CLAIM)
    set_next_due(endpoint)
    sealed = [endpoint.secret]
    if endpoint.previous_secret_until and endpoint.previous_secret_until > now:
        sealed.append(endpoint.previous_secret)
    signing_secrets = tuple(unseal(token, purpose=SECRET_PURPOSE) for token in sealed)
    return Target(endpoint.pk, endpoint.url, signing_secrets), deque(map(_claimed, due))


def _claimed(row: Delivery) -> Claimed:
    message = row.message
    body = payload(
        message.type, occurred_at=message.occurred_at, sequence=row.sequence, data=message.data
    )
    return Claimed(row.pk, message.pk, body)


def _give_back(endpoint_id: UUID, deliveries: deque[Claimed]) -> None:
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        return  # removed meanwhile, and they with it
    ids = [delivery.id for delivery in deliveries]
    waiting = Delivery.objects.filter(pk__in=ids, state=DeliveryState.PENDING)
    waiting.update(due_at=transaction_time())
    set_next_due(endpoint)
