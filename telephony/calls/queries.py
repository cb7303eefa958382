"""What may be read of calls. Everything but `tenant_of_number` runs inside
`tenants.context.as_tenant`.
"""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import connection
from django.db.models import Q

from telephony.calls import projection
from telephony.calls.call_state import STATES, State
from telephony.calls.projection import StoredEvent
from telephony.errors import BadCursor
from telephony.models import Call, CallEventRow, Number, Recording, WebhookReceipt
from telephony.types import (
    AnsweredCall,
    CallLine,
    CallPage,
    CallsPage,
    NumberStanding,
    RoutingReason,
    Utterance,
)
from tenants.context import current_tenant_id
from warmline.kernel import clock, roles
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId
from warmline.kernel.regions import RegionCode

MAX_PAGE = 100
# A caller who waits longer than this for a model has met a cold one.
COLD_AFTER_MS = 2000.0
_CURSOR_SALT = "telephony.calls.cursor"


def tenant_of_number(e164: str) -> TenantId | None:
    """Whose number this is; the one question that is asked before a tenant is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy.resolve_number(%s)", [e164])
        row = cursor.fetchone()
    return TenantId(str(row[0])) if row and row[0] else None


def number(e164: str) -> Number | None:
    """The tenant's number, or None."""
    return Number.objects.filter(e164=e164).first()


def numbers() -> tuple[Number, ...]:
    """The tenant's numbers."""
    return tuple(Number.objects.order_by("e164"))


def webhook_answer(key: str, *, provider: str = "twilio") -> str | None:
    """What a webhook was answered when it came first; None if it never came."""
    return (
        WebhookReceipt.objects.filter(provider=provider, key=key)
        .values_list("answer", flat=True)
        .first()
    )


def call_by_carrier(carrier_call_id: str) -> Call | None:
    """The tenant's call of that carrier id, or None."""
    return Call.objects.filter(carrier="twilio", carrier_call_id=carrier_call_id).first()


def opened_again(call: Call) -> AnsweredCall:
    """A call's row as it was opened, where it is now."""
    return AnsweredCall(
        call_id=str(call.pk),
        tenant_id=TenantId(str(call.tenant_id)),
        carrier_call_id=call.carrier_call_id,
        from_number=call.from_number,
        to_number=call.to_number,
        verstat=call.verstat,
        region=call.region,
        vertical=call.vertical,
        agent_version_id=call.agent_version_id,
        audience="screen" if call.audience == "screen" else "caller",
        human_number=call.human_number,
        leases=tuple(call.leases),
        routing=call.routing,
        handed_because=str(call.routing.get("handed_because", "")),
        answer="",
        at=call.started_at,
    )


def number_standing(e164: str) -> NumberStanding:
    """Whether the number is the tenant's,
    and how many of the tenant's calls are not over, in one question.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM telephony_number WHERE e164 = %s),"
            " (SELECT count(*) FROM telephony_call WHERE state IN ('ringing', 'live', 'handed_over'))",
            [e164],
        )
        is_ours, open_calls = cursor.fetchone()
    return NumberStanding(is_ours=is_ours, open_calls=open_calls)


def agents_call_s(*, since: datetime, until: datetime) -> dict[RegionCode, float]:
    """Seconds of the tenant's calls that an agent had, by region, within a period."""
    found: dict[RegionCode, float] = {}
    ended_later = Q(ended_at=None) | Q(ended_at__gt=since)
    for call in Call.objects.filter(ended_later, answered_at__lt=until).exclude(region=""):
        assert call.answered_at is not None
        seconds = (
            min(call.ended_at or until, until) - max(call.answered_at, since)
        ).total_seconds()
        found[RegionCode(call.region)] = found.get(RegionCode(call.region), 0.0) + max(0.0, seconds)
    return found


def untaken_calls(*, since: datetime, until: datetime) -> dict[str, int]:
    """How many of the tenant's calls no agent took within a period, by the cause that was kept."""
    calls = Call.objects.filter(started_at__gte=since, started_at__lt=until, region="")
    kept = (
        str(routing.get("handed_because", ""))
        for routing in calls.values_list("routing", flat=True)
    )
    return dict(Counter(cause or "unknown" for cause in kept))


def cold_calls(*, since: datetime, until: datetime) -> dict[str, int]:
    """How many of the tenant's calls waited over two seconds for a model's first word, by the
    cause.

    The wait begins when the caller's words and the knowledge were there. A call counts once, for
    its first such turn.
    """
    began = CallEventRow.objects.filter(at__gte=since, at__lt=until)
    slow = began.filter(kind="turn_timed", payload__first_token_ms__gt=COLD_AFTER_MS).order_by("at")
    late: dict[UUID, int] = {}
    for call_id, told in slow.values_list("call_id", "payload"):
        asked_ms = told.get("retrieval_ms") or told.get("final_text_ms") or 0.0
        if told["first_token_ms"] - asked_ms > COLD_AFTER_MS:
            late.setdefault(call_id, int(told["turn"]))
    failed = {
        (call_id, int(told["turn"])): str(told["why"])
        for call_id, told in began.filter(kind="replica_failed", call_id__in=late).values_list(
            "call_id", "payload"
        )
        if told["role"] == roles.LLM
    }
    return dict(Counter(failed.get(turn, "the first token came late") for turn in late.items()))


def live_calls(*, limit: int = MAX_PAGE) -> tuple[CallLine, ...]:
    """The tenant's calls that are not over, newest first."""
    return tuple(
        _line(call) for call in Call.objects.filter(state__in=_OPEN).order_by("-id")[:limit]
    )


