"""The only writer of calls. Everything here runs inside `tenants.context.as_tenant`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Max

from telephony.calls import call_state, queries
from telephony.calls.call_state import Ending, Facts, State
from telephony.control import number_table
from telephony.models import Call, CallEventRow, Number, Recording
from telephony.recorder import rows
from telephony.types import AnsweredCall, CarrierReport, Mode
from tenants.actions import record_audit
from tenants.context import current_tenant_id
from warmline.kernel.call import CallEvent
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import new_uuid
from warmline.kernel.regions import RegionCode

E164 = re.compile(r"\+[1-9][0-9]{5,14}")


@dataclass(frozen=True, slots=True)
class Moved:
    """A call's state before and after new facts;
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


def add_number(e164: str, *, agent_id: UUID, mode: Mode, human_number: str) -> Number:
    """Give the tenant a number, or change what it does; every region's number table follows.

    `BadInput` for what is no E.164 number, and for a number in shadow mode that no person answers.
    """
    if not E164.fullmatch(e164):
        raise BadInput(f"number {e164[:20]!r}: expected E.164, such as +12125550100")
    if mode == "shadow" and not human_number:
        raise BadInput(
            f"number {e164}: in shadow mode a person answers, so it needs a human_number"
        )
    if queries.tenant_of_number(e164) not in {None, current_tenant_id()}:
        raise BadInput(f"number {e164} is in use")
    number, _ = Number.objects.update_or_create(
        e164=e164,
        defaults={"agent_id": agent_id, "mode": mode, "human_number": human_number},
    )
    number_table.refresh()
    return number


def claim_webhook(key: str, *, answer: str = "", provider: str = "twilio") -> bool:
    """Whether this webhook is new to the tenant; its answer is kept for its copies.

    A concurrent copy waits here until the first one has committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telephony_webhookreceipt (id, tenant_id, provider, key, answer, received_at)"
            " VALUES (%s, %s, %s, %s, %s, statement_timestamp()) ON CONFLICT DO NOTHING",
            [new_uuid(), current_tenant_id(), provider, key, answer],
        )
        return bool(cursor.rowcount)


def voice_key(carrier_call_id: str) -> str:
    """The receipt of a call's first webhook.
    Signed content only: the carrier's idempotency header is not.
    """
    return f"voice:{carrier_call_id}"


def open_call(opened: AnsweredCall) -> bool:
    """Write an answered call with what it was answered;
    False when the carrier's call has been answered before.
    """
    if not claim_webhook(voice_key(opened.carrier_call_id), answer=opened.answer):
        return False
    write_call(opened)
    if opened.handed_because:
        record_audit(
            action="call.handed_over", subject=opened.call_id, detail={"why": opened.handed_because}
        )
    return True


def write_call(opened: AnsweredCall) -> None:
    """Write a call's row; there already, it stays."""
    facts = Facts(handed=Ending(opened.at, "no_capacity")) if opened.handed_because else Facts()
    row = Call(
        id=UUID(opened.call_id),
        carrier_call_id=opened.carrier_call_id,
        from_number=opened.from_number,
        to_number=opened.to_number,
        verstat=opened.verstat,
        region=opened.region,
        vertical=opened.vertical,
        agent_version_id=opened.agent_version_id,
        audience=opened.audience,
        human_number=opened.human_number,
        leases=list(opened.leases),
        routing={**opened.routing, "handed_because": opened.handed_because},
        state=call_state.standing(facts).state,
        facts=msgspec.to_builtins(facts),
        started_at=opened.at,
    )
    Call.objects.bulk_create([row], ignore_conflicts=True)


def move_call(
    call_id: UUID, *, region: RegionCode, leases: Sequence[str], routing: Mapping[str, object]
) -> None:
    """The call goes on in another region, with other slots;
    `NotFound` when the tenant has no such call.
    """
    call = _locked(call_id)
    call.region, call.leases = region, list(leases)
    call.routing = {**call.routing, **routing}
    call.save(update_fields=["region", "leases", "routing"])


