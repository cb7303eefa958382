"""What becomes of a job's message where it arrives: run in this process, as a worker runs it."""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from celery.exceptions import Reject
from django.conf import settings
from django.db import connections

from tenants.context import as_tenant
from tenants.jobs import TenantTask, signed_headers
from tenants.models import AuditEvent, SecurityEvent
from tenants.postgres.base import _INHERITED
from tenants.worker import close_connections, drop_inherited_connections
from tests.tenants.probe_tasks import leave_a_note, note_for_everyone
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def deliver(task: TenantTask, *args: str, task_id: str = "", **headers: str) -> None:
    """Run a task as a worker does: its message's id and headers are the task's request."""
    task.push_request(id=task_id, called_directly=False, **headers)
    try:
        task(*args)
    finally:
        task.pop_request()


@contextmanager
def options_kept() -> Iterator[None]:
    """The databases' options as they were, whatever is done to them inside."""
    before = copy.deepcopy({alias: settings.DATABASES[alias]["OPTIONS"] for alias in connections})
    try:
        yield
    finally:
        for alias, options in before.items():
            settings.DATABASES[alias]["OPTIONS"].update(options)


def refused() -> list[str]:
    return [event.detail["why"] for event in SecurityEvent.objects.using("control").all()]


def test_a_message_runs_for_the_tenant_that_its_header_proves(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """Inside that tenant's transaction; the other finds nothing."""
    task_id = str(uuid4())
    headers = signed_headers(
        leave_a_note.name, task_id=task_id, tenant_id=rivertown, args=["hello"], kwargs={}
    )
    deliver(leave_a_note, "hello", task_id=task_id, **headers)
    with as_tenant(rivertown):
        assert AuditEvent.objects.get().subject == "hello"
    with as_tenant(lakeside):
        assert not AuditEvent.objects.exists()


def test_a_message_without_a_tenant_is_refused_and_remembered(rivertown: TenantId) -> None:
    """It goes to the dead letters; control can read that it came."""
    with pytest.raises(Reject):
        deliver(leave_a_note, "for nobody", task_id=str(uuid4()))
    assert refused() == ["no tenant in the header"]


def test_a_message_with_another_messages_header_is_refused(rivertown: TenantId) -> None:
    """A header proves one message, with its arguments."""
    headers = signed_headers(
        leave_a_note.name, task_id=str(uuid4()), tenant_id=rivertown, args=["hello"], kwargs={}
    )
    with pytest.raises(Reject):
        deliver(leave_a_note, "hello", task_id=str(uuid4()), **headers)
    assert refused() == ["the header's MAC does not fit"]
    with as_tenant(rivertown):
        assert not AuditEvent.objects.exists()


def test_a_sweep_runs_as_control_without_a_tenant() -> None:
    """The task asserts it; with no tenants it has nothing to send."""
    deliver(note_for_everyone, "to all", task_id=str(uuid4()))


def test_a_job_process_lets_go_of_the_pools_of_its_parent() -> None:
    """It was forked with them; its next query has a connection of its own, without a pool."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (inherited,) = cursor.fetchone()

    def in_the_job_process() -> tuple[int, bool]:
        drop_inherited_connections()
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend = cursor.fetchone()[0]
            default: Any = connections["default"]  # of tenants.postgres
            return backend, default.pool is None
        finally:
            close_connections()

    with options_kept(), ThreadPoolExecutor(max_workers=1) as thread:
        backend, without_pool = thread.submit(in_the_job_process).result()
    assert backend != inherited
    assert without_pool
    connections.close_all()
    while _INHERITED:
        _INHERITED.pop().close()
