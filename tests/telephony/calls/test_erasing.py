"""A call is deleted, a caller erased: nothing of them is left but ids in the audit trail."""

import io
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from shadow.actions import score_call
from shadow.models import ShadowRun
from telephony.calls import erasing, recording_store
from telephony.calls.listing import indexing
from telephony.errors import CallGoesOn
from telephony.models import Call, CallEventRow, CallTerm, Erasure, Recording
from tenants.context import as_tenant
from tenants.models import AuditEvent
from tests.shadow.conftest import clinic, plumber, shadowed_call  # noqa: F401  fixtures
from tests.telephony.calls.test_recordings import wav
from verticals.homeservices.models import Visit
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
CALLER = "+16175550163"


@pytest.fixture
def call_id(plumber: TenantId) -> UUID:
    """A shadowed call that is over, scored, findable, recorded, with a booking of the caller's."""
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        score_call(call_id)
        indexing.index_calls(before=clock.now(), limit=10)
        stored = recording_store.store(io.BytesIO(wav()), tenant_id=plumber)
        Recording.objects.create(
            call_id=call_id, name=stored.name, size_bytes=stored.size_bytes, seconds=stored.seconds
        )
        Visit.objects.create(
            call_id=call_id,
            caller_number=CALLER,
            reference="1234",
            service="boiler",
            customer_name="Mary Jones",
            starts_at="2026-12-01T10:00Z",
            ends_at="2026-12-01T11:00Z",
            as_said={"name": "mary jones"},
        )
    return call_id


def left() -> dict[str, int]:
    models = (Call, CallEventRow, CallTerm, Recording, ShadowRun)
    return {model.__name__: model.objects.count() for model in models}


def file_of(tenant_id: TenantId) -> Path:
    with as_tenant(tenant_id):
        name = Recording.objects.get().name
    return Path(settings.RECORDINGS.removeprefix("file://")) / name


def test_a_deleted_call_leaves_nothing(plumber: TenantId, call_id: UUID) -> None:
    """But what was booked in it, and who deleted it."""
    recording = file_of(plumber)
    with as_tenant(plumber):
        assert all(left().values())
        erasing.delete_call(call_id)
        assert not any(left().values())
        assert Visit.objects.get().customer_name == "Mary Jones"
        trail = AuditEvent.objects.get(action="call.delete")
        assert (trail.subject, trail.detail) == (
            str(call_id),
            {"recordings": 1, "shadow_runs": 1},
        )
        assert recording.exists()
        erasing.remove_files()
    assert not recording.exists()


def test_a_call_that_goes_on_is_not_deleted(plumber: TenantId, call_id: UUID) -> None:
    """Nor is one of another company's, or one that never was."""
    with as_tenant(plumber):
        Call.objects.update(state="live")
        with pytest.raises(CallGoesOn):
            erasing.delete_call(call_id)
        with pytest.raises(NotFound):
            erasing.delete_call(uuid4())


def test_another_company_deletes_nothing_of_ours(
    plumber: TenantId,
    clinic: TenantId,
    call_id: UUID,
) -> None:
    """The call is not there for it."""
    with as_tenant(clinic):
        with pytest.raises(NotFound):
            erasing.delete_call(call_id)
        erasing.request_erasure(CALLER)
        erasing.go_on_erasing()
    with as_tenant(plumber):
        assert all(left().values())


def test_a_caller_is_erased_everywhere(plumber: TenantId, call_id: UUID) -> None:
    """Calls, words, recordings, shadow turns, and the person in bookings; the time stays taken."""
    with as_tenant(plumber):
        erasure = erasing.request_erasure(" +1 617 555 0163".strip())
        erasing.go_on_erasing()
        assert not any(left().values())
        visit = Visit.objects.get()
        assert (visit.customer_name, visit.caller_number, visit.as_said) == ("erased", "", {})
        assert (visit.service, visit.state) == ("boiler", "booked")
        report = erasing.erasure(erasure.id)
        assert Erasure.objects.get().number == ""
    assert (report.state, report.calls, report.recordings) == ("done", 1, 1)
    assert (report.shadow_runs, report.bookings, report.skipped) == (1, 1, 0)


def test_erased_again_nothing_is_counted_twice(plumber: TenantId, call_id: UUID) -> None:
    """A job whose worker died runs once more."""
    with as_tenant(plumber):
        erasure = erasing.request_erasure(CALLER)
        for _ in range(2):
            erasing.go_on_erasing()
        assert erasing.erasure(erasure.id).calls == 1


def test_many_calls_are_erased_some_at_a_time(
    plumber: TenantId,
    call_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Until none is left; one that goes on is left and told."""
    shadowed_call(plumber)
    monkeypatch.setattr(erasing, "ERASED_AT_ONCE", 1)
    with as_tenant(plumber):
        Call.objects.filter(pk=shadowed_call(plumber)).update(state="live")
        erasure = erasing.request_erasure(CALLER)
        states = []
        for _ in range(3):
            erasing.go_on_erasing()
            states.append(erasing.erasure(erasure.id).state)
        report = erasing.erasure(erasure.id)
    assert states == ["running", "running", "done"]
    assert (report.calls, report.skipped) == (2, 1)


@pytest.mark.parametrize("number", ["", "anonymous", "0163", "+1617'; DROP", "sip:m@x.org"])
def test_only_a_telephone_number_is_erased(plumber: TenantId, number: str) -> None:
    """Nobody is erased by a slip."""
    with as_tenant(plumber), pytest.raises(BadInput, match="number"):
        erasing.request_erasure(number)
