"""The tenant is the transaction's, for exactly as long as the transaction."""

import asyncio
import threading

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from tenants.actions import create_api_key, record_audit
from tenants.context import (
    acts_as_control,
    as_control,
    as_tenant,
    bound,
    bound_tenant_id,
    current_tenant_id,
    run_as_tenant,
)
from tenants.errors import Busy, NoTenant, TenantSwitch
from tenants.models import ApiKey, AuditEvent, Tenant
from warmline.kernel.errors import BadInput, NotAllowed
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def keys() -> list[str]:
    return sorted(ApiKey.objects.values_list("name", flat=True))


def give_keys(rivertown: TenantId, lakeside: TenantId) -> None:
    for tenant_id, name in ((rivertown, "of rivertown"), (lakeside, "of lakeside")):
        with as_tenant(tenant_id):
            create_api_key(name)


def create_a_key_and_fail() -> None:
    create_api_key("undone")
    raise ZeroDivisionError


def test_each_tenant_finds_its_own_rows_only(rivertown: TenantId, lakeside: TenantId) -> None:
    """The same query, two answers."""
    give_keys(rivertown, lakeside)
    with as_tenant(rivertown):
        assert keys() == ["of rivertown"]
    with as_tenant(lakeside):
        assert keys() == ["of lakeside"]


