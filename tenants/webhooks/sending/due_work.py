"""What the sender finds across tenants, as control: ids and times, nothing of what is sent."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Now

from tenants.context import as_control
from tenants.models import WebhookEvent
from tenants.webhooks.models import Endpoint
from warmline.kernel.ids import TenantId


@dataclass(frozen=True, slots=True)
class DueEndpoint:
    """An endpoint that has something to be sent."""

    tenant_id: TenantId
    id: UUID
    is_failing: bool


def tenants_with_events(*, limit: int) -> list[TenantId]:
    """Tenants whose outbox is not empty."""
    with as_control():
        rows = WebhookEvent.objects.values_list("tenant_id", flat=True).distinct()[:limit]
        return [TenantId(str(tenant_id)) for tenant_id in rows]


def due_endpoints(*, limit: int) -> list[DueEndpoint]:
    """Endpoints of which a delivery may go out, those that wait longest first."""
    with as_control():
        rows = Endpoint.objects.filter(next_due_at__lte=Now()).order_by("next_due_at")
        columns = rows.values_list("tenant_id", "pk", "consecutive_failures")[:limit]
        return [
            DueEndpoint(TenantId(str(tenant_id)), endpoint_id, is_failing=failures > 0)
            for tenant_id, endpoint_id, failures in columns
        ]
