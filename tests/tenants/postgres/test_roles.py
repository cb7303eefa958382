"""What a stolen credential of each role is good for."""

import psycopg
import pytest
from psycopg import errors

from tenants.context import as_tenant
from tenants.names import APP_ROLE, CONTROL_ROLE, LOGIN_ROLES, OWNER_ROLE
from tenants.postgres.roles import role_urls
from tests import services
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.ids import TenantId

FORBIDDEN_TO_THE_APP = {
    "read without a tenant": "SELECT * FROM tenants_tenant",
    "an empty tenant": "SELECT set_config('warmline.tenant_id', '', false);"
    "SELECT * FROM tenants_tenant",
    "look past policies": "SET row_security = off; SELECT * FROM tenants_apikey",
    "become the owner": "SET ROLE warmline_owner",
    "become control": "SET ROLE warmline_control",
    "become the resolver": "SET ROLE warmline_resolver",
    "become the owner's session": "SET SESSION AUTHORIZATION warmline_owner",
    "turn row-level security off": "ALTER TABLE tenants_apikey DISABLE ROW LEVEL SECURITY",
    "add a policy": "CREATE POLICY mine ON tenants_apikey USING (true)",
    "drop a policy": "DROP POLICY tenant_isolation ON tenants_apikey",
    "truncate": "TRUNCATE tenants_apikey",
    "create a table": "CREATE TABLE public.mine (id int)",
    "shadow a table": "CREATE TEMP TABLE tenants_apikey (id int)",
    "create a function": "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "replace the context": "CREATE OR REPLACE FUNCTION tenancy.current_tenant() RETURNS uuid"
    " LANGUAGE sql AS 'SELECT NULL'",
    "create a schema": "CREATE SCHEMA mine",
    "make a trigger": "CREATE TRIGGER t BEFORE INSERT ON tenants_apikey"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "large objects": "SELECT lo_create(0)",
    "end another session": "SELECT pg_terminate_backend(pg_backend_pid())",
    "see what others run": "SELECT query FROM pg_stat_activity",
    "copy from a program": "COPY tenants_apikey FROM PROGRAM 'true'",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "write past policies": "COPY tenants_apikey FROM STDIN",
    "rewrite the trail": "UPDATE tenants_auditevent SET action = 'nothing'",
    "empty the trail": "TRUNCATE tenants_auditevent",
    "read refusals": "SELECT * FROM tenants_securityevent",
    "become staff": "UPDATE tenants_user SET is_staff = true",
    "make a user": "INSERT INTO tenants_user (id) VALUES (gen_random_uuid())",
    "make a tenant": "INSERT INTO tenants_tenant (id) VALUES (gen_random_uuid())",
    "replicate": "SELECT pg_create_logical_replication_slot('x', 'pgoutput')",
    "an extension": "CREATE EXTENSION vector",
    "do as the superuser": "ALTER ROLE warmline_app SUPERUSER",
    "read passwords": "SELECT password FROM tenants_user",
    "read who there is": "SELECT email FROM tenants_user",
    "change a password": "UPDATE tenants_user SET password = 'x'",
    "ask for a password": "SELECT * FROM tenancy.credential_of('op@example.com')",
    "read sessions": "SELECT session_key FROM django_session",
    "make a session": "INSERT INTO django_session VALUES ('x', 'x', now())",
    "end everybody's session": "DELETE FROM django_session",
    "become who reads passwords": "SET ROLE warmline_credentials",
    "block another's booking": "SELECT pg_advisory_lock(1)",
    "block it for a transaction": "SELECT pg_advisory_xact_lock(1)",
    "try whether it is blocked": "SELECT pg_try_advisory_lock_shared(1, 2)",
    "let all locks go": "SELECT pg_advisory_unlock_all()",
    "see others' locks": "SELECT * FROM pg_locks",
    "see what others run, by its function": "SELECT * FROM pg_stat_get_activity(NULL)",
    "see who is connected": "SELECT pg_stat_get_backend_client_addr(1)",
    "wake who listens": "SELECT pg_notify('calls', 'x')",
    "hold a connection": "SELECT pg_sleep(0)",
    "write to replicas": "SELECT pg_logical_emit_message(false, 'a', 'b')",
    "read roles' passwords": "SELECT rolpassword FROM pg_authid",
    "pass keys and triggers": "SET session_replication_role = replica",
    "load a library": "LOAD '/tmp/evil.so'",
    "set its own end": "ALTER ROLE warmline_app CONNECTION LIMIT 1000",
    "change control": "ALTER ROLE warmline_control SET row_security = off",
    "set for the database": "ALTER DATABASE warmline_test SET row_security = off",
    "publish": "CREATE PUBLICATION mine FOR ALL TABLES",
    "a function of its session": "CREATE FUNCTION pg_temp.f() RETURNS int"
    " LANGUAGE sql AS 'SELECT 1'",
    "a view before a table": "CREATE TEMP VIEW tenants_apikey AS SELECT 1",
    "copy to a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "copy to a file": "COPY (SELECT 1) TO '/tmp/copied'",
    "keep the fleet waiting": "BEGIN; LOCK TABLE inference_pool IN ACCESS EXCLUSIVE MODE",
    "expire a session": "UPDATE django_session SET expire_date = now()",
    "stop replication": "SELECT pg_replication_origin_create('x')",
    "settings of the server": "ALTER SYSTEM SET row_security = off",
    "take over what is owned": "REASSIGN OWNED BY warmline_owner TO warmline_app",
    "a comment that lies": "COMMENT ON TABLE tenants_apikey IS 'belongs to no tenant'",
    "make a view": "CREATE VIEW public.mine AS SELECT 1",
}


