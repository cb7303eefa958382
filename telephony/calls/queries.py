"""What may be read of calls.

Everything here runs inside `tenants.context.as_tenant`, or as control where it says so.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from telephony.calls import projection
from telephony.calls.call_state import State
from telephony.calls.lines import line_of
from telephony.calls.projection import StoredEvent
from telephony.calls.types import CallLine, CallPage, RecordedEvent, RoutingReason, SummaryLine
from telephony.models import Call, CallEventRow, CallSummary, Recording
from telephony.types import BROWSER
from tenants.columns import fit_columns
from warmline.kernel.call import CallEvent
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

MOST_AT_ONCE = 100
OPEN: tuple[State, ...] = ("ringing", "live", "handed_over")
# A person talks with the caller: put through to, or from the start in shadow mode. A page puts
# nobody through.
WITH_PERSON = (Q(state="handed_over") & ~Q(to_number=BROWSER)) | Q(audience="screen")


def call_by_carrier(carrier_call_id: str, *, carrier: str) -> Call | None:
    """The tenant's call of that carrier's id, or None."""
    kept_as = fit_columns(Call, {"carrier": carrier, "carrier_call_id": carrier_call_id})
    return Call.objects.filter(**kept_as).first()


def newest_between(caller: str, dialled: str, *, since: datetime) -> Call | None:
    """The tenant's last call from one number to another since a moment, or None."""
    calls = Call.objects.filter(from_number=caller, to_number=dialled, started_at__gte=since)
    return calls.order_by("-started_at").first()


def was_agent_heard(call_id: UUID) -> bool:
    """Whether anything of what the agent said reached the caller's ear."""
    return CallEventRow.objects.filter(call_id=call_id, kind="sentence_heard").exists()


def live_calls(*, limit: int = MOST_AT_ONCE) -> tuple[CallLine, ...]:
    """The tenant's calls that are not over, newest first."""
    return tuple(
        line_of(call) for call in Call.objects.filter(state__in=OPEN).order_by("-id")[:limit]
    )


def call_page(call_id: UUID) -> CallPage:
    """All of one call; `NotFound` when the tenant has none of that id."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        raise NotFound(f"call {call_id}: this tenant has none of that id")
    projected = projection.project(stored_events(call_id))
    recordings = recordings_of(call_id)
    return CallPage(
        call=line_of(call),
        carrier_call_id=call.carrier_call_id,
        agent_version_id=call.agent_version_id,
        human_number=call.human_number,
        routing_because=str(call.routing.get("because", "")),
        routing=_routing(call),
        handed_because=str(call.routing.get("handed_because", "")),
        replicas=tuple(projected.replicas),
        transcript=tuple(projected.transcript),
        latency=tuple(projected.latency),
        passages=tuple(projected.passages),
        tools=tuple(projected.tools.values()),
        events=tuple(projected.events),
        recording_seconds=_seconds(recordings),
        summary=_summary(call_id),
    )


def _seconds(recordings: Sequence[Recording]) -> float | None:
    """How long the parts are as one, with what lies between them; None without any."""
    seconds = 0.0
    for part in recordings:
        seconds = max(seconds, part.starts_ms / 1000) + part.seconds
    return seconds if recordings else None


def _summary(call_id: UUID) -> SummaryLine | None:
    row = CallSummary.objects.filter(call_id=call_id).first()
    if row is None:
        return None
    columns = {"state": row.state, "summary": row.summary, "fields": row.fields}
    if row.state != "done":
        columns |= {"summary": "", "fields": []}  # of a long call's first parts at most
    return msgspec.convert(columns, SummaryLine)


def call_exists(call_id: UUID) -> bool:
    """Whether this tenant has a call of that id."""
    return Call.objects.filter(pk=call_id).exists()


def ended_calls(
    *, audience: str, since: datetime, before: datetime
) -> tuple[tuple[TenantId, UUID], ...]:
    """Calls of one audience that started since then and ended before then, with their tenants,
    oldest first.

    At most a thousand at a time. As control: shadow scoring looks for its work across tenants.
    """
    calls = Call.objects.filter(
        state="ended", audience=audience, started_at__gte=since, ended_at__lt=before
    )
    ids = calls.order_by("id").values_list("tenant_id", "id")[:1000]
    return tuple((TenantId(str(tenant_id)), call_id) for tenant_id, call_id in ids)


def tenants_with_open_calls(*, before: datetime) -> tuple[TenantId, ...]:
    """Tenants with calls that started before then and are not over.

    As control: the sweeper asks across tenants.
    """
    calls = Call.objects.filter(state__in=OPEN, started_at__lt=before)
    tenant_ids = calls.values_list("tenant_id", flat=True).distinct()
    return tuple(TenantId(str(tenant_id)) for tenant_id in tenant_ids)


def calls_open_since(*, before: datetime, too_old: datetime) -> tuple[CallLine, ...]:
    """The tenant's agents' calls that started before then and are not over, oldest first.

    With those of people that are too old for any carrier; at most a hundred at a time.
    """
    theirs = ~WITH_PERSON & Q(started_at__lt=before)
    calls = Call.objects.filter(theirs | Q(started_at__lt=too_old), state__in=OPEN).order_by("id")
    return tuple(line_of(call) for call in calls[:MOST_AT_ONCE])


def tenants_with_persons_calls(*, before: datetime) -> tuple[TenantId, ...]:
    """Tenants with calls that a person has, which started before then and are not over.

    As control: the job that asks carriers looks across tenants.
    """
    calls = Call.objects.filter(WITH_PERSON, state__in=OPEN, started_at__lt=before)
    tenant_ids = calls.values_list("tenant_id", flat=True).distinct()
    return tuple(TenantId(str(tenant_id)) for tenant_id in tenant_ids)


def recordings_of(call_id: UUID) -> tuple[Recording, ...]:
    """The parts of the call's recording in order, one for each media process that had it."""
    return tuple(Recording.objects.filter(call_id=call_id).order_by("epoch"))


