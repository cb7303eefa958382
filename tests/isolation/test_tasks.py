"""Every job: it runs for the tenant that its header proves, and touches nobody else's rows."""

import inspect
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast
from uuid import uuid4

import psycopg
import pytest
import redis
from celery.app.trace import trace_task
from celery.exceptions import CDeprecationWarning
from celery.states import REJECTED, SUCCESS

from tenants.context import as_control
from tenants.jobs import MAC_HEADER, TENANT_HEADER, TenantTask, signed_headers
from tenants.models import SecurityEvent
from tests.isolation.canaries import digests, planted_canaries
from warmline.celery import app
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db]

# Jobs without a tenant, and why: as control they find work and send each tenant its own job, or do
# what belongs to no tenant.
CROSS_TENANT: Final = {
    "inference.tasks.learn_pools": "pools belong to no tenant",
    "inference.tasks.warm_pools": "pools belong to no tenant",
    "rag.tasks.renew_outdated": "finds tenants",
    "rag.tasks.send_waiting": "finds tenants",
    "rag.tasks.sweep_orphans": "finds tenants",
    "shadow.tasks.score_finished": "finds tenants and their calls",
    "telephony.tasks.ask_about_calls": "finds tenants",
    "telephony.tasks.close_lost_calls": "finds tenants",
    "telephony.tasks.erase_what_is_due": "finds tenants",
    "telephony.tasks.index_ended_calls": "finds tenants",
    "telephony.tasks.learn_round_trips": "numbers leave the rows, not whose they are",
    "telephony.tasks.refresh_routes": "finds tenants",
    "telephony.tasks.roll_up_usage": "finds tenants",
    "telephony.tasks.settle_numbers": "finds tenants",
    "telephony.tasks.summarise_calls": "turns to one tenant after the other",
    "tenants.tasks.erase_closed_companies": "finds tenants",
    "tenants.tasks.forget_idempotent_requests": "by their time alone",
    "tenants.tasks.send_decided": "parked jobs go out under their own header",
    "tenants.tasks.send_mail": "mail belongs to people",
    "tenants.tasks.tell_of_trials": "turns to one tenant after the other",
    "tenants.tasks.tidy_accounts": "accounts belong to people",
    "tenants.webhooks.tasks.forget_old": "finds tenants",
}
# What a job's argument may name of another tenant's: the table that it is an id of, or the column.
ARGUMENTS: Final = {
    "call_id": ("telephony_call", "id"),
    "revision_id": ("rag_revision", "id"),
    "e164": ("telephony_number", "e164"),
}


def our_tasks() -> dict[str, TenantTask]:
    """By name, as a worker knows them."""
    with warnings.catch_warnings():
        # That a task names its queue is deprecated from a version on that is not there yet.
        warnings.simplefilter("ignore", CDeprecationWarning)
        app.loader.import_default_modules()
        tasks = app.tasks
    return {
        name: cast("TenantTask", task)
        for name, task in tasks.items()
        if not name.startswith(("celery.", "tests."))
    }


TASKS: Final = our_tasks()
OF_A_TENANT: Final = {name: task for name, task in TASKS.items() if not task.cross_tenant}


@dataclass(frozen=True, slots=True)
class World:
    """One tenant with nothing, and one with a canary in every table, some of them due."""

    own: TenantId
    other: TenantId
    superuser: psycopg.Connection
    store: redis.Redis

    def arguments(self, task: TenantTask) -> list[str]:
        """The other's ids, wherever the job takes one."""
        given = []
        for name in inspect.signature(task.run).parameters:
            table, column = ARGUMENTS[name]
            row = self.superuser.execute(
                f"SELECT {column} FROM {table} WHERE tenant_id = %s",
                (self.other,),
            ).fetchone()
            assert row is not None
            given.append(str(row[0]))
        return given

    def theirs(self) -> Mapping[str, object]:
        """All that the other has, in Postgres and in Redis."""
        keys = sorted(key for key in self.store.scan_iter("*") if self.other.encode() in key)
        return {**digests(self.superuser, self.other), "redis": [self.store.dump(k) for k in keys]}


