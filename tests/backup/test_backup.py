"""A backup holds all that an installation keeps, and puts it back row by row, or refuses."""

import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from rag.actions import add_document
from rag.queries import search
from shadow.actions import score_call
from telephony.calls import recording_store
from telephony.models import Recording
from tenants.actions import create_tenant, record_security_event
from tenants.context import CONTROL, as_tenant
from tenants.models import Tenant
from tests import services
from tests.database import empty_tables
from tests.shadow.conftest import CONVERSATION, plumber, shadowed_call  # noqa: F401  fixture
from tests.telephony.calls.test_recordings import wav
from warmline.backup.actions import back_up, restore
from warmline.backup.errors import BackupDamaged, BackupRefused
from warmline.backup.sessions import others_connected
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chroma_server", "empty_valkey")]
FACT = "Weekend visits cost an extra forty dollars."


@pytest.fixture
def installation(plumber: TenantId) -> Iterator[TenantId]:
    """Two companies with a call, its recording and score, knowledge, and what was refused."""
    call_id = shadowed_call(plumber, CONVERSATION)
    with as_tenant(plumber):
        score_call(call_id)
        stored = recording_store.store(io.BytesIO(wav()), tenant_id=plumber)
        Recording.objects.create(
            call_id=call_id,
            name=stored.name,
            size_bytes=stored.size_bytes,
            seconds=stored.seconds,
            sha256=stored.sha256,
        )
        add_document("Prices", text=FACT)
    clinic = create_tenant("lakeside", name="Lakeside Clinic", vertical="healthcare").tenant_id
    with as_tenant(clinic):
        add_document("Parking", text="Parking is free in the yard.")
    record_security_event(action="job.refused", source="somewhere")
    yield plumber
    for folder in (plumber, clinic):
        shutil.rmtree(_recordings() / folder, ignore_errors=True)


def _recordings() -> Path:
    return Path(settings.RECORDINGS.removeprefix("file://"))


def _every_row(superuser: psycopg.Connection) -> dict[str, list[str]]:
    """All rows of all tables of ours, behind every policy's back; without Chroma's own ids, and the
    versions of the index of words, which is made anew.
    """
    names = superuser.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE c.relkind = 'r' AND r.rolname = 'warmline_owner'"
    ).fetchall()
    rows = {}
    for (name,) in names:
        if name not in {"rag_collection", "rag_wordindex"}:
            found = superuser.execute(f"SELECT t::text FROM {name} t ORDER BY 1").fetchall()
            rows[name] = [row for (row,) in found]
    return rows


