"""Jobs on a real worker: each runs for the tenant that its header proves, or not at all."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tenants.actions import record_audit
from tenants.context import as_tenant
from tenants.jobs import MAC_HEADER, TENANT_HEADER, signed_headers
from tenants.models import AuditEvent, SecurityEvent
from tests.tenants.probe_tasks import (
    leave_a_note,
    leave_a_note_at_the_second_try,
    note_for_everyone,
    say_how_connected,
)
from warmline.celery import app
from warmline.kernel import env
from warmline.kernel.ids import TenantId

DEADLINE_S = 150  # a worker imports every app first; on a busy machine that alone took 50 s


@pytest.fixture(scope="module")
def worker(
    valkey_server: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A worker with one forked process, and its log."""
    log = tmp_path_factory.mktemp("worker") / "log"
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "warmline",
        "worker",
        "--concurrency",
        "1",
        "--loglevel",
        "INFO",
    ]
    command += ["--include", "tests.tenants.probe_tasks", "--without-gossip", "--without-mingle"]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            cwd=env.REPOSITORY,
            env=os.environ | {"PYTHONPATH": ".:platform"},
            stdout=output,
            stderr=output,
        )
        try:
            yield log
        finally:
            process.terminate()
            process.wait(timeout=30)


def eventually(look: Callable[[], Any], log: Path) -> Any:
    """What `look` answers, once that is something."""
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        if outcome := look():
            return outcome
        time.sleep(0.05)
    raise AssertionError(
        f"nothing within {DEADLINE_S} s; the worker's log:\n"
        f"{log.read_text(encoding='utf-8')[-3000:]}"
    )


def notes(tenant_id: TenantId) -> list[str]:
    with as_tenant(tenant_id):
        return list(
            AuditEvent.objects.filter(action="probe.note")
            .order_by("id")
            .values_list("subject", flat=True)
        )


def refusals() -> list[str]:
    return [event.detail["why"] for event in SecurityEvent.objects.using("control").all()]


def test_a_job_runs_for_the_tenant_it_was_sent_for(
    worker: Path, rivertown: TenantId, lakeside: TenantId
) -> None:
    """It writes there, and finds nothing of the other's."""
    with as_tenant(lakeside):
        record_audit(action="lakeside's own", subject="x")
    leave_a_note.for_tenant(rivertown, "hello", times=2)
    assert eventually(lambda: notes(rivertown), worker) == ["hello", "hello"]
    with as_tenant(rivertown):
        assert [event.detail for event in AuditEvent.objects.order_by("id")] == [
            {"before": 0},
            {"before": 1},
        ]
    assert notes(lakeside) == []


def test_a_retry_is_still_the_tenants_and_the_failed_try_left_nothing(
    worker: Path, rivertown: TenantId
) -> None:
    """One transaction a try."""
    leave_a_note_at_the_second_try.for_tenant(rivertown, "again")
    assert eventually(lambda: notes(rivertown), worker) == ["again"]


def test_a_sweep_sends_each_tenant_its_own_job(
    worker: Path, rivertown: TenantId, lakeside: TenantId
) -> None:
    """As control it only finds them."""
    note_for_everyone.delay("to all")
    for tenant_id in (rivertown, lakeside):
        assert eventually(partial(notes, tenant_id), worker) == ["to all"]


def test_a_job_process_speaks_as_the_app_over_a_connection_of_its_own(
    worker: Path, rivertown: TenantId
) -> None:
    """It was forked: its parent's pool is not its to use."""
    say_how_connected.for_tenant(rivertown, "connected")
    eventually(lambda: notes(rivertown), worker)
    with as_tenant(rivertown):
        assert AuditEvent.objects.get().detail == {"login": "warmline_app", "pooled": False}


def test_a_job_without_a_tenant_is_buried(worker: Path, rivertown: TenantId) -> None:
    """Sent by `delay`, it belongs to nobody: it never runs, and control can read that it came."""
    leave_a_note.delay("for nobody")
    assert eventually(refusals, worker) == ["no tenant in the header"]
    assert notes(rivertown) == []


def send_with_stolen_header(args: list[str], tenant_id: TenantId, **changes: str) -> None:
    """A header that was good for `leave_a_note("hello")` of one tenant,
    on a message that it was not made for.
    """
    task_id = str(uuid4())
    headers = signed_headers(
        leave_a_note.name, task_id=task_id, tenant_id=tenant_id, args=["hello"], kwargs={}
    )
    task_id = changes.pop("task_id", task_id)
    leave_a_note.apply_async(tuple(args), task_id=task_id, headers=headers | changes)


@pytest.mark.parametrize(
    "forgery",
    ["another tenant", "other arguments", "another message", "a guessed mac", "an empty mac"],
)
def test_a_header_that_was_not_made_for_this_message_is_buried(
    forgery: str, worker: Path, rivertown: TenantId, lakeside: TenantId
) -> None:
    """Whoever can write to the broker cannot choose a tenant."""
    args = ["rm everything"] if forgery == "other arguments" else ["hello"]
    forgeries: dict[str, dict[str, str]] = {
        "another tenant": {TENANT_HEADER: lakeside},
        "another message": {"task_id": str(uuid4())},
        "a guessed mac": {MAC_HEADER: "0" * 64},
        "an empty mac": {MAC_HEADER: ""},
    }
    send_with_stolen_header(args, rivertown, **forgeries.get(forgery, {}))
    assert eventually(refusals, worker) == ["the header's MAC does not fit"]
    assert notes(rivertown) == notes(lakeside) == []


def test_a_job_sent_in_a_transaction_that_fails_is_never_sent(
    worker: Path, rivertown: TenantId
) -> None:
    """And one sent in a transaction finds what that transaction wrote."""
    with pytest.raises(ZeroDivisionError), as_tenant(rivertown):
        send_and_fail(rivertown)
    with as_tenant(rivertown):
        leave_a_note.for_tenant(rivertown, "after the commit")
        record_audit(action="written later", subject="x")
    assert eventually(partial(notes, rivertown), worker) == ["after the commit"]
    with as_tenant(rivertown):
        assert AuditEvent.objects.get(action="probe.note").detail == {"before": 1}


def send_and_fail(tenant_id: TenantId) -> None:
    leave_a_note.for_tenant(tenant_id, "never")
    raise ZeroDivisionError


def test_a_job_across_tenants_cannot_be_sent_for_one(rivertown: TenantId) -> None:
    """It would run as control."""
    with pytest.raises(TypeError, match="across tenants"):
        note_for_everyone.for_tenant(rivertown, "x")


def test_a_job_called_in_place_runs_in_the_callers_context(rivertown: TenantId) -> None:
    """No message, no header: an ordinary function."""
    with as_tenant(rivertown):
        leave_a_note("in place")
    assert notes(rivertown) == ["in place"]


def test_every_task_of_the_project_is_made_from_the_one_that_checks() -> None:
    """Celery's own are not, and none of them touches a tenant."""
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert [name for name, task in ours.items() if not hasattr(task, "for_tenant")] == []