def calls_page(
    *,
    cursor: str | None = None,
    size: int = 25,
    state: str | None = None,
    since: datetime | None = None,
) -> CallsPage:
    """A page of the tenant's calls, newest first.

    `BadCursor` for a cursor that was not given out here; `BadInput` for a size outside 1..100 or an
    unknown state.
    """
    if not 1 <= size <= MAX_PAGE:
        raise BadInput(f"page size {size}: expected 1 to {MAX_PAGE}")
    calls = Call.objects.order_by("-id")
    if state is not None:
        if state not in STATES:
            raise BadInput(f"state: expected one of {', '.join(STATES)}")
        calls = calls.filter(state=state)
    if since is not None:
        calls = calls.filter(started_at__gte=since)
    if cursor is not None:
        calls = calls.filter(pk__lt=_read_cursor(cursor))
    found = list(calls[: size + 1])
    shown = found[:size]
    following = _make_cursor(shown[-1].pk) if len(found) > size else None
    return CallsPage(tuple(_line(call) for call in shown), following)


def call_page(call_id: UUID) -> CallPage:
    """All of one call; `NotFound` when the tenant has none of that id."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        raise NotFound(f"call {call_id}: this tenant has none of that id")
    folded = projection.fold(stored_events(call_id))
    recorded = recordings_of(call_id)
    return CallPage(
        call=_line(call),
        carrier_call_id=call.carrier_call_id,
        agent_version_id=call.agent_version_id,
        human_number=call.human_number,
        routing_because=str(call.routing.get("because", "")),
        routing=_routing(call),
        handed_because=str(call.routing.get("handed_because", "")),
        replicas=tuple(folded.replicas),
        transcript=tuple(folded.transcript),
        latency=tuple(folded.latency),
        passages=tuple(folded.passages),
        tools=tuple(folded.tools.values()),
        events=tuple(folded.events),
        recording_seconds=sum(part.seconds for part in recorded) if recorded else None,
    )


def call_exists(call_id: UUID) -> bool:
    """Whether this tenant has a call of that id."""
    return Call.objects.filter(pk=call_id).exists()


def transcript(call_id: UUID) -> tuple[Utterance, ...]:
    """Who said what, in order."""
    return call_page(call_id).transcript


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
    found = calls.order_by("id").values_list("tenant_id", "id")[:1000]
    return tuple((TenantId(str(tenant_id)), call_id) for tenant_id, call_id in found)


def tenants_with_open_calls(*, before: datetime) -> tuple[TenantId, ...]:
    """Tenants with calls that started before then and are not over.
    As control: the sweeper asks across tenants.
    """
    found = (
        Call.objects.filter(state__in=_OPEN, started_at__lt=before)
        .values_list("tenant_id", flat=True)
        .distinct()
    )
    return tuple(TenantId(str(tenant_id)) for tenant_id in found)


def measured_ways(*, since: datetime, limit: int) -> Iterator[tuple[str, RegionCode, float]]:
    """Caller's number, region and round trip to the carrier of calls since then,
    newest first. As control.
    """
    calls = Call.objects.filter(round_trip_ms__isnull=False, started_at__gte=since).exclude(
        region=""
    )
    found = calls.order_by("-started_at").values_list("from_number", "region", "round_trip_ms")[
        :limit
    ]
    for number, region, ms in found.iterator(chunk_size=2000):
        assert ms is not None
        yield number, RegionCode(region), ms


def calls_open_since(*, before: datetime) -> tuple[CallLine, ...]:
    """The tenant's calls that started before then and are not over, oldest first;
    at most a hundred at a time.
    """
    calls = Call.objects.filter(state__in=_OPEN, started_at__lt=before).order_by("id")
    return tuple(_line(call) for call in calls[:MAX_PAGE])


def recordings_of(call_id: UUID) -> tuple[Recording, ...]:
    """The parts of the call's recording in their order:
    one for each media process that had the call.
    """
    return tuple(Recording.objects.filter(call_id=call_id).order_by("epoch"))


def stored_events(call_id: UUID) -> list[StoredEvent]:
    """A call's events as they are written by now, in any order."""
    columns = ("epoch", "number", "kind", "region", "at", "at_ms", "payload")
    events = CallEventRow.objects.filter(call_id=call_id).values_list(*columns)
    return [StoredEvent(*event) for event in events]


_OPEN: tuple[State, ...] = ("ringing", "live", "handed_over")


def _line(call: Call) -> CallLine:
    until = call.ended_at or (clock.now() if call.answered_at else None)
    seconds = (until - call.answered_at).total_seconds() if until and call.answered_at else None
    return CallLine(
        id=call.pk,
        state=call.state,  # type: ignore[arg-type]  # the column's choices are the states
        from_number=call.from_number,
        to_number=call.to_number,
        region=call.region,
        vertical=call.vertical,
        audience="screen" if call.audience == "screen" else "caller",
        started_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        end_reason=call.end_reason,
        seconds=max(0.0, seconds) if seconds is not None else None,
        turns=call.turns,
        first_audio_p50_ms=call.first_audio_p50_ms,
        first_audio_p95_ms=call.first_audio_p95_ms,
    )


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


def _make_cursor(last: UUID) -> str:
    return signing.dumps([current_tenant_id(), str(last)], salt=_CURSOR_SALT)


def _read_cursor(cursor: str) -> UUID:
    try:
        tenant_id, last = signing.loads(cursor, salt=_CURSOR_SALT)
        if tenant_id == current_tenant_id():
            return UUID(last)
    except (signing.BadSignature, ValueError, TypeError):
        pass
    raise BadCursor("cursor: expected one that this list gave out")
