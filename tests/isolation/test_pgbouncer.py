"""Behind PgBouncer in transaction mode: many clients on two connections, and no tenant leaks."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connection, connections
from psycopg import errors

from tenants.actions import create_api_key
from tenants.context import as_control, as_tenant, bound
from tenants.models import ApiKey, Tenant
from tenants.postgres.addresses import behind_pgbouncer
from tests import services
from tests.isolation.pgbouncer import SERVERS, bounced, pgbouncer_running, shipped, through
from tests.tenants.postgres.test_isolation import (  # noqa: F401  they run here again
    rows,
    test_no_table_answers_raw_sql_without_a_tenant,
    test_no_table_lets_another_tenants_row_be_changed_or_removed,
    test_no_table_shows_another_tenants_row_to_raw_sql,
    test_no_table_takes_or_gives_away_a_row,
)
from tests.tenants.test_context import (  # noqa: F401  they run here again
    give_keys,
    keys,
    test_a_connection_carries_nothing_over,
    test_a_row_for_another_tenant_is_refused,
    test_a_tenant_inside_control_is_the_app_role_again,
    test_a_transaction_keeps_the_tenant_of_its_first_statement,
    test_an_asynchronous_query_is_the_tenants_own,
    test_each_tenant_finds_its_own_rows_only,
    test_interleaved_tasks_of_two_tenants_never_mix,
    test_statements_outside_a_transaction_get_one_each,
    test_the_tenant_survives_a_savepoint_that_is_rolled_back,
    test_what_runs_on_commit_still_has_its_tenant,
    test_without_a_tenant_a_query_for_tenant_rows_is_refused,
)
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.pgbouncer]
CLIENTS, TURNS = 24, 12


@pytest.fixture(scope="module")
def port(postgres_server: str, django_db_setup: None) -> Iterator[int]:
    """One that clears nothing between transactions: what is promised must not need it."""
    with (
        psycopg.connect(postgres_server, dbname=services.DATABASE, autocommit=True) as superuser,
        pgbouncer_running(superuser, name="bouncer", server_reset_query_always="0") as port,
    ):
        yield port


@pytest.fixture
def shipped_port(superuser: psycopg.Connection) -> Iterator[int]:
    """One as operators are given it, which does."""
    with pgbouncer_running(superuser, name="shipped") as port:
        yield port


@pytest.fixture(autouse=True)
def _through_it(port: int, db: None) -> Iterator[None]:
    """Everything of Django's."""
    with through(port):
        yield


@pytest.fixture
def app_session(port: int) -> Iterator[psycopg.Connection]:
    """A bare session of the app role through it, which prepares nothing."""
    with client(port) as session:
        yield session


def client(port: int) -> psycopg.Connection:
    """One more client of the app role."""
    session = psycopg.connect(**bounced(services.urls.app, port), autocommit=True)
    session.prepare_threshold = None
    return session


def create_a_key_and_sleep_too_long() -> None:
    create_api_key("undone")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT count(*) FROM generate_series(1, 1000000000)")


def backend(session: psycopg.Connection) -> int:
    row = session.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    return int(row[0])


def test_the_file_that_operators_are_given_is_in_transaction_mode() -> None:
    """And clears each connection after every transaction, whoever had it."""
    given = shipped()["pgbouncer"]
    assert given["pool_mode"] == "transaction"
    assert (given["server_reset_query"], given["server_reset_query_always"]) == ("DISCARD ALL", "1")
    assert given["ignore_startup_parameters"] == ""


