"""Where a company's events are sent, and what became of each.

An event is a row of `tenants.WebhookEvent`, written in the transaction of what happened, until it
is dispatched: then it is a `Message` with a `Delivery` for each endpoint that asked for it, and
each try of a delivery an `Attempt`.
"""

from typing import Any, Final

from django.db import models
from django.db.models.functions import Now

from tenants.rows import TenantModel
from tenants.sealed import SealedTextField
from tenants.webhooks.types import DeliveryState, DisabledBecause

SECRET_PURPOSE: Final = "webhook secret"  # noqa: S105  what is sealed, not a secret


def _within_tenant(model: type[TenantModel]) -> "models.ForeignKey[Any, Any]":
    """A key that `TenantKey` makes in the database; whoever deletes deletes what points first."""
    return models.ForeignKey(
        model, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )


class Endpoint(TenantModel):
    """An address of the company's that its events are posted to.

    `next_due_at` is when one of its deliveries may go out, and the one thing that control reads to
    find work; None while nothing waits.
    """

    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    # None named: all of them, and those that are yet to come.
    event_types = models.JSONField(default=list)
    enabled = models.BooleanField(default=True)
    disabled_because = models.CharField(max_length=20, choices=DisabledBecause, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    secret = SealedTextField(purpose=SECRET_PURPOSE)
    previous_secret = SealedTextField(purpose=SECRET_PURPOSE, blank=True)
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    last_sequence = models.BigIntegerField(default=0)
    next_due_at = models.DateTimeField(null=True, blank=True)
    # How it has been lately.
    consecutive_failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-created_at"], name="webhook_endpoint_latest"),
            # The sweep across tenants: as long as what is due, not as what there is.
            models.Index(
                fields=["next_due_at"],
                name="webhook_endpoint_due",
                condition=models.Q(next_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Message(TenantModel):
    """An event as it is told: its id is the `webhook-id`, the same for every endpoint and try."""

    type = models.CharField(max_length=40)
    data = models.JSONField()
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "occurred_at"], name="webhook_message_latest")]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class Delivery(TenantModel):
    """One message on its way to one endpoint.

    While it is pending it may go out from `due_at` on. Whoever sends it pushes that beyond what a
    try can take: a sender that dies loses nothing.
    """

    endpoint = _within_tenant(Endpoint)
    message = _within_tenant(Message)
    sequence = models.BigIntegerField()
    is_test = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.PENDING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "endpoint", "message"], name="webhook_delivery_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "endpoint", "sequence"], name="webhook_delivery_sequence"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "endpoint", "due_at"],
                name="webhook_delivery_due",
                condition=models.Q(state=DeliveryState.PENDING, is_test=False),
            ),
            models.Index(
                fields=["tenant", "endpoint", "due_at"],
                name="webhook_test_due",
                condition=models.Q(state=DeliveryState.PENDING, is_test=True),
            ),
            models.Index(
                fields=["tenant", "endpoint", "sequence"],
                name="webhook_delivery_failed",
                condition=models.Q(state=DeliveryState.FAILED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.endpoint_id}"


class Attempt(TenantModel):
    """One try of a delivery: what was answered, or why nothing was."""

    delivery = _within_tenant(Delivery)
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    # The beginning of the answer's body.
    excerpt = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "delivery", "at"], name="webhook_attempt_log")]

    def __str__(self) -> str:
        return f"{self.status or self.error} at {self.at}"
