"""When an endpoint has something that may go out: what the sweep across tenants goes by."""

from datetime import datetime
from typing import cast

from django.db import DEFAULT_DB_ALIAS, connections

from tenants.webhooks.models import Delivery, Endpoint
from tenants.webhooks.types import DeliveryState


def set_next_due(endpoint: Endpoint) -> None:
    """Write when its next delivery may go out; None when nothing waits.

    Whoever changes what waits calls it last, with the endpoint's row locked: then none is missed.
    A disabled endpoint, and one that rests, is given its tests only.
    """
    due = [_first_due(endpoint, is_test=True)]
    if endpoint.enabled:
        first = _first_due(endpoint, is_test=False)
        due.append(max(first, endpoint.rests_until or first) if first else None)
    endpoint.next_due_at = min((moment for moment in due if moment), default=None)
    endpoint.save(update_fields=["next_due_at"])


def _first_due(endpoint: Endpoint, *, is_test: bool) -> datetime | None:
    pending = Delivery.objects.filter(
        endpoint=endpoint, state=DeliveryState.PENDING, is_test=is_test
    )
    return pending.order_by("due_at").values_list("due_at", flat=True).first()


def transaction_time() -> datetime:
    """When this transaction began, by the database's clock: senders' own may differ."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT now()")
        (moment,) = cursor.fetchone()
    return cast(datetime, moment)