@pytest.mark.parametrize("what", FORBIDDEN_TO_THE_APP)
def test_the_app_role_may_not(
    what: str, rivertown: TenantId, app_session: psycopg.Connection
) -> None:
    """Each is refused by the database itself, with any SQL an injection can run."""
    with pytest.raises((errors.InsufficientPrivilege, errors.FeatureNotSupported)):
        app_session.execute(FORBIDDEN_TO_THE_APP[what])


@pytest.mark.parametrize("table", ["tenants_apikey", "tenants_member", "tenants_auditevent"])
def test_control_may_not_read_what_its_policies_do_not_name(
    table: str, control_session: psycopg.Connection
) -> None:
    """The fleet's credential opens no tenant's room."""
    with pytest.raises(errors.InsufficientPrivilege):
        control_session.execute(f"SELECT * FROM {table}")


def test_control_with_a_tenants_setting_is_still_control(
    rivertown: TenantId, control_session: psycopg.Connection
) -> None:
    """The setting means something to the app role only."""
    control_session.execute("SELECT set_config('warmline.tenant_id', %s, false)", (rivertown,))
    with pytest.raises(errors.InsufficientPrivilege):
        control_session.execute("SELECT * FROM tenants_member")


def test_the_resolver_cannot_log_in(postgres_server: str, django_db_setup: None) -> None:
    """It only lends its sight to two functions."""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(services.urls.app, user="warmline_resolver", password="any")


def test_a_tenant_sees_and_edits_only_its_own_row(
    rivertown: TenantId, lakeside: TenantId, app_session: psycopg.Connection
) -> None:
    """The list of tenants is nobody's business but control's; the slug stays as it was given."""
    with app_session.transaction():
        app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
        assert app_session.execute("SELECT slug FROM tenants_tenant").fetchall() == [("rivertown",)]
        assert app_session.execute("UPDATE tenants_tenant SET name = 'New'").rowcount == 1
        with pytest.raises(errors.InsufficientPrivilege), app_session.transaction():
            app_session.execute("UPDATE tenants_tenant SET slug = 'lakeside'")


def test_a_tenant_cannot_raise_its_own_weight(
    rivertown: TenantId, app_session: psycopg.Connection
) -> None:
    """It would pay for nothing and push others aside."""
    with app_session.transaction():
        app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
        with pytest.raises(errors.InsufficientPrivilege), app_session.transaction():
            app_session.execute("UPDATE tenants_tenant SET call_weight = 10")


def test_a_tenant_cannot_raise_its_own_class(
    rivertown: TenantId, app_session: psycopg.Connection
) -> None:
    """Cards would run for it at the platform's expense."""
    with app_session.transaction():
        app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
        with pytest.raises(errors.InsufficientPrivilege), app_session.transaction():
            app_session.execute("UPDATE tenants_tenant SET warm_replicas = 10")


@pytest.mark.parametrize("weight", [0, 11])
def test_a_weight_out_of_bounds_is_refused_by_the_database(
    rivertown: TenantId, control_session: psycopg.Connection, weight: int
) -> None:
    """Whoever writes it."""
    with pytest.raises(errors.CheckViolation):
        control_session.execute("UPDATE tenants_tenant SET call_weight = %s", (weight,))


def test_a_prepared_statement_answers_each_tenant_with_its_own(
    rivertown: TenantId, lakeside: TenantId, app_session: psycopg.Connection
) -> None:
    """The tenant is looked up when a plan runs, not when it is made; ten runs make it generic."""
    app_session.prepare_threshold = 0
    for tenant_id in [rivertown, lakeside] * 10:
        with app_session.transaction():
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (tenant_id,))
            seen = app_session.execute(
                "SELECT id::text FROM tenants_tenant WHERE name <> %s", ("",), prepare=True
            )
            assert seen.fetchall() == [(tenant_id,)]


def test_a_session_setting_does_not_outlive_its_transaction(
    rivertown: TenantId, app_session: psycopg.Connection
) -> None:
    """Rolled back or committed, the next transaction is nobody's."""
    for rollback in (False, True):
        with app_session.transaction(force_rollback=rollback):
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
        with pytest.raises(errors.InsufficientPrivilege, match="no tenant is bound"):
            app_session.execute("SELECT * FROM tenants_tenant")


def test_bootstrap_runs_again_without_harm(postgres_server: str, rivertown: TenantId) -> None:
    """Roles, passwords and tables are as before."""
    urls = services.bootstrap()
    assert urls == services.urls
    with as_tenant(rivertown):
        pass
    with psycopg.connect(urls.app) as session:
        assert session.execute("SELECT current_setting('statement_timeout')").fetchone() == ("10s",)


def test_bootstrap_asks_for_each_roles_password() -> None:
    """Named, before anything is touched."""
    with pytest.raises(ConfigurationError, match=CONTROL_ROLE):
        role_urls("host=/nowhere", database="x", passwords={OWNER_ROLE: "a", APP_ROLE: "b"})
    assert set(LOGIN_ROLES) == {OWNER_ROLE, APP_ROLE, CONTROL_ROLE}