def test_without_a_tenant_a_query_for_tenant_rows_is_refused(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """It fails closed, by the database's own word."""
    give_keys(rivertown, lakeside)
    with pytest.raises(ProgrammingError, match="no tenant is bound"):
        keys()


def test_a_row_for_another_tenant_is_refused(rivertown: TenantId, lakeside: TenantId) -> None:
    """Even when the code names the other tenant outright."""
    with pytest.raises(ProgrammingError, match="row-level security"), as_tenant(rivertown):
        ApiKey.objects.create(tenant_id=lakeside, name="planted", prefix="x", secret_sha256=b"x")
    with as_tenant(lakeside):
        assert keys() == []


def test_a_row_cannot_be_moved_to_another_tenant(rivertown: TenantId, lakeside: TenantId) -> None:
    """An update of tenant_id is an insert elsewhere."""
    give_keys(rivertown, lakeside)
    with pytest.raises(ProgrammingError, match="row-level security"), as_tenant(rivertown):
        ApiKey.objects.update(tenant_id=lakeside)


def test_a_row_without_a_tenant_gets_the_bound_one(rivertown: TenantId) -> None:
    """Nobody has to name the tenant to create a row."""
    with as_tenant(rivertown):
        record_audit(action="test", subject="x")
        assert [str(event.tenant_id) for event in AuditEvent.objects.all()] == [rivertown]


def test_another_tenant_cannot_be_bound_within(rivertown: TenantId, lakeside: TenantId) -> None:
    """Not in a nested context, of either kind."""
    with as_tenant(rivertown):
        with pytest.raises(TenantSwitch), as_tenant(lakeside):
            pass
        with pytest.raises(TenantSwitch), bound(lakeside):
            pass
        assert current_tenant_id() == rivertown


def test_a_transaction_keeps_the_tenant_of_its_first_statement(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """A transaction that outlives the context serves nobody else."""
    with transaction.atomic():
        with bound(rivertown):
            assert keys() == []
        with pytest.raises(TenantSwitch), bound(lakeside):
            keys()
        with pytest.raises(TenantSwitch):
            keys()


def test_a_tenant_cannot_be_bound_inside_a_transaction_of_nobody(rivertown: TenantId) -> None:
    """`as_tenant` is the transaction: it does not hide in one that may be rolled back around it."""
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), as_tenant(rivertown):
        pass


def test_the_same_tenant_within_is_a_savepoint(rivertown: TenantId) -> None:
    """What failed inside is gone, what stood around it stays."""
    with as_tenant(rivertown):
        create_api_key("kept")
        with pytest.raises(ZeroDivisionError), as_tenant(rivertown):
            create_a_key_and_fail()
        assert keys() == ["kept"]


def test_the_tenant_survives_a_savepoint_that_is_rolled_back(rivertown: TenantId) -> None:
    """The setting was made inside the savepoint and went with it; it is made again."""
    with bound(rivertown), transaction.atomic():
        sid = transaction.savepoint()
        create_api_key("undone")
        transaction.savepoint_rollback(sid)
        assert keys() == []
        create_api_key("kept")
    with as_tenant(rivertown):
        assert keys() == ["kept"]


def test_an_error_of_the_database_inside_a_savepoint_leaves_the_tenant_bound(
    rivertown: TenantId,
) -> None:
    """The failed statement spoils its savepoint and nothing else."""
    with as_tenant(rivertown):
        create_api_key("kept")
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM tenants_apikey")
        assert keys() == ["kept"]


def test_an_error_rolls_everything_back(rivertown: TenantId) -> None:
    """Like `transaction.atomic`."""
    with pytest.raises(ZeroDivisionError), as_tenant(rivertown):
        create_a_key_and_fail()
    with as_tenant(rivertown):
        assert keys() == []


def test_a_connection_carries_nothing_over(rivertown: TenantId) -> None:
    """The next transaction on the same connection starts as nobody's."""
    with as_tenant(rivertown):
        assert keys() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('warmline.tenant_id', true)")
        assert cursor.fetchone()[0] in {None, ""}


def test_statements_outside_a_transaction_get_one_each(rivertown: TenantId) -> None:
    """As asynchronous ORM calls make them; a server-side cursor too."""
    with bound(rivertown):
        create_api_key("one")
        assert keys() == ["one"]
        assert [key.name for key in ApiKey.objects.iterator(chunk_size=1)] == ["one"]
    assert not connection.in_atomic_block


def test_what_runs_on_commit_still_has_its_tenant(rivertown: TenantId) -> None:
    """Publishing after the commit may read what was committed."""
    seen: list[list[str]] = []
    with as_tenant(rivertown):
        create_api_key("one")
        transaction.on_commit(lambda: seen.append(keys()))
    assert seen == [["one"]]


def test_a_thread_starts_without_a_tenant(rivertown: TenantId) -> None:
    """Context does not leak into threads that nobody gave it to."""
    seen: list[str | None] = []
    with as_tenant(rivertown):
        thread = threading.Thread(target=lambda: seen.append(bound_tenant_id()))
        thread.start()
        thread.join(timeout=5)
    assert seen == [None]


def test_a_generator_read_after_its_context_is_refused(rivertown: TenantId) -> None:
    """A streaming response has to bind for itself."""
    with as_tenant(rivertown):
        lazy = Tenant.objects.all()
    with pytest.raises(ProgrammingError, match="no tenant is bound"):
        list(lazy)


def test_no_tenant_is_our_own_error() -> None:
    """Code that needs a tenant says so before it asks the database."""
    with pytest.raises(NoTenant):
        current_tenant_id()


@pytest.mark.parametrize("wrong", ["", "rivertown", "1 OR 1=1", "'; DROP TABLE x; --", "0" * 33])
def test_only_a_uuid_can_be_bound(wrong: str) -> None:
    """Whatever a client sends as a tenant id never reaches the setting."""
    with pytest.raises(BadInput, match="expected a UUID"), as_tenant(wrong):
        pass


def test_control_sees_all_tenants_and_none_of_their_rows(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """What the control role may read is named table by table."""
    give_keys(rivertown, lakeside)
    with as_control():
        assert Tenant.objects.count() == 2
        with pytest.raises(ProgrammingError, match="permission denied"):
            keys()


def test_a_tenant_inside_control_is_the_app_role_again(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """A sweep may turn to one tenant; it does not keep its wider sight there."""
    give_keys(rivertown, lakeside)
    with as_control(), as_tenant(rivertown):
        assert not acts_as_control()
        assert keys() == ["of rivertown"]
        assert Tenant.objects.count() == 1


def test_control_cannot_be_reached_from_within_a_tenant(rivertown: TenantId) -> None:
    """Work for a tenant does not widen."""
    with as_tenant(rivertown), pytest.raises(NotAllowed), as_control():
        pass


async def test_asynchronous_work_runs_for_its_tenant(rivertown: TenantId) -> None:
    """The result comes back, committed."""
    key = await run_as_tenant(rivertown, create_api_key, "from a coroutine")
    assert key.secret
    assert await run_as_tenant(rivertown, keys) == ["from a coroutine"]


async def test_interleaved_tasks_of_two_tenants_never_mix(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """150 pieces of work, every third failing, on a handful of threads and connections."""

    def work(number: int, tenant_id: TenantId) -> None:
        create_api_key(str(number))
        assert {
            str(tenant_id) for tenant_id in ApiKey.objects.values_list("tenant_id", flat=True)
        } == {tenant_id}
        if number % 3 == 0:
            raise ZeroDivisionError

    tenants = [(number, rivertown if number % 2 else lakeside) for number in range(150)]
    done = await asyncio.gather(
        *(run_as_tenant(tenant_id, work, number, tenant_id) for number, tenant_id in tenants),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in done] == [
        ZeroDivisionError if number % 3 == 0 else type(None) for number, _ in tenants
    ]
    for tenant_id in (rivertown, lakeside):
        kept = await run_as_tenant(tenant_id, keys)
        assert set(kept) == {
            str(number) for number, owner in tenants if owner == tenant_id and number % 3
        }


async def test_asynchronous_work_stands_in_a_line_of_bounded_length(rivertown: TenantId) -> None:
    """When the line is full the answer is Busy at once, and the ones in it are served."""
    gate = threading.Event()
    waiting = [asyncio.ensure_future(run_as_tenant(rivertown, gate.wait, 20)) for _ in range(200)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await run_as_tenant(rivertown, keys)
    gate.set()
    assert all(await asyncio.gather(*waiting))


async def test_an_asynchronous_query_is_the_tenants_own(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """Django's own asynchronous ORM, each statement in a thread and a transaction of its own."""
    await run_as_tenant(lakeside, create_api_key, "of lakeside")
    with bound(rivertown):
        await ApiKey.objects.acreate(name="of rivertown", prefix="x", secret_sha256=b"x")
        assert [key.name async for key in ApiKey.objects.all()] == ["of rivertown"]


def test_every_alias_is_the_role_it_says(rivertown: TenantId) -> None:
    """The suite would prove nothing if the app's connection were the owner's."""
    logins = {}
    for alias in ("default", "owner", "control"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT session_user, current_user")
            logins[alias] = cursor.fetchone()
    assert logins == {
        "default": ("warmline_app", "warmline_app"),
        "owner": ("warmline_owner", "warmline_owner"),
        "control": ("warmline_control", "warmline_control"),
    }
