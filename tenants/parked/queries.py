"""The reads, as control."""

from collections.abc import Sequence

from tenants.context import CONTROL
from tenants.parked.models import TaskAttempt
from tenants.parked.types import ParkedTask
from warmline.kernel.ids import TenantId


def parked_tasks(*, limit: int = 200) -> Sequence[ParkedTask]:
    """What waits for an operator, newest first."""
    rows = TaskAttempt.objects.using(CONTROL).exclude(parked_at=None)
    return [
        ParkedTask(
            id=row.pk,
            task=row.task,
            company=row.company,
            attempts=row.attempts,
            why=row.why,
            first_at=row.first_at,
            parked_at=row.parked_at or row.first_at,
        )
        for row in rows.order_by("-parked_at")[:limit]
    ]


def jobs_left(tenant_id: TenantId) -> int:
    """How many jobs of a company are kept here."""
    return TaskAttempt.objects.using(CONTROL).filter(company=tenant_id).count()
