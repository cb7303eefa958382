"""The job that forgets what was sent long ago."""

import structlog
from celery import shared_task

from tenants.jobs import TenantTask
from tenants.webhooks import retention

log = structlog.get_logger()


@shared_task(name="tenants.webhooks.tasks.forget_old", base=TenantTask, cross_tenant=True)
def forget_old() -> None:
    """Send each tenant that has old messages a job of its own."""
    for tenant_id in retention.tenants_with_old_messages():
        forget_old_of_tenant.for_tenant(tenant_id)


@shared_task(name="tenants.webhooks.tasks.forget_old_of_tenant", base=TenantTask)
def forget_old_of_tenant() -> None:
    """Delete the tenant's old messages."""
    log.info("old webhooks forgotten", messages=retention.forget_old_messages())
