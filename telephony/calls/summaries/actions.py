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
from telephony.calls.summaries.asking import Place, asked, spare_place
from telephony.calls.summaries.evidence import heard_lines, verified_fields, verified_summary
from telephony.calls.summaries.parts import PART_CHARACTERS, Known, part_from, pieces_of
from telephony.calls.types import ExtractedField, TranscriptLine
from telephony.errors import BadSummary, TalkTooLong
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
# Of a long call so many parts are read in one turn, then the calls behind it have theirs.
PARTS_AT_ONCE: Final = 8
# Calls that ended longer ago than this when they became findable are not summarised.
SUMMARISED_WITHIN: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Talk:
    """What the model is asked about: the call's pieces, how many were read, what they came to."""

    pieces: Sequence[TranscriptLine]
    schema: Sequence[ExtractionField]
    read: int
    known: Known


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
    """Summaries that wait, with their tenants, the longest first; tried in vain, not at once again.

    As control.
    """
    waits = Q(tries=0) | Q(changed_at__lt=at - AGAIN_AFTER)
    # Whose turn was longest ago: the next parts of a long call stand behind the others.
    rows = CallSummary.objects.filter(waits, state="waiting").order_by("changed_at", "id")
    pairs = rows.values_list("tenant_id", "call_id")[:limit]
    return tuple((TenantId(str(tenant_id)), call_id) for tenant_id, call_id in pairs)


def summarise(tenant_id: TenantId, call_id: UUID) -> None:
    """Ask a model for one summary, part by part where the call is long, and keep what of it was
    said; done by another one already, it stays.

    `NoSpareModel` while calls need the models: it waits with what was read, and that is no try.
    """
    for _ in range(PARTS_AT_ONCE):
        with as_tenant(tenant_id):
            place = spare_place(snapshots.current(), residency=tenant().residency)
            talk = _claimed(call_id)
        if talk is None:
            return
        try:
            read, known = _read_on(place, talk)
        except BadSummary as error:
            with as_tenant(tenant_id):
                _give_up_in_time(call_id, str(error))
            return
        with as_tenant(tenant_id):
            _keep(call_id, talk, read=read, known=known)


def _claimed(call_id: UUID) -> _Talk | None:
    waiting = CallSummary.objects.select_for_update(skip_locked=True)
    row = waiting.filter(call_id=call_id, state="waiting").select_related("call").first()
    if row is None:
        return None
    row.tries += 1
    row.save(update_fields=["tries", "changed_at"])
    lines = heard_lines(projection.project(queries.stored_events(call_id)).transcript)
    known = Known(row.summary, tuple(msgspec.convert(row.fields, list[ExtractedField])))
    return _Talk(pieces_of(lines), extraction_of(row.call.agent_version_id), row.pieces_read, known)


def _read_on(place: Place, talk: _Talk) -> tuple[int, Known]:
    """What the call came to with its next part, and how many pieces were read then.

    A part for which the model has no room is asked again, smaller.
    """
    for characters in PART_CHARACTERS:
        part = part_from(talk.pieces, talk.read, characters=characters)
        try:
            answer = asked(place, lines=part, schema=talk.schema, known=talk.known)
        except TalkTooLong:
            if characters == PART_CHARACTERS[-1]:
                raise
            continue
        read = talk.read + len(part)
        summary = verified_summary(answer.summary, talk.pieces[:read])
        fields = verified_fields(talk.schema, answer.fields, part)
        return read, talk.known.with_part(summary, fields)
    raise AssertionError("the smallest part is answered or refused")


def _keep(call_id: UUID, talk: _Talk, *, read: int, known: Known) -> None:
    """Keep what the parts so far came to, unless another one has read on meanwhile."""
    waiting = CallSummary.objects.select_for_update().filter(call_id=call_id, state="waiting")
    row = waiting.filter(pieces_read=talk.read).first()
    if row is None:
        return
    row.summary, row.fields = known.summary, msgspec.to_builtins(known.fields)
    row.pieces_read, row.tries = read, 0
    if read >= len(talk.pieces):
        row.state = "done"
    row.save()
    if row.state == "done":
        values = sum(bool(field.value) for field in known.fields)
        log.info("call summarised", call=str(call_id), pieces=read, values=values)
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
    done = row if row is not None and row.state == "done" else None
    told = {
        "call": msgspec.to_builtins(line_of(call)),
        "summary": done.summary if done is not None else "",
        "fields": done.fields if done is not None else [],
    }
    announce(EventType.CALL_OUTCOME, told)
