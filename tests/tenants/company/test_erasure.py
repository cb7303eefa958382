"""Of an erased company nothing is left, anywhere, and another's is as it was."""

import io
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connections

from rag.actions import add_document
from rag.chroma import TenantIndex
from rag.queries import search
from shadow.actions import score_call
from telephony.calls import recording_store
from tenants.actions import add_member, create_api_key, create_user, record_audit
from tenants.company import actions, erasure
from tenants.company.queries import due_for_erasure
from tenants.context import CONTROL, as_tenant, bound
from tenants.models import SecurityEvent, Tenant
from tenants.parked.actions import count_attempt
from tenants.tasks import erase_closed_company
from tests.shadow.conftest import CONVERSATION, clinic, plumber, shadowed_call  # noqa: F401
from tests.telephony.calls.test_recordings import wav
from warmline.kernel import clock
from warmline.kernel.errors import Conflict
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chroma_server", "empty_valkey")]


def furnished(tenant_id: TenantId) -> None:
    """A company with a call, its recording and score, knowledge, people, a key, a parked job."""
    call_id = shadowed_call(tenant_id, CONVERSATION)
    user = create_user(f"{new_uuid()}@example.com", password="a long enough password")
    with as_tenant(tenant_id):
        score_call(call_id)
        recording_store.store(io.BytesIO(wav()), tenant_id=tenant_id)
        add_document("Prices", text="Weekend visits cost an extra forty dollars.")
        add_member(user, role="owner")
        create_api_key("a key")
    count_attempt(
        str(new_uuid()), task="a job", company=tenant_id, args=[], kwargs={}, why="it ended"
    )


@pytest.fixture
def closed(plumber: TenantId, clinic: TenantId) -> Iterator[TenantId]:
    """A company that closed a month ago, beside one that goes on."""
    furnished(plumber)
    furnished(clinic)
    with as_tenant(plumber):
        actions.close_company(confirmed_name="Rivertown")
    yield plumber
    recording_store.remove_all(clinic)


def erase_what_is_due() -> None:
    """The job of each company that is due."""
    for tenant_id in due_for_erasure(clock.now()):
        with bound(tenant_id):
            erase_closed_company()


def let_time_pass() -> None:
    Tenant.objects.using(CONTROL).filter(closed_at__isnull=False).update(
        erase_at=clock.now() - timedelta(seconds=1)
    )


def everything(superuser: psycopg.Connection, tenant_id: TenantId) -> list[str]:
    """Every row of every table in which a company's id stands, in whatever column."""
    names = superuser.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE c.relkind = 'r' AND r.rolname = 'warmline_owner'"
    ).fetchall()
    rows: list[str] = []
    for (name,) in names:
        if name != "tenants_securityevent":
            found = superuser.execute(
                f"SELECT '{name} ' || t::text FROM {name} t WHERE t::text LIKE %s ORDER BY 1",
                [f"%{tenant_id}%"],
            )
            rows += [row for (row,) in found.fetchall()]
    return rows


def test_nothing_of_an_erased_company_is_left_and_anothers_is_untouched(
    closed: TenantId,
    clinic: TenantId,
    superuser: psycopg.Connection,
) -> None:
    """In no row of any table, in no collection, in no recording; behind every policy's back."""
    others = everything(superuser, clinic)
    assert len(everything(superuser, closed)) > 20
    let_time_pass()
    erase_what_is_due()
    assert everything(superuser, closed) == []
    assert everything(superuser, clinic) == others
    assert (recording_store.count(closed), TenantIndex(closed).count()) == (0, 0)
    assert recording_store.count(clinic) == 1
    with as_tenant(clinic):
        assert search("what does a weekend visit cost")


def test_that_it_was_erased_is_kept_under_its_id_alone(closed: TenantId) -> None:
    """The proof for whoever asks later."""
    let_time_pass()
    erase_what_is_due()
    event = SecurityEvent.objects.using(CONTROL).get(action="company.erased")
    assert (event.source, event.detail["left"]) == (closed, 0)
    places = ["carrier accounts", "documents", "knowledge index", "parked jobs", "recordings"]
    assert event.detail["places"] == places
    assert event.detail["tables"] > 10


def test_a_company_that_may_come_back_is_not_erased(closed: TenantId) -> None:
    """Nor is one that never closed."""
    erase_what_is_due()
    with pytest.raises(Conflict, match="may still be opened again"):
        erasure.erase_company(closed, seconds=5)
    assert erasure.remains(closed)
    assert actions.reopen_company("rivertown").state == "open"


def test_the_app_deletes_no_trail_and_no_company_before_its_time(
    closed: TenantId, app_session: psycopg.Connection
) -> None:
    """Whatever a statement says: the policy is Postgres's."""
    for table in ("tenants_auditevent", "tenants_tenant"):
        with app_session.transaction():
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", [closed])
            assert app_session.execute(f"SELECT count(*) FROM {table}").fetchone() != (0,)
            assert app_session.execute(f"DELETE FROM {table}").rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_session.execute("UPDATE tenants_tenant SET erase_at = now()")


def test_an_erasure_that_was_interrupted_goes_on(
    closed: TenantId, superuser: psycopg.Connection
) -> None:
    """As many rows as there was time for, then the rest."""
    let_time_pass()
    first = erasure.erase_company(closed, seconds=-1)
    assert not first.is_whole
    assert everything(superuser, closed)
    assert erasure.erase_company(closed, seconds=60).is_whole
    assert everything(superuser, closed) == []


def test_a_company_with_more_rows_than_one_statement_takes_is_erased(
    closed: TenantId, superuser: psycopg.Connection
) -> None:
    """In several."""
    with as_tenant(closed):
        for _ in range(3):
            record_audit(action="x", subject="y")
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO tenants_auditevent (id, tenant_id, actor, action, subject, detail)"
                " SELECT gen_random_uuid(), %s, 'a', 'b', 'c', '{}' FROM generate_series(1, %s)",
                [closed, erasure.BATCH_ROWS * 2],
            )
    let_time_pass()
    assert erasure.erase_company(closed, seconds=60).rows > erasure.BATCH_ROWS * 2
    assert everything(superuser, closed) == []


def test_every_table_of_tenants_can_be_erased_by_the_app(
    superuser: psycopg.Connection, db: None
) -> None:
    """A new table without the right would keep every company from being erased."""
    with connections[CONTROL].cursor():
        tables = [table.as_string(None) for table in erasure.tables_of_tenants()]
    kept = [
        table
        for table in tables
        if superuser.execute(
            "SELECT has_table_privilege('warmline_app', %s, 'DELETE')", [table]
        ).fetchone()
        != (True,)
    ]
    assert kept == []
