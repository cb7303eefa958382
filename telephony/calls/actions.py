"""The only writer of calls. Everything here runs inside `tenants.context.as_tenant`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import F, Max, Q

from telephony.calls import call_state, queries
from telephony.calls.call_state import Ending, Facts, State
from telephony.calls.lines import line_of
from telephony.calls.recording_store import StoredRecording
from telephony.errors import CallIsOver, RecordingKept
from telephony.models import Call, CallEventRow, Recording, WebhookReceipt
from telephony.recorder import rows
from telephony.types import AnsweredCall, CarrierReport, HandOver
from tenants.actions import record_audit
from tenants.columns import fit_columns
from tenants.context import current_tenant_id
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType
from warmline.kernel import clock
from warmline.kernel.call import CallEvent
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import new_uuid
from warmline.kernel.regions import RegionCode

# A recording is handed over when the agent's part ends; a web plane that was away is back by then.
RECORDED_WITHIN = timedelta(minutes=10)
# What the company's own systems are told, by whether the call rang until now and what it is now.
_ANNOUNCED: Final = {
    (True, "live"): EventType.CALL_STARTED,
    (True, "ended"): EventType.CALL_ENDED,
    (False, "ended"): EventType.CALL_ENDED,
}
# The columns that follow from facts and events.
_DERIVED_COLUMNS = (
    "facts",
    "state",
    "answered_at",
    "ended_at",
    "end_reason",
    "outcome",
    "talked_ms",
    "indexed_at",
    "turns",
    "first_audio_p50_ms",
    "first_audio_p95_ms",
    "region",
    "round_trip_ms",
)


@dataclass(frozen=True, slots=True)
class StateChange:
    """A call's state before and after new facts.

    `has_ended` is true for exactly one change of each call.
    """

    call_id: str
    before: State
    after: State
    region: str
    leases: tuple[str, ...]

    @property
    def has_ended(self) -> bool:
        """Whether this change was the call's end."""
        return self.after == "ended" and self.before != "ended"


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that is not over, as its carrier knows it."""

    id: UUID
    carrier: str
    carrier_call_id: str
    to_number: str


def claim_to_ask(*, asked_before: datetime, at: datetime, limit: int) -> tuple[OpenCall, ...]:
    """The tenant's calls with a person that its carriers are to be asked about now.

    Those that were not asked about since `asked_before`, the longest waiting first; noted as asked
    at `at`, so that another job passes them over.
    """
    due = (
        Call.objects.filter(queries.WITH_PERSON, state__in=queries.OPEN)
        .filter(Q(asked_at__lt=asked_before) | Q(asked_at=None, started_at__lt=asked_before))
        .order_by(F("asked_at").asc(nulls_first=True), "id")
        .select_for_update(skip_locked=True)
    )
    columns = ("id", "carrier", "carrier_call_id", "to_number")
    calls = tuple(OpenCall(*row) for row in due.values_list(*columns)[:limit])
    Call.objects.filter(pk__in=[call.id for call in calls]).update(asked_at=at)
    return calls


def claim_webhook(key: str, *, carrier: str, answer: str = "") -> bool:
    """Whether this webhook is new to the tenant; its answer is kept for its copies.

    A concurrent copy waits here until the first one has committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telephony_webhookreceipt"
            " (id, tenant_id, provider, key, answer, received_at)"
            " VALUES (%s, %s, %s, %s, %s, statement_timestamp()) ON CONFLICT DO NOTHING",
            [new_uuid(), current_tenant_id(), carrier, receipt_key(key), answer],
        )
        return bool(cursor.rowcount)


def receipt_key(key: str) -> str:
    """The key as its column holds it: a carrier's words may be longer than any of ours."""
    fitting: str = fit_columns(WebhookReceipt, {"key": key})["key"]
    return fitting


def voice_key(carrier_call_id: str) -> str:
    """The receipt of a call's first webhook.

    Signed content only: the carrier's idempotency header is not.
    """
    return f"voice:{carrier_call_id}"


def open_call(call: AnsweredCall) -> str | None:
    """Write an answered call with what it was answered.

    Returns what its first copy was answered where there was one; None where that is not known.
    """
    key = voice_key(call.carrier_call_id)
    if not claim_webhook(key, carrier=call.carrier, answer=call.answer):
        receipts = WebhookReceipt.objects.filter(provider=call.carrier, key=receipt_key(key))
        return receipts.values_list("answer", flat=True).first()
    write_call(call)
    if call.transferred_because:
        record_audit(
            action="call.handed_over",
            subject=call.call_id,
            detail={"why": call.transferred_because},
        )
    if call.hand_over is not None:
        _announce_hand_over(UUID(call.call_id), call.hand_over)
    return call.answer