def test_what_was_lost_is_back_row_by_row_with_its_recording_and_its_knowledge(
    installation: TenantId, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    """Everything is wiped in between: the rows, the recordings, the vectors' collection."""
    with as_tenant(installation):
        (recording,) = Recording.objects.all()
        audio = (_recordings() / recording.name).read_bytes()
    before = _every_row(superuser)
    made = back_up(tmp_path / "today")
    assert (made.files, made.missing_files) == (1, 0)

    empty_tables()
    recording_store.remove(recording.name, tenant_id=installation)
    restored = restore(tmp_path / "today")

    assert (restored.rows, restored.passages) == (made.rows, 2)
    after = _every_row(superuser)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert (_recordings() / recording.name).read_bytes() == audio
    with as_tenant(installation):
        assert [passage.text for passage in search("what does a weekend visit cost")] == [FACT]


def test_policies_hold_again_after_a_restore(
    installation: TenantId, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    """Row-level security rests while rows are written, for the owner alone, and only then."""
    back_up(tmp_path / "today")
    forced = "SELECT count(*) FROM pg_class WHERE relforcerowsecurity"
    before = superuser.execute(forced).fetchone()
    empty_tables()
    restore(tmp_path / "today")
    assert superuser.execute(forced).fetchone() == before


def test_an_installation_with_a_company_is_not_overwritten(
    installation: TenantId, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    """It says which table has rows, and changes none."""
    back_up(tmp_path / "today")
    before = _every_row(superuser)
    with pytest.raises(BackupRefused, match="has rows: expected an installation without"):
        restore(tmp_path / "today")
    assert _every_row(superuser) == before


def test_while_somebody_is_connected_nothing_is_restored(
    installation: TenantId, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    """Web or jobs would write among the rows; monitoring is told apart by whoever knows."""
    call_command("backup", str(tmp_path / "today"))
    empty_tables()
    with pytest.raises(CommandError, match="to this database: expected none"):
        call_command("restore", str(tmp_path / "today"))
    assert _every_row(superuser)["tenants_tenant"] == []
    call_command("restore", str(tmp_path / "today"), while_connected=True)
    assert len(_every_row(superuser)["tenants_tenant"]) == 2


def test_each_session_is_counted(db: None, superuser: psycopg.Connection) -> None:
    """As Postgres's own list has them, but for this process's as the owner; until it is closed."""
    listed = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"

    def counted_as_listed() -> set[int]:
        """The sessions, once none comes or goes between the two counts: Postgres's workers do."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            counted, sessions = others_connected(), {pid for (pid,) in superuser.execute(listed)}
            if counted == len(sessions) - 1:
                return sessions
        raise AssertionError(f"{counted} counted, {len(sessions) - 1} listed")

    assert Tenant.objects.using(CONTROL).count() == 0  # a session that is closed with the look
    with psycopg.connect(services.urls.owner) as another:
        pid = another.info.backend_pid
        assert pid in counted_as_listed()
    until = time.monotonic() + 20
    while pid in counted_as_listed():
        assert time.monotonic() < until
    assert others_connected() >= 1  # the superuser's


def test_a_folder_that_is_there_is_not_written_to(installation: TenantId, tmp_path: Path) -> None:
    """Whatever lies in it stays."""
    with pytest.raises(BackupRefused, match="is there already"):
        back_up(tmp_path)


@pytest.mark.parametrize("damage", ["cut", "gone", "other bytes", "another's", "no manifest"])
def test_a_backup_that_is_not_as_it_was_written_is_refused_before_anything_is_restored(
    damage: str, installation: TenantId, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    """By the checksum of each file."""
    folder = tmp_path / "today"
    back_up(folder)
    calls = folder / "tables" / "public.telephony_call.copy.gz"
    manifest = folder / "manifest.json"
    if damage == "cut":
        calls.write_bytes(calls.read_bytes()[:-9])
    elif damage == "gone":
        next((folder / "recordings").rglob("*.wav")).unlink()
    elif damage == "other bytes":
        next((folder / "recordings").rglob("*.wav")).write_bytes(wav(b"\x00" * 16))
    elif damage == "another's":
        told = json.loads(manifest.read_text(encoding="utf-8"))
        told["tables"][0]["file"] = "../../etc/passwd"
        manifest.write_text(json.dumps(told), encoding="utf-8")
    else:
        manifest.unlink()
    empty_tables()
    with pytest.raises((BackupDamaged, BackupRefused)):
        restore(folder)
    assert not any(
        rows for name, rows in _every_row(superuser).items() if name.startswith("tenants_")
    )


def test_another_secret_key_is_refused(
    installation: TenantId, settings: Settings, tmp_path: Path
) -> None:
    """What is sealed with the old one would be lost without a word."""
    back_up(tmp_path / "today")
    empty_tables()
    settings.SECRET_KEY = "another key, as long as keys are"
    with pytest.raises(BackupRefused, match="WARMLINE_SECRET_KEY: expected that"):
        restore(tmp_path / "today")


def test_a_recording_that_is_gone_is_counted_and_does_not_end_the_backup(
    installation: TenantId, tmp_path: Path
) -> None:
    """It may have been erased while the others were copied."""
    with as_tenant(installation):
        name = Recording.objects.get().name
    recording_store.remove(name, tenant_id=installation)
    assert back_up(tmp_path / "today").missing_files == 1


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """In a sentence."""
    (tmp_path / "occupied").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(BackupRefused, match="cannot be made: Not a directory"):
        back_up(tmp_path / "occupied" / "today")
