"""A database session carries nothing in, takes nothing on, and opens no other database."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import errors

from tenants.actions import hold_tenant
from tenants.context import as_tenant
from tenants.lint import violations
from tenants.models import Tenant
from tenants.postgres.sessions import RoleTampered, check_role_settings, forget_session
from tests import services
from warmline.kernel.ids import TenantId

# What an injected statement could leave in its session, and how the next one would notice.
LEFT_BEHIND = {
    "another path": ("SET search_path = evil", "SHOW search_path", "evil"),
    "no end": ("SET statement_timeout = 0", "SHOW statement_timeout", "0"),
    "a tenant": (
        "SELECT set_config('warmline.tenant_id', 'x', false)",
        "SELECT current_setting('warmline.tenant_id', true)",
        "x",
    ),
    "another clock": ("SET TIME ZONE 'Asia/Tokyo'", "SHOW TimeZone", "Asia/Tokyo"),
    "no writing": (
        "SET default_transaction_read_only = on",
        "SHOW default_transaction_read_only",
        "on",
    ),
    "other quoting": (
        "SET standard_conforming_strings = off",
        "SHOW standard_conforming_strings",
        "off",
    ),
    "a prepared statement": (
        "PREPARE left_behind AS SELECT 1",
        "SELECT string_agg(name, ',') FROM pg_prepared_statements",
        "left_behind",
    ),
    "a cursor": (
        "DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1",
        "SELECT string_agg(name, ',') FROM pg_cursors",
        "left_behind",
    ),
    "an ear": (
        "LISTEN left_behind",
        "SELECT string_agg(channel, ',') FROM pg_listening_channels() AS channel",
        "left_behind",
    ),
}


@pytest.mark.parametrize("what", LEFT_BEHIND)
def test_what_a_session_was_told_ends_with_its_use(
    what: str, app_session: psycopg.Connection
) -> None:
    """So that nothing of one tenant's request reaches the next on the same connection."""
    said, asked, answer = LEFT_BEHIND[what]
    before = app_session.execute(asked).fetchone()
    app_session.execute(said)
    assert app_session.execute(asked).fetchone() == (answer,)
    forget_session(app_session)
    after = app_session.execute(asked).fetchone()
    # A setting of ours that was set once reads '' and not NULL.
    assert after in {before, ("",)}


def test_a_connection_comes_back_from_the_pool_as_new(rivertown: TenantId) -> None:
    """The very same one, whatever was done with it."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('warmline.tenant_id', %s, false)", [rivertown])
        cursor.execute("SELECT pg_backend_pid()")
        used = cursor.fetchone()
        assert Tenant.objects.count() == 1, "a session of the tenant's"
    for _ in range(100):
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            if cursor.fetchone() == used:
                break
    else:
        pytest.fail("the pool did not give that connection again")
    with pytest.raises(Exception, match="no tenant is bound"):
        Tenant.objects.count()


@pytest.mark.parametrize("database", ["postgres", "template1"])
@pytest.mark.parametrize("role", ["app", "control", "owner"])
def test_no_role_connects_to_another_database(
    role: str, database: str, django_db_setup: None
) -> None:
    """There it would see what every session runs."""
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(getattr(services.urls, role), dbname=database)


def test_other_users_of_the_server_keep_their_way_in(superuser: psycopg.Connection) -> None:
    """What PUBLIC gave them is theirs when PUBLIC has it no more."""
    superuser.execute("CREATE ROLE neighbour LOGIN")
    superuser.execute("CREATE DATABASE next_door TEMPLATE template0")
    try:
        services.bootstrap()
        for role, connects in (("neighbour", True), ("warmline_app", False)):
            may = superuser.execute(
                "SELECT has_database_privilege(%s, 'next_door', 'CONNECT')", (role,)
            )
            assert may.fetchone() == (connects,)
    finally:
        superuser.execute("DROP DATABASE next_door")
        superuser.execute("DROP OWNED BY neighbour")
        superuser.execute("DROP ROLE neighbour")


@pytest.fixture
def restored(django_db_setup: None) -> Iterator[None]:
    """The roles as `bootstrap_roles` makes them, whatever a test did."""
    yield
    services.bootstrap()


@pytest.mark.parametrize(
    "setting",
    ["row_security = off", "default_transaction_read_only = on", "statement_timeout = 0"],
)
def test_a_role_that_was_tampered_with_is_not_used(
    setting: str, restored: None, app_session: psycopg.Connection, undone: psycopg.Connection
) -> None:
    """A role may ALTER ROLE itself; the next session refuses, the lint says so, bootstrap mends.

    Not so a setting of ours: PostgreSQL lets only a superuser give a role `warmline.tenant_id`.
    """
    with pytest.raises(errors.InsufficientPrivilege):
        app_session.execute("ALTER ROLE warmline_app SET warmline.tenant_id = 'x'")
    app_session.execute(f"ALTER ROLE warmline_app SET {setting}")
    name = setting.split(maxsplit=1)[0]
    with (
        psycopg.connect(services.urls.app, autocommit=True) as tampered,
        pytest.raises(RoleTampered, match=f"settings of {name} are not what bootstrap_roles"),
    ):
        check_role_settings(tampered)
    assert [str(violation) for violation in violations(undone) if name in violation.subject] != []
    services.bootstrap()
    with psycopg.connect(services.urls.app, autocommit=True) as mended:
        check_role_settings(mended)


def test_a_tenant_waits_for_nobody_elses_lock(
    rivertown: TenantId, lakeside: TenantId, app_session: psycopg.Connection
) -> None:
    """A tenant's row is held by its own transactions alone; advisory locks are nobody's."""
    held = "SELECT 1 FROM tenants_tenant FOR NO KEY UPDATE NOWAIT"
    with as_tenant(rivertown):
        hold_tenant()
        with app_session.transaction():
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (lakeside,))
            app_session.execute(held)
        with app_session.transaction():
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
            with pytest.raises(errors.LockNotAvailable), app_session.transaction():
                app_session.execute(held)
