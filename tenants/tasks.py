"""Jobs: forget what was kept for a day."""

import structlog
from celery import shared_task

from tenants.api import idempotency
from tenants.jobs import TenantTask

log = structlog.get_logger()


@shared_task(name="tenants.tasks.forget_idempotent_requests", base=TenantTask, cross_tenant=True)
def forget_idempotent_requests() -> None:
    """Delete the kept answers that are past their time."""
    log.info("idempotent requests forgotten", rows=idempotency.forget_old_answers())