def record_report(report: CarrierReport) -> Moved | None:
    """Add what the carrier said of a call; None when it had said so before.

    `NotFound` when the tenant has no such call (yet): nothing is kept, the report may come again.
    """
    found = (
        Call.objects.filter(carrier="twilio", carrier_call_id=report.carrier_call_id)
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise NotFound(f"carrier call {report.carrier_call_id}: this tenant has none of that id")
    if not claim_webhook(report.key):
        return None
    facts = replace(
        call_state.carrier_says(report.status, at=report.at), human_answered=report.human_answered
    )
    if report.handed is not None:
        facts = replace(facts, handed=Ending(report.at, report.handed))
    return learn(found, facts)


def learn(call_id: UUID, facts: Facts) -> Moved:
    """Add facts to a call and let its state follow; `NotFound` when the tenant has no such call."""
    return _apply(call_id, facts)


def record_events(call_id: UUID, events: Sequence[CallEvent]) -> Moved:
    """Write a call's events, each once however often it comes,
    and let its state and figures follow.
    """
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
    follows = [
        measure
        for measure, concerns in ((_measure, rows.has_latency), (_measure_way, rows.has_round_trip))
        if any(concerns(event) for event in events)
    ]
    newest = _newest_epoch(call_id, events)
    facts = rows.facts_of_all(event for event in events if rows.counts(event, newest_epoch=newest))
    return _apply(
        call_id, facts, *follows, lambda call: _follow_region(call, rows.region_now(events, newest))
    )


def _newest_epoch(call_id: UUID, events: Sequence[CallEvent]) -> int:
    """The call's latest epoch as far as it is known;
    only a stream's beginning or end makes it worth the question.
    """
    if not any(rows.bounds_a_stream(event) for event in events):
        return 0
    answered = CallEventRow.objects.filter(call_id=call_id, kind="answered")
    return answered.aggregate(newest=Max("epoch"))["newest"] or 0


def _follow_region(call: Call, region: RegionCode | None) -> None:
    call.region = region or call.region


def keep_recording(
    call_id: UUID, *, epoch: int, name: str, size_bytes: int, seconds: float
) -> str | None:
    """Note where the audio of one epoch of a call lies;
    the name of the file that it replaces, or None.
    """
    call = _locked(call_id)
    previous = Recording.objects.filter(call=call, epoch=epoch).first()
    replaced = previous.name if previous else None
    Recording.objects.update_or_create(
        call=call,
        epoch=epoch,
        defaults={"name": name, "size_bytes": size_bytes, "seconds": seconds},
    )
    return replaced


def _apply(call_id: UUID, facts: Facts, *follows: Callable[[Call], None]) -> Moved:
    call = _locked(call_id)
    before = stored_facts(call.facts)
    after = call_state.merge(before, facts)
    stands = call_state.standing(after)
    was: State = call.state  # type: ignore[assignment]  # the column's choices are the states
    call.facts = msgspec.to_builtins(after)
    call.state = stands.state
    call.answered_at = stands.answered_at
    call.ended_at = stands.ended.at if stands.ended else None
    call.end_reason = stands.ended.reason if stands.ended else ""
    for measure in follows:
        measure(call)
    call.save(
        update_fields=[
            "facts", "state", "answered_at", "ended_at", "end_reason",
            "turns", "first_audio_p50_ms", "first_audio_p95_ms", "region", "round_trip_ms",
        ]
    )  # fmt: skip
    return Moved(str(call_id), was, stands.state, call.region, tuple(call.leases))


def _measure(call: Call) -> None:
    payloads = _payloads(call, "turn_timed")
    firsts = _numbers(payloads, "first_audio_ms")
    call.turns = len(payloads)
    call.first_audio_p50_ms = rows.percentile(firsts, 0.5)
    call.first_audio_p95_ms = rows.percentile(firsts, 0.95)


def _measure_way(call: Call) -> None:
    # Of a call that was taken up elsewhere, what its own region measured.
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
