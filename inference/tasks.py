"""The warmer's jobs, as Celery runs them."""

from typing import Final

from celery import shared_task

from inference.warming.history import learn_due_pools
from inference.warming.prewarm import warm_for
from tenants.jobs import TenantTask
from warmline.kernel import clock

# Beat comes every five seconds; while something is starting, this turn looks again until then.
TURN_S: Final = 4.5


@shared_task(name="inference.tasks.warm_pools", base=TenantTask, cross_tenant=True, time_limit=110)
def warm_pools() -> None:
    """One turn of the warmer over all pools, side by side.

    A pool that another worker has is left to it.
    """
    warm_for(TURN_S)


@shared_task(
    name="inference.tasks.learn_pools", base=TenantTask, cross_tenant=True, time_limit=3600
)
def learn_pools() -> None:
    """Refit the forecasts that are a day old.

    Beat asks each hour, so that a machine that is restarted every day learns too.
    """
    learn_due_pools(at=clock.now())