def stored_events(call_id: UUID) -> list[StoredEvent]:
    """A call's events as they are written by now, in any order."""
    columns = ("epoch", "number", "kind", "region", "at", "at_ms", "payload")
    events = CallEventRow.objects.filter(call_id=call_id).values_list(*columns)
    return [StoredEvent(*event) for event in events]


def events_after(call_id: UUID, *, epoch: int, number: int, limit: int) -> tuple[StoredEvent, ...]:
    """A call's events behind one of them, in order; `NotFound` when the tenant has no such call."""
    if not call_exists(call_id):
        raise NotFound(f"call {call_id}: this tenant has none of that id")
    behind = Q(epoch=epoch, number__gt=number) | Q(epoch__gt=epoch)
    rows = CallEventRow.objects.filter(behind, call_id=call_id, epoch__gte=epoch)
    columns = ("epoch", "number", "kind", "region", "at", "at_ms", "payload")
    events = rows.order_by("epoch", "number").values_list(*columns)[:limit]
    return tuple(StoredEvent(*event) for event in events)


def events_since(row_id: UUID) -> list[RecordedEvent]:
    """The tenant's events that were written since that id was made, with whose call it is."""
    rows = CallEventRow.objects.filter(id__gt=row_id).select_related("call").order_by("id")
    return [
        RecordedEvent(row.id, row.call.from_number, row.call.to_number, _event(row)) for row in rows
    ]


def _event(row: CallEventRow) -> CallEvent:
    fields = {
        "call_id": str(row.call_id),
        "tenant_id": str(row.tenant_id),
        "region": row.region,
        "epoch": row.epoch,
        "number": row.number,
        "at": row.at,
        "at_ms": row.at_ms,
        "happening": {"type": row.kind, **row.payload},
    }
    return msgspec.convert(fields, CallEvent)


def _routing(call: Call) -> tuple[RoutingReason, ...]:
    return tuple(
        RoutingReason(
            region=str(score.get("region", "")),
            text=str(score.get("text", "")),
            score=_finite(score.get("score")),
            chosen=score.get("region") == call.region,
        )
        for score in call.routing.get("scores", ())
    )


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
