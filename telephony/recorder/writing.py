"""Events and webhooks that wait in Redis become rows: each once, under its own tenant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
import redis
import structlog
from django.db import DatabaseError

from telephony import media_link
from telephony.calls import actions, live, queries
from telephony.calls.actions import StateChange
from telephony.control import call_ends, status_reports
from telephony.types import AnsweredCall, CarrierReport
from tenants.context import as_tenant
from tenants.postgres.away import DATABASE_AWAY
from warmline.kernel.call import CallEvent, CallPlan, decode_plan
from warmline.kernel.errors import NotFound, WarmlineError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a stream, not yet acknowledged."""

    id: bytes
    fields: dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What became of an entry: written, `early` (to come again later), or a reason to park it."""

    entry: Entry
    early: bool = False
    parked: str = ""


def write_events(client: "redis.Redis", entries: Sequence[Entry]) -> list[EntryResult]:
    """Write events, call by call.

    Raises Django's OperationalError when Postgres is away: nothing is lost then. An event that
    cannot be written is parked with its reason and blocks no other one.
    """
    results: list[EntryResult] = []
    calls: dict[tuple[str, str], list[tuple[Entry, CallEvent]]] = defaultdict(list)
    for entry in entries:
        try:
            event = media_link.decode_stored_event(entry.fields)
        except (KeyError, msgspec.MsgspecError) as error:
            results.append(EntryResult(entry, parked=f"not an event: {error}"))
            continue
        calls[event.tenant_id, event.call_id].append((entry, event))
    announcements = []
    # In one order, so that two recorders never wait for each other.
    for (tenant_id, call_id), batch in sorted(calls.items()):
        try:
            change = _write_call(client, tenant_id, call_id, [event for _, event in batch])
        except NotFound:
            results += [EntryResult(entry, early=True) for entry, _ in batch]
            continue
        except (redis.RedisError, *DATABASE_AWAY):
            raise
        except Exception as error:  # noqa: BLE001
            # One call's trouble: the entries of all other companies wait behind it.
            results += _one_by_one(client, batch, error)
            continue
        results += [EntryResult(entry) for entry, _ in batch]
        announcements.append(live.Announcement(tenant_id, call_id))
        call_ends.close_after(change)
    live.announce(announcements)
    return results


def write_webhooks(entries: Iterable[Entry]) -> list[EntryResult]:
    """Write what the carrier said while Postgres was away, in its order."""
    return [_write_webhook(entry) for entry in entries]


def _write_call(
    client: "redis.Redis", tenant_id: str, call_id: str, events: Sequence[CallEvent]
) -> StateChange:
    call = UUID(call_id)
    try:
        with as_tenant(tenant_id):
            return _record(call, events)
    except NotFound:
        plan = _plan(client, call_id, tenant_id)
        if plan is None:
            raise
    with as_tenant(tenant_id):
        actions.write_call(_call_of(plan, events))
        return _record(call, events)


def _record(call_id: UUID, events: Sequence[CallEvent]) -> StateChange:
    if not queries.call_exists(call_id):
        raise NotFound(f"call {call_id}: this tenant has none of that id")
    return actions.record_events(call_id, events)


def _one_by_one(
    client: "redis.Redis", batch: Sequence[tuple[Entry, CallEvent]], cause: Exception
) -> list[EntryResult]:
    """Find the event that cannot be written; the others of its call are."""
    if len(batch) == 1:
        log.error("event parked", call=batch[0][1].call_id, why=type(cause).__name__)
        return [EntryResult(batch[0][0], parked=_why(cause))]
    results: list[EntryResult] = []
    for entry, event in batch:
        try:
            change = _write_call(client, event.tenant_id, event.call_id, [event])
        except (redis.RedisError, *DATABASE_AWAY):
            raise
        except Exception as error:  # noqa: BLE001
            # As above: this entry is parked, those behind it are written.
            results += _one_by_one(client, [(entry, event)], error)
            continue
        results.append(EntryResult(entry))
        call_ends.close_after(change)
    return results


def _plan(client: "redis.Redis", call_id: str, tenant_id: str) -> CallPlan | None:
    raw = client.get(media_link.plan_key(call_id))
    if not isinstance(raw, bytes):
        return None
    plan = decode_plan(raw)
    return plan if plan.tenant_id == tenant_id else None


def _call_of(plan: CallPlan, events: Sequence[CallEvent]) -> AnsweredCall:
    """A call's row from its plan, where Postgres was away and the call's own record is missing."""
    return AnsweredCall(
        call_id=plan.call_id,
        tenant_id=plan.tenant_id,
        carrier=plan.carrier,
        carrier_call_id=plan.carrier_call_id,
        from_number=plan.caller_number,
        to_number="",
        verstat="",
        region=plan.region,
        vertical=plan.vertical,
        agent_version_id=plan.agent.agent_version_id,
        audience=plan.audience,
        human_number=plan.human_number or "",
        leases=plan.leases,
        routing={"because": plan.routing_because},
        transferred_because="",
        answer="",
        at=min(event.at for event in events),
        agent_id=plan.agent.agent_id,
    )


_decode_webhook = msgspec.json.Decoder(AnsweredCall | CarrierReport).decode


def _write_webhook(entry: Entry) -> EntryResult:
    try:
        webhook = _decode_webhook(entry.fields[b"webhook"])
    except (KeyError, msgspec.MsgspecError) as error:
        return EntryResult(entry, parked=f"not a webhook: {error}")
    try:
        if isinstance(webhook, CarrierReport):
            status_reports.write(webhook)
        else:
            _write_answered(webhook)
    except NotFound:
        return EntryResult(entry, early=True)
    except (redis.RedisError, *DATABASE_AWAY):
        raise
    except Exception as error:  # noqa: BLE001
        # One webhook's trouble: those behind it are written.
        return EntryResult(entry, parked=_why(error))
    return EntryResult(entry)


def _why(error: Exception) -> str:
    """Why an entry is parked; what nobody foresaw by its kind alone, since it may quote anybody."""
    if isinstance(error, DatabaseError | WarmlineError | ValueError):
        return f"{type(error).__name__}: {error}"[:300]
    return type(error).__name__


def _write_answered(call: AnsweredCall) -> None:
    with as_tenant(call.tenant_id):
        actions.open_call(call)