def write_call(call: AnsweredCall) -> None:
    """Write a call's row; there already, it stays.

    What its carrier said of it is cut to what the columns hold: no call is lost for a long field.
    """
    facts = Facts()
    if call.transferred_because:
        facts = Facts(transferred=Ending(call.at, "no_capacity"))
    columns = {
        "id": UUID(call.call_id),
        "carrier": call.carrier,
        "carrier_call_id": call.carrier_call_id,
        "from_number": call.from_number,
        "to_number": call.to_number,
        "verstat": call.verstat,
        "region": call.region,
        "vertical": call.vertical,
        "agent_version_id": call.agent_version_id,
        "agent_id": UUID(call.agent_id) if call.agent_id else None,
        "audience": call.audience,
        "human_number": call.human_number,
        "leases": list(call.leases),
        "routing": {**call.routing, "handed_because": call.transferred_because},
        "state": call_state.state_of(facts).state,
        "facts": msgspec.to_builtins(facts),
        "started_at": call.at,
    }
    Call.objects.bulk_create([Call(**fit_columns(Call, columns))], ignore_conflicts=True)


def move_call(
    call_id: UUID, *, region: RegionCode, leases: Sequence[str], routing: Mapping[str, object]
) -> None:
    """The call goes on in another region, with other slots.

    `NotFound` when the tenant has no such call.
    """
    call = _locked(call_id)
    call.region, call.leases = region, list(leases)
    call.routing = {**call.routing, **routing}
    call.save(update_fields=["region", "leases", "routing"])


def record_report(report: CarrierReport) -> StateChange | None:
    """Add what the carrier said of a call; None when it had said so before.

    `NotFound` when the tenant has no such call (yet): nothing is kept, the report may come again.
    """
    call = queries.call_by_carrier(report.carrier_call_id, carrier=report.carrier)
    if call is None:
        raise NotFound(f"carrier call {report.carrier_call_id}: this tenant has none of that id")
    if not claim_webhook(report.key, carrier=report.carrier):
        return None
    facts = msgspec.structs.replace(
        call_state.carrier_says(report.status, at=report.at),
        human_answered=report.human_answered,
        message_left=report.message_left,
        transferred=Ending(report.at, report.transferred) if report.transferred else None,
    )
    change = learn(call.pk, facts)
    if report.hand_over is not None:
        _announce_hand_over(call.pk, report.hand_over)
    return change


def _announce_hand_over(call_id: UUID, hand_over: HandOver) -> None:
    """Tell that a person is dialled; whoever asks has made sure that it is told once.

    Not told by the call's state: that is the same where nobody can be dialled and a message is
    taken, and the media plane knows of it before it is known which.
    """
    line = msgspec.to_builtins(line_of(Call.objects.get(pk=call_id)))
    announce(EventType.CALL_HANDED_OVER, line | msgspec.to_builtins(hand_over))


def learn(call_id: UUID, facts: Facts) -> StateChange:
    """Add facts to a call and let its state follow; `NotFound` when the tenant has no such call."""
    return _apply(call_id, facts)


def record_events(call_id: UUID, events: Sequence[CallEvent]) -> StateChange:
    """Write a call's events, each once; its state and figures follow."""
    CallEventRow.objects.bulk_create(
        [
            CallEventRow(
                id=new_uuid(),
                call_id=call_id,
                epoch=event.epoch,
                number=event.number,
                kind=rows.kind(event),
                region=event.region,
                at=event.at,
                at_ms=event.at_ms,
                payload=rows.payload(event),
            )
            for event in events
        ],
        ignore_conflicts=True,
    )
    newest = _newest_epoch(call_id, events)
    facts = rows.facts_of_all(event for event in events if rows.counts(event, newest_epoch=newest))
    follows: list[Callable[[Call], None]] = []
    if any(rows.has_latency(event) for event in events):
        follows.append(_measure_latency)
    if any(rows.has_round_trip(event) for event in events):
        follows.append(_measure_round_trip)
    follows.append(partial(_follow_region, region=rows.region_now(events, newest)))
    follows.append(_say_words_are_new)
    return _apply(call_id, facts, *follows)


