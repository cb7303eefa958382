"""Summaries of calls: which are due, and what came of them.

A call is read and its summary written in transactions of the tenant; between them, while the model
answers, none is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog
from django.db.models import Q

from agents.queries import extraction_of
from inference.fleet import snapshots
from telephony.calls import projection, queries
from telephony.calls.lines import line_of
from telephony.calls.summaries.asking import asked, spare_place
from telephony.calls.summaries.evidence import (
    Answer,
    heard_lines,
    verified_fields,
    verified_summary,
)
from telephony.calls.types import TranscriptLine
from telephony.errors import BadSummary
from telephony.models import Call, CallSummary
from tenants.context import as_tenant
from tenants.queries import tenant
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType
from warmline.kernel import clock
from warmline.kernel.ids import TenantId
from warmline.kernel.vertical import ExtractionField

log = structlog.get_logger()

MOST_TRIES: Final = 5
AGAIN_AFTER: Final = timedelta(minutes=2)
# Calls that ended longer ago than this when they became findable are not summarised.
SUMMARISED_WITHIN: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Talk:
    """What the model is asked about."""

    lines: Sequence[TranscriptLine]
    schema: Sequence[ExtractionField]


def call_is_findable(call: Call, transcript: Sequence[TranscriptLine]) -> None:
    """Have a call that is over summarised, if a caller spoke in it; else tell its outcome now.

    Inside the bound tenant.
    """
    spoke = any(line.speaker == "caller" for line in heard_lines(transcript))
    is_new = call.ended_at is not None and clock.now() - call.ended_at < SUMMARISED_WITHIN
    if spoke and is_new:
        CallSummary.objects.get_or_create(call=call)
    elif is_new:
        _announce(call, None)


def due_summaries(*, at: datetime, limit: int) -> tuple[tuple[TenantId, UUID], ...]:
    """Summaries that wait, with their tenants, the oldest first; tried in vain, not at once again.

    As control.
    """
    waits = Q(tries=0) | Q(changed_at__lt=at - AGAIN_AFTER)
    rows = CallSummary.objects.filter(waits, state="waiting").order_by("id")
    pairs = rows.values_list("tenant_id", "call_id")[:limit]
    return tuple((TenantId(str(tenant_id)), call_id) for tenant_id, call_id in pairs)


def summarise(tenant_id: TenantId, call_id: UUID) -> None:
    """Ask a model for one summary and keep what of it was said; done by another one already, it
    stays.

    `NoSpareModel` while calls need the models: it waits, and that is no try.
    """
    with as_tenant(tenant_id):
        place = spare_place(snapshots.current(), residency=tenant().residency)
        talk = _claimed(call_id)
    if talk is None:
        return
    try:
        answer = asked(place, lines=talk.lines, schema=talk.schema)
    except BadSummary as error:
        with as_tenant(tenant_id):
            _give_up_in_time(call_id, str(error))
        return
    with as_tenant(tenant_id):
        _keep(call_id, talk, answer)


def _claimed(call_id: UUID) -> _Talk | None:
    waiting = CallSummary.objects.select_for_update(skip_locked=True)
    row = waiting.filter(call_id=call_id, state="waiting").select_related("call").first()
    if row is None:
        return None
    row.tries += 1
    row.save(update_fields=["tries", "changed_at"])
    lines = heard_lines(projection.project(queries.stored_events(call_id)).transcript)
    return _Talk(lines, extraction_of(row.call.agent_version_id))


def _keep(call_id: UUID, talk: _Talk, answer: Answer) -> None:
    row = CallSummary.objects.select_for_update().filter(call_id=call_id, state="waiting").first()
    if row is None:
        return
    fields = verified_fields(talk.schema, answer.fields, talk.lines)
    row.summary = verified_summary(answer.summary, talk.lines)
    row.fields = msgspec.to_builtins(fields)
    row.state = "done"
    row.save()
    log.info("call summarised", call=str(call_id), values=sum(bool(one.value) for one in fields))
    _announce(row.call, row)


def _give_up_in_time(call_id: UUID, why: str) -> None:
    row = CallSummary.objects.select_for_update().filter(call_id=call_id, state="waiting").first()
    if row is None:
        return
    row.why = why
    if row.tries >= MOST_TRIES:
        row.state = "failed"
        log.error("call not summarised", call=str(call_id), why=why)
        _announce(row.call, row)
    row.save()


def _announce(call: Call, row: CallSummary | None) -> None:
    told = {
        "call": msgspec.to_builtins(line_of(call)),
        "summary": row.summary if row is not None else "",
        "fields": row.fields if row is not None else [],
    }
    announce(EventType.CALL_OUTCOME, told)
