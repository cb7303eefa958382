"""Calls are deleted, one or all of one caller: rows, words, recordings, and what others keep of
them. The audit trail keeps ids alone. Inside the bound tenant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.dispatch import Signal

from agents import actions as agents_actions
from telephony.calls import recording_store
from telephony.calls.types import ErasureLine
from telephony.errors import CallGoesOn
from telephony.models import (
    Call,
    CallEventRow,
    CallSummary,
    CallTerm,
    Erasure,
    Recording,
    UnnamedRecording,
)
from tenants.actions import record_audit
from tenants.context import current_tenant_id
from verticals.booking import erasing as bookings
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId
from warmline.kernel.phone_numbers import caller_number

# Sent with `call_ids` in the transaction that erases them: apps above this one erase what they keep
# of these calls, and answer how many rows of theirs that was.
calls_erased = Signal()
# A job's time limit is 120 s; a long call has 2,000 events.
ERASED_AT_ONCE: Final = 500
FILES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class _Erased:
    """What was erased with some calls."""

    recordings: int
    shadow_runs: int


def delete_call(call_id: UUID) -> None:
    """Delete a call that is over, with all that belongs to it; bookings stay.

    `NotFound` when the tenant has none of that id, `CallGoesOn` while it is not over. Its recording
    is removed from the store by a job, as soon as the store takes it.
    """
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    if call is None:
        raise NotFound(f"call {call_id}: this tenant has none of that id")
    if call.state != "ended":
        raise CallGoesOn(f"call {call_id} is {call.state}: expected one that is over")
    erased = _erase([call_id])
    record_audit(
        action="call.delete",
        subject=str(call_id),
        detail={"recordings": erased.recordings, "shadow_runs": erased.shadow_runs},
    )


def request_erasure(number: str) -> ErasureLine:
    """Have all that is kept of a caller erased by a job: calls, recordings, words, shadow turns,
    and the person in bookings. The row tells how far it is.

    `BadInput` for what is no telephone number.
    """
    caller = caller_number(number)
    if not caller:
        raise BadInput("number: expected a telephone number such as +12125550147", field="number")
    erasure = Erasure.objects.create(number=caller)
    record_audit(action="caller.erase", subject=str(erasure.pk))
    return _line(erasure)


def erasure(erasure_id: UUID) -> ErasureLine:
    """How far an erasure is; `NotFound` when the tenant has none of that id."""
    row = Erasure.objects.filter(pk=erasure_id).first()
    if row is None:
        raise NotFound(f"erasure {erasure_id}: this tenant has none of that id")
    return _line(row)


def tenants_with_work() -> frozenset[TenantId]:
    """Tenants with erasures that are not done, or files to remove. As control."""
    running = Erasure.objects.filter(state="running").values_list("tenant_id", flat=True)
    unnamed = UnnamedRecording.objects.values_list("tenant_id", flat=True)
    return frozenset(TenantId(str(tenant)) for tenant in running.union(unnamed))


def go_on_erasing() -> None:
    """Erase the next calls of each caller to be erased; another job that does so is not waited for.

    Done again it finds nothing more. Calls that go on are left and counted.
    """
    running = Erasure.objects.select_for_update(skip_locked=True).filter(state="running")
    for erasure in running.order_by("id"):
        _go_on(erasure)


def remove_files() -> None:
    """Remove files that no row names any more; `RecordingsAway` leaves the rest for later."""
    rows = UnnamedRecording.objects.select_for_update(skip_locked=True).order_by("id")
    removed: list[UUID] = []
    try:
        for row in rows[:FILES_AT_ONCE]:
            recording_store.remove(row.name, tenant_id=current_tenant_id())
            removed.append(row.pk)
    finally:
        UnnamedRecording.objects.filter(pk__in=removed).delete()


def _go_on(erasure: Erasure) -> None:
    calls = Call.objects.filter(from_number=erasure.number)
    ended = calls.filter(state="ended").select_for_update().order_by("id")
    call_ids = list(ended.values_list("id", flat=True)[:ERASED_AT_ONCE])
    erased = _erase(call_ids)
    erasure.calls += len(call_ids)
    erasure.recordings += erased.recordings
    erasure.shadow_runs += erased.shadow_runs
    erasure.bookings += bookings.erase_persons(call_ids=call_ids, number=erasure.number)
    if len(call_ids) < ERASED_AT_ONCE:
        erasure.skipped = calls.count()
        erasure.state, erasure.finished_at, erasure.number = "done", clock.now(), ""
        record_audit(action="caller.erased", subject=str(erasure.pk))
    erasure.save()


def _erase(call_ids: Sequence[UUID]) -> _Erased:
    """The rows now, the files by a job."""
    answers: Any = calls_erased.send(None, call_ids=call_ids)
    shadow_runs = sum(count for _, count in answers)
    agents_actions.erase_tool_runs(call_ids)
    parts = Recording.objects.filter(call_id__in=call_ids)
    names = list(parts.values_list("name", flat=True))
    UnnamedRecording.objects.bulk_create(UnnamedRecording(name=name) for name in names)
    for rows in (Recording, CallTerm, CallSummary, CallEventRow):
        rows.objects.filter(call_id__in=call_ids).delete()
    Call.objects.filter(pk__in=call_ids).delete()
    return _Erased(len(names), shadow_runs)


def _line(row: Erasure) -> ErasureLine:
    return ErasureLine(
        id=row.pk,
        state="running" if row.state == "running" else "done",
        calls=row.calls,
        recordings=row.recordings,
        shadow_runs=row.shadow_runs,
        bookings=row.bookings,
        skipped=row.skipped,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
    )
