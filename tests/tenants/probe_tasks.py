"""Tasks that a real worker runs for the tests:
each leaves what it saw in the tenant's audit trail.
"""

import os
import time

from celery import shared_task
from django.db import connections

from tenants.actions import record_audit
from tenants.context import acts_as_control, bound_tenant_id
from tenants.jobs import TenantTask
from tenants.models import AuditEvent
from tenants.queries import all_tenant_ids


@shared_task(base=TenantTask)
def leave_a_note(note: str, *, times: int = 1) -> None:
    """Writes, and says how many notes its tenant has."""
    for _ in range(times):
        record_audit(
            action="probe.note", subject=note, detail={"before": AuditEvent.objects.count()}
        )


@shared_task(base=TenantTask, bind=True, max_retries=1)
def leave_a_note_at_the_second_try(self: TenantTask, note: str) -> None:
    """Fails once, after writing; the retry is another message with the same header."""
    record_audit(action="probe.note", subject=note)
    if self.request.retries == 0:
        raise self.retry(countdown=0)


@shared_task(base=TenantTask, cross_tenant=True)
def note_for_everyone(note: str) -> None:
    """Finds the tenants as control and sends each its own job."""
    assert acts_as_control()
    assert bound_tenant_id() is None
    for tenant_id in all_tenant_ids():
        leave_a_note.for_tenant(tenant_id, note)


@shared_task(base=TenantTask)
def say_how_connected(note: str) -> None:
    """Whether this forked process has a pool of its own, and as whom it speaks."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT session_user")
        (login,) = cursor.fetchone()
    pooled = connections["default"].settings_dict["OPTIONS"].get("pool") is not None
    record_audit(action="probe.note", subject=note, detail={"login": login, "pooled": pooled})


@shared_task(base=TenantTask)
def end_the_process() -> None:
    """What a segmentation fault or the machine's memory would do."""
    os._exit(1)


@shared_task(base=TenantTask, retry_backoff=False, default_retry_delay=0)
def fail_always(note: str) -> None:
    """Fails whenever it runs."""
    raise ZeroDivisionError(note)


@shared_task(base=TenantTask, time_limit=1)
def run_for_ever() -> None:
    """Is ended from outside each time."""
    while True:
        time.sleep(60)