def _newest_epoch(call_id: UUID, events: Sequence[CallEvent]) -> int:
    """The call's latest epoch as far as it is known.

    Only a stream's beginning or end makes it worth the question.
    """
    if not any(rows.bounds_a_stream(event) for event in events):
        return 0
    answered = CallEventRow.objects.filter(call_id=call_id, kind="answered")
    return answered.aggregate(newest=Max("epoch"))["newest"] or 0


def _say_words_are_new(call: Call) -> None:
    """Events that come after a call was made findable have it looked through again."""
    call.indexed_at = None


def _follow_region(call: Call, *, region: RegionCode | None) -> None:
    call.region = region or call.region


def keep_recording(
    call_id: UUID, stored: StoredRecording, *, epoch: int, starts_ms: int = 0
) -> bool:
    """Note where the audio of one epoch of a call lies, which began at `starts_ms` of its clock.

    False when the same is there already.

    `RecordingKept` for another one in its place, `CallIsOver` when the agent's part of the call
    ended too long ago.
    """
    call = _locked(call_id)
    kept = Recording.objects.filter(call=call, epoch=epoch).first()
    if kept is not None:
        if kept.sha256 == stored.sha256:
            return False
        raise RecordingKept(f"recording: epoch {epoch} of this call has one already")
    over_at = call_state.agent_over_at(stored_facts(call.facts))
    if over_at is not None and clock.now() - over_at > RECORDED_WITHIN:
        raise CallIsOver(f"recording: expected within {RECORDED_WITHIN} of the call's end")
    Recording.objects.create(
        call=call,
        epoch=epoch,
        starts_ms=starts_ms,
        name=stored.name,
        size_bytes=stored.size_bytes,
        seconds=stored.seconds,
        sha256=stored.sha256,
    )
    return True


def _apply(call_id: UUID, facts: Facts, *follows: Callable[[Call], None]) -> StateChange:
    call = _locked(call_id)
    before: State = call.state  # type: ignore[assignment]  # the column's choices are the states
    known = call_state.merge(stored_facts(call.facts), facts)
    now = call_state.state_of(known)
    call.facts = msgspec.to_builtins(known)
    call.state = now.state
    call.answered_at = now.answered_at
    call.ended_at = now.ended.at if now.ended else None
    call.end_reason = now.ended.reason if now.ended else ""
    call.outcome = call_state.outcome_of(known)
    call.talked_ms = _talked_ms(call)
    for follow in follows:
        follow(call)
    call.save(update_fields=_DERIVED_COLUMNS)
    event = _ANNOUNCED.get((before == "ringing", now.state)) if before != now.state else None
    if event is not None:
        announce(event, msgspec.to_builtins(line_of(call)))
    return StateChange(str(call_id), before, now.state, call.region, tuple(call.leases))


def _talked_ms(call: Call) -> int:
    """From the answer to the end; 0 while one of them is not known."""
    if call.answered_at is None or call.ended_at is None:
        return 0
    return max(0, (call.ended_at - call.answered_at) // timedelta(milliseconds=1))


def _measure_latency(call: Call) -> None:
    payloads = _payloads(call, "turn_timed")
    firsts = _numbers(payloads, "first_audio_ms")
    call.turns = len(payloads)
    call.first_audio_p50_ms = rows.percentile(firsts, 0.5)
    call.first_audio_p95_ms = rows.percentile(firsts, 0.95)


def _measure_round_trip(call: Call) -> None:
    # Of a call that failed over, what its own region measured.
    trips_ms = _numbers(_payloads(call, "carrier_round_trip", region=call.region), "ms")
    call.round_trip_ms = rows.percentile(trips_ms, 0.5)


def _payloads(call: Call, kind: str, **also: str) -> list[Mapping[str, object]]:
    return list(
        CallEventRow.objects.filter(call=call, kind=kind, **also).values_list("payload", flat=True)
    )


def _numbers(payloads: Sequence[Mapping[str, object]], field: str) -> list[float]:
    return [
        float(number)
        for payload in payloads
        if isinstance(number := payload.get(field), int | float)
    ]


def _locked(call_id: UUID) -> Call:
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    if call is None:
        raise NotFound(f"call {call_id}: this tenant has none of that id")
    return call


def stored_facts(column: Mapping[str, object]) -> Facts:
    """Facts from the column that keeps them."""
    return msgspec.convert(column, Facts)
