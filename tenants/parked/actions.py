"""The writes, as control: attempts are counted outside of what the job itself writes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction

from tenants.actions import record_audit
from tenants.columns import fit_columns
from tenants.context import CONTROL, as_tenant
from tenants.parked.models import TaskAttempt
from tenants.parked.types import KEPT_PARKED, MOST_ATTEMPTS
from warmline.kernel import clock
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

log = structlog.get_logger()


def count_attempt(
    task_id: str,
    *,
    task: str,
    company: str | None,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    why: str,
    parks_at: int | None = MOST_ATTEMPTS,
) -> bool:
    """Keep that a job was tried and not done; whether it is parked now.

    It is with so many attempts, and stays so; None parks it never.
    """
    kept = fit_columns(TaskAttempt, {"task": task, "why": why})
    first = {
        **kept,
        "company": company,
        "args": list(args),
        "kwargs": dict(kwargs),
    }
    with transaction.atomic(using=CONTROL):
        rows = TaskAttempt.objects.using(CONTROL).select_for_update()
        row, _ = rows.get_or_create(id=task_id, defaults=first)
        row.attempts += 1
        row.why = kept["why"]
        if parks_at is not None and row.attempts >= parks_at and row.parked_at is None:
            row.parked_at = clock.now()
            log.error("job parked", task=task, task_id=task_id, why=row.why)
            # A sweep sends the same again and again: one of its kind waits for a decision.
            same = rows.filter(task=row.task, company=row.company, args=row.args)
            same.filter(parked_at__isnull=False).exclude(pk=row.pk).delete()
        row.save(using=CONTROL, update_fields=["attempts", "why", "parked_at"])
    return row.parked_at is not None


def forget_attempts(task_id: str) -> None:
    """A job that had failed is done."""
    TaskAttempt.objects.using(CONTROL).filter(pk=task_id, parked_at=None).delete()


def retry_parked(task_id: UUID | str) -> None:
    """Have a parked job tried once more within seconds, for the same company."""
    with transaction.atomic(using=CONTROL):
        row = _claimed(task_id)
        row.parked_at, row.again_at = None, clock.now()
        row.save(using=CONTROL, update_fields=["parked_at", "again_at"])
        _tell_company(row, action="task.retry")


def send_again() -> int:
    """Send what operators want tried again, its attempts forgotten; how many. From a job alone.

    One of a name that no job has any more is parked anew.
    """
    sent = 0
    with transaction.atomic(using=CONTROL):
        rows = TaskAttempt.objects.using(CONTROL).select_for_update(skip_locked=True)
        for row in rows.exclude(again_at=None)[:100]:
            job: Any = current_app.tasks.get(row.task)
            if job is None:
                row.why = "there is no job of that name in this version"
                row.parked_at, row.again_at = clock.now(), None
                row.save(using=CONTROL, update_fields=["why", "parked_at", "again_at"])
                continue
            job.send_again(row)
            row.delete(using=CONTROL)
            sent += 1
    return sent


def discard_parked(task_id: UUID | str) -> None:
    """Give a parked job up for good."""
    with transaction.atomic(using=CONTROL):
        row = _claimed(task_id)
        row.delete(using=CONTROL)
        _tell_company(row, action="task.discard")


def discard_of_company(tenant_id: TenantId) -> int:
    """Remove every trace of a company's jobs: it is being erased."""
    deleted, _ = TaskAttempt.objects.using(CONTROL).filter(company=tenant_id).delete()
    return deleted


def discard_old() -> int:
    """Remove what nobody has decided on for a month."""
    before = clock.now() - KEPT_PARKED
    deleted, _ = TaskAttempt.objects.using(CONTROL).filter(first_at__lt=before).delete()
    return deleted


def _claimed(task_id: UUID | str) -> TaskAttempt:
    rows = TaskAttempt.objects.using(CONTROL).select_for_update()
    row = rows.filter(pk=task_id).exclude(parked_at=None).first()
    if row is None:
        raise NotFound("no job is parked under that id: somebody else may have decided on it")
    return row


def _tell_company(row: TaskAttempt, *, action: str) -> None:
    """An operator's decision about a company's job stands in its own trail."""
    if row.company is not None:
        with as_tenant(row.company):
            record_audit(action=action, subject=str(row.pk), detail={"task": row.task})