def test_many_clients_of_two_tenants_share_two_connections(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """Each sees its own in every transaction, on a connection that the other had just now."""
    give_keys(rivertown, lakeside)
    own = {rivertown: ["of rivertown"], lakeside: ["of lakeside"]}
    used: dict[int, set[str]] = {}
    guard = threading.Lock()

    def take_turns(tenant_id: TenantId) -> None:
        for _ in range(TURNS):
            with as_tenant(tenant_id), connection.cursor() as cursor:
                assert keys() == own[tenant_id]
                cursor.execute("SELECT pg_backend_pid()")
                (pid,) = cursor.fetchone()
            with guard:
                used.setdefault(pid, set()).add(tenant_id)
        connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(take_turns, [rivertown, lakeside] * (CLIENTS // 2)))
    assert len(used) <= SERVERS
    assert set().union(*used.values()) == {rivertown, lakeside}
    assert any(len(tenants) == 2 for tenants in used.values()), "no connection served both"


def test_the_next_transaction_on_a_connection_is_nobodys(rivertown: TenantId, port: int) -> None:
    """Though it is the very connection that a tenant's transaction had."""
    with as_tenant(rivertown), connection.cursor() as cursor:
        create_api_key("of rivertown")
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    seen = []
    for _ in range(200):
        with client(port) as session:
            if backend(session) != pid:
                continue
            asked = "SELECT current_setting('warmline.tenant_id', true)"
            seen.append(session.execute(asked).fetchone())
            with pytest.raises(errors.InsufficientPrivilege, match="no tenant is bound"):
                session.execute("SELECT * FROM tenants_apikey")
        if len(seen) > 5:
            break
    assert seen
    assert set(seen) <= {(None,), ("",)}


LEFT_BEHIND = {
    "warmline.tenant_id": "SELECT set_config('warmline.tenant_id', '{}', false)",
    "search_path": "SET search_path = pg_catalog",
    "statement_timeout": "SET statement_timeout = 0",
    "row_security": "SET row_security = off",
}


def test_what_a_statement_left_in_its_session_reaches_nobody(
    rivertown: TenantId, shipped_port: int
) -> None:
    """An injected one, say: `DISCARD ALL` comes between it and the next client."""
    with client(shipped_port) as honest, client(shipped_port) as attacker:
        for asked, said in LEFT_BEHIND.items():
            show = f"SELECT current_setting('{asked}', true)"
            before = honest.execute(show).fetchone()
            for _ in range(2 * SERVERS):
                attacker.execute(said.format(rivertown))
                assert honest.execute(show).fetchone() in {before, ("",)}


def test_nothing_is_prepared_and_no_cursor_left(rivertown: TenantId, port: int) -> None:
    """The next client of a connection would meet them: under another tenant, or not at all."""
    with bound(rivertown):
        for name in "abc":
            create_api_key(name)
        for _ in range(8):  # psycopg prepares what it has seen five times, unless it is told not to
            assert keys() == ["a", "b", "c"]
        half_read = ApiKey.objects.order_by("name").iterator(chunk_size=1)
        assert next(half_read).name == "a"
        for _ in range(4 * SERVERS):
            with client(port) as session:
                for what in ("pg_prepared_statements", "pg_cursors WHERE is_holdable"):
                    assert session.execute(f"SELECT name FROM {what}").fetchall() == []
        assert [key.name for key in half_read] == ["b", "c"]


def test_roles_share_no_connection(rivertown: TenantId) -> None:
    """Each is who it says, with the timeouts and the path that it was given."""
    with as_tenant(rivertown):
        assert Tenant.objects.count() == 1
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as c:
            c.execute("SET LOCAL ROLE warmline_control")
    with as_control():
        assert Tenant.objects.count() == 1
    for alias, role, ends in (
        (DEFAULT_DB_ALIAS, "warmline_app", "10s"),
        ("control", "warmline_control", "30s"),
    ):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT session_user, current_setting('statement_timeout')")
            assert cursor.fetchone() == (role, ends)
            cursor.execute("SHOW search_path")
            assert "homeservices_voice" in cursor.fetchone()[0]


def test_what_would_be_set_for_the_session_is_refused(port: int) -> None:
    """By PgBouncer, and before that by the settings, in a sentence."""
    address = bounced(services.urls.app, port) | {"options": "-c statement_timeout=1000"}
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter: options"):
        psycopg.connect(**address)
    database = {**connections.settings[DEFAULT_DB_ALIAS], "OPTIONS": {"options": "-c jit=off"}}
    with pytest.raises(ConfigurationError, match="expected no options behind PgBouncer"):
        behind_pgbouncer(database)


def test_a_transaction_that_breaks_leaves_its_connection_to_nobody(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """Neither its tenant nor what it had not committed."""
    for _ in range(3 * SERVERS):
        with pytest.raises(OperationalError), as_tenant(rivertown):
            create_a_key_and_sleep_too_long()
        with as_tenant(lakeside):
            assert keys() == []
    with as_tenant(rivertown):
        assert keys() == []
