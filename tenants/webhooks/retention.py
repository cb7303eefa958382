"""What was sent is kept for a while, for looking and for replays, and then forgotten."""

from datetime import timedelta
from typing import Final

from tenants.context import as_control
from tenants.webhooks.models import Attempt, Delivery, Message
from tenants.webhooks.sending.waiting import transaction_time
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

KEPT: Final = timedelta(days=30)
# One job's worth: some seconds. The next one comes within the hour.
_BATCH: Final = 1000
_MOST_BATCHES: Final = 20


def tenants_with_old_messages() -> list[TenantId]:
    """Tenants of which something is kept for longer than `KEPT`. As control."""
    with as_control():
        old = Message.objects.filter(occurred_at__lt=clock.now() - KEPT)
        return [TenantId(str(row)) for row in old.values_list("tenant_id", flat=True).distinct()]


def forget_old_messages() -> int:
    """Delete the bound tenant's messages beyond `KEPT`, with deliveries and tries; how many."""
    forgotten = 0
    for _ in range(_MOST_BATCHES):
        old = Message.objects.filter(occurred_at__lt=transaction_time() - KEPT)
        batch = list(old.order_by("occurred_at").values_list("pk", flat=True)[:_BATCH])
        if not batch:
            break
        deliveries = Delivery.objects.filter(message__in=batch)
        Attempt.objects.filter(delivery__in=deliveries).delete()
        deliveries.delete()
        Message.objects.filter(pk__in=batch).delete()
        forgotten += len(batch)
    return forgotten
