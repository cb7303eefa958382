"""The job that scores shadowed calls when they are over."""

from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task

from shadow.actions import score_call
from shadow.queries import scored_calls
from telephony.calls import queries as telephony_queries
from tenants.jobs import TenantTask
from warmline.kernel import clock

log = structlog.get_logger()
LOOK_BACK = timedelta(days=2)  # longer than any outage of the jobs that nobody would notice
# The last events of a call may still be on their way into the database when the carrier says that
# it is over.
SETTLED_AFTER = timedelta(seconds=3)


@shared_task(name="shadow.tasks.score_finished", base=TenantTask, cross_tenant=True)
def score_finished() -> None:
    """Find shadowed calls that ended and have no score yet,
    in every tenant, and send each tenant its jobs.
    """
    now = clock.now()
    ended = telephony_queries.ended_calls(
        audience="screen", since=now - LOOK_BACK, before=now - SETTLED_AFTER
    )
    known = scored_calls([call_id for _, call_id in ended])
    for tenant_id, call_id in ended:
        if call_id not in known:
            score_one.for_tenant(tenant_id, str(call_id))


@shared_task(name="shadow.tasks.score_one", base=TenantTask)
def score_one(call_id: str) -> None:
    """Score one call of the tenant; done already, it stays."""
    run_id = score_call(UUID(call_id))
    log.info("shadow scored", call=call_id, run=str(run_id))
