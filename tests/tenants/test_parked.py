"""A job that keeps failing is parked with its reason, beside others that are done."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tenants.context import CONTROL, as_tenant
from tenants.models import AuditEvent
from tenants.parked.actions import (
    count_attempt,
    discard_old,
    discard_parked,
    forget_attempts,
    retry_parked,
    send_again,
)
from tenants.parked.models import TaskAttempt
from tenants.parked.queries import parked_tasks
from tenants.parked.types import MOST_ATTEMPTS
from tests.tenants.probe_tasks import (
    end_the_process,
    fail_always,
    leave_a_note,
    run_for_ever,
)
from tests.tenants.test_jobs import eventually, notes, worker  # noqa: F401  fixture
from warmline.kernel import clock
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = pytest.mark.django_db


def tried(tenant_id: TenantId, times: int = 1, *, args: Any = ("x",)) -> str:
    """A job of the company's that failed so often; its id."""
    task_id = str(new_uuid())
    for _ in range(times):
        count_attempt(
            task_id,
            task=leave_a_note.name,
            company=tenant_id,
            args=args,
            kwargs={},
            why="ZeroDivisionError",
        )
    return task_id


def test_a_job_is_parked_with_the_fifth_attempt(rivertown: TenantId) -> None:
    """Not before; what is done in the end is forgotten."""
    task_id = tried(rivertown, MOST_ATTEMPTS - 1)
    assert parked_tasks() == []
    forget_attempts(task_id)
    assert not TaskAttempt.objects.using(CONTROL).exists()
    tried(rivertown, MOST_ATTEMPTS)
    (parked,) = parked_tasks()
    assert (parked.attempts, parked.why) == (MOST_ATTEMPTS, "ZeroDivisionError")
    forget_attempts(str(parked.id))
    assert len(parked_tasks()) == 1


def test_the_same_job_of_the_same_company_is_parked_once(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """A sweep sends it every minute."""
    for _ in range(3):
        tried(rivertown, MOST_ATTEMPTS)
    tried(rivertown, MOST_ATTEMPTS, args=("y",))
    tried(lakeside, MOST_ATTEMPTS)
    assert len(parked_tasks()) == 3


def test_an_operator_decides_once_and_the_company_sees_it(rivertown: TenantId) -> None:
    """Discarded or sent again, in the company's own trail."""
    first = tried(rivertown, MOST_ATTEMPTS)
    discard_parked(first)
    second = tried(rivertown, MOST_ATTEMPTS)
    retry_parked(second)
    for task_id in (first, second, str(new_uuid())):
        for decide in (discard_parked, retry_parked):
            with pytest.raises(NotFound, match="somebody else may have decided"):
                decide(task_id)
    with as_tenant(rivertown):
        events = AuditEvent.objects.filter(action__startswith="task.").order_by("id")
        assert [event.action for event in events] == ["task.discard", "task.retry"]


def test_a_job_of_a_name_that_is_gone_is_parked_anew(rivertown: TenantId) -> None:
    """After an upgrade."""
    task_id = str(new_uuid())
    for _ in range(MOST_ATTEMPTS):
        count_attempt(task_id, task="gone", company=rivertown, args=[], kwargs={}, why="x")
    retry_parked(task_id)
    assert send_again() == 0
    assert parked_tasks()[0].why == "there is no job of that name in this version"


def test_what_nobody_decides_on_is_dropped_after_a_month(rivertown: TenantId) -> None:
    """Nothing grows without end."""
    tried(rivertown, MOST_ATTEMPTS)
    assert discard_old() == 0
    TaskAttempt.objects.using(CONTROL).update(first_at=clock.now().replace(year=2020))
    assert discard_old() == 1


def test_the_command_lists_and_decides(rivertown: TenantId) -> None:
    """As text and as JSON."""
    task_id = tried(rivertown, MOST_ATTEMPTS)
    out = StringIO()
    call_command("parked_tasks", "--json", stdout=out)
    assert [task["id"] for task in json.loads(out.getvalue())] == [task_id]
    call_command("parked_tasks", "--discard", task_id, stdout=StringIO())
    assert parked_tasks() == []
    with pytest.raises(CommandError, match="expected one of those"):
        call_command("parked_tasks", "--retry", "the first")


def until_parked(log: Path, tenant_id: TenantId) -> Any:
    def look() -> Any:
        return [task for task in parked_tasks() if str(task.company) == tenant_id]

    return eventually(look, log)[0]


def test_a_poison_task_is_parked_and_a_thousand_good_ones_are_done_beside_it(
    worker: Path,
    rivertown: TenantId,
    lakeside: TenantId,
) -> None:
    """One ends its process each time, one fails each time; a decision sends it once more."""
    fail_always.for_tenant(lakeside, "in vain")
    end_the_process.for_tenant(rivertown)
    for number in range(100):
        leave_a_note.for_tenant(lakeside, str(number))
    poison = until_parked(worker, rivertown)
    assert (poison.task, poison.why) == (end_the_process.name, "the process that ran it ended")
    failing = until_parked(worker, lakeside)
    assert (failing.why, failing.attempts) == ("ZeroDivisionError", MOST_ATTEMPTS)
    assert eventually(lambda: len(notes(lakeside)) == 100, worker)


def test_a_job_that_never_ends_is_tried_again_and_parked(worker: Path, rivertown: TenantId) -> None:
    """The worker ends it at its time limit; it is neither lost nor in another's way."""
    run_for_ever.for_tenant(rivertown)
    parked = until_parked(worker, rivertown)
    assert (parked.task, parked.attempts) == (run_for_ever.name, MOST_ATTEMPTS)
    leave_a_note.for_tenant(rivertown, "after it")
    assert eventually(lambda: notes(rivertown), worker) == ["after it"]