@pytest.fixture
def world(
    rivertown: TenantId, lakeside: TenantId, superuser: psycopg.Connection, empty_valkey: str
) -> Iterator[World]:
    """Lakeside has rows; rivertown has none."""
    with planted_canaries(lakeside), redis.Redis.from_url(empty_valkey) as store:
        for statement in DUE:
            superuser.execute(statement, (lakeside,))
        yield World(rivertown, lakeside, superuser, store)


# What a job of the other's would work on.
DUE: Final = (
    """UPDATE telephony_call SET state = 'live', region = 'us-east', facts = '{}', leases = '[]',
    started_at = now() - interval '5 hours', ended_at = NULL WHERE tenant_id = %s""",
    "UPDATE rag_revision SET state = 'queued', claimed_at = NULL WHERE tenant_id = %s",
)
# Of a tenant's jobs those that need nothing beside Postgres and have something to do then.
WORK: Final = {
    "rag.tasks.rebuild_words_of_tenant",
    "rag.tasks.take_in",
    "telephony.tasks.close_lost_calls_of_tenant",
    "telephony.tasks.roll_up_usage_of_tenant",
    "tenants.webhooks.tasks.forget_old_of_tenant",
}


def state_of(task: TenantTask, args: list[str], headers: Mapping[str, str], task_id: str) -> str:
    """How a message ends, as a worker runs it."""
    request = {"id": task_id, "retries": 0, "delivery_info": {}, **headers}
    info = trace_task(task, task_id, tuple(args), {}, request=request, app=app).info
    return SUCCESS if info is None else str(info.state)


def header(task: TenantTask, tenant_id: TenantId, args: list[str], task_id: str) -> dict[str, str]:
    """As `for_tenant` sends it."""
    return signed_headers(task.name, task_id=task_id, tenant_id=tenant_id, args=args, kwargs={})


def test_every_job_has_a_tenant_or_says_why_not() -> None:
    """And what its arguments could name of another's is known here."""
    assert {name for name, task in TASKS.items() if task.cross_tenant} == set(CROSS_TENANT)
    for name, task in TASKS.items():
        assert isinstance(task, TenantTask), name
        assert set(inspect.signature(task.run).parameters) <= set(ARGUMENTS), name
        if task.cross_tenant:
            assert not inspect.signature(task.run).parameters, name
            with pytest.raises(TypeError, match="across tenants"):
                task.for_tenant("00000000-0000-7000-8000-000000000000")


def test_no_job_of_a_tenant_runs_without_it(world: World) -> None:
    """No header, an unsigned one, another message's, another tenant's under its MAC."""
    before, refused = world.theirs(), 0
    for task in OF_A_TENANT.values():
        args, task_id = world.arguments(task), str(uuid4())
        sent = header(task, world.own, args, task_id)
        for headers in (
            {},
            {TENANT_HEADER: world.other},
            sent | {TENANT_HEADER: world.other},
            header(task, world.other, args, str(uuid4())),
            header(task, world.other, [*args, "more"], task_id),
            header(task, world.other, args, task_id) | {MAC_HEADER: sent[MAC_HEADER]},
        ):
            assert state_of(task, args, headers, task_id) == REJECTED, task.name
            refused += 1
    with as_control():
        assert SecurityEvent.objects.filter(action="job.refused").count() == refused
    assert world.theirs() == before


def test_no_job_touches_another_tenants_rows(world: World) -> None:
    """With the other's ids for its arguments, and with work of the other's that is due."""
    before, odd = world.theirs(), {}
    for task in OF_A_TENANT.values():
        args, task_id = world.arguments(task), str(uuid4())
        state_of(task, args, header(task, world.own, args, task_id), task_id)
        if changed := {k for k, v in world.theirs().items() if v != before[k]}:
            odd[task.name] = changed
    assert odd == {}


def test_the_same_jobs_work_for_the_other(world: World) -> None:
    """Else the test before would prove nothing."""
    worked = set()
    for name, task in OF_A_TENANT.items():
        args, task_id, before = world.arguments(task), str(uuid4()), world.theirs()
        state_of(task, args, header(task, world.other, args, task_id), task_id)
        if world.theirs() != before:
            worked.add(name)
    assert worked >= WORK
