"""The trail of what was done inside a company, and by whom."""

from typing import Any

from tenants.actor import current_actor
from tenants.context import current_tenant_id
from tenants.models import AuditEvent
from warmline.kernel.ids import TenantId


def record_audit(*, action: str, subject: str, detail: dict[str, Any] | None = None) -> TenantId:
    """Add to the bound tenant's audit trail, in the transaction of what was done and by its actor.

    `detail` holds ids, never words spoken.
    """
    tenant_id = current_tenant_id()
    AuditEvent.objects.create(
        action=action, subject=subject, actor=str(current_actor()), detail=detail or {}
    )
    return tenant_id
