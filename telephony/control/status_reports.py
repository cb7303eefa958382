"""The carrier's reports of calls that go on or end: kept, and followed once."""

from django.db import transaction

from telephony.calls import actions, live
from telephony.calls.actions import StateChange
from telephony.control import call_ends, queries, webhook_spool
from telephony.control.database_breaker import database
from telephony.types import CarrierReport
from tenants.context import as_tenant
from warmline.kernel.errors import NotFound


def report(report: CarrierReport) -> None:
    """Keep what the carrier said, now or as soon as Postgres takes it.

    `Unavailable` when it cannot be kept.
    """
    database.ask(
        lambda: _write_or_spool(report),
        otherwise=lambda: webhook_spool.put_report(report),
        event="report waits",
        carrier_call=report.carrier_call_id,
    )


def _write_or_spool(report: CarrierReport) -> None:
    try:
        write(report)
    except NotFound:
        # The call's own row may still wait in the spool; what never finds its call is parked there.
        webhook_spool.put_report(report)


def write(report: CarrierReport) -> None:
    """Keep what the carrier said; `NotFound` when its call has no row (yet)."""
    tenant_id = queries.tenant_of_number(report.dialled) if report.dialled else None
    if tenant_id is None:
        raise NotFound(f"number of carrier call {report.carrier_call_id}: nobody's")
    with as_tenant(tenant_id):
        change = actions.record_report(report)
    if change is not None:
        follow(tenant_id, change)


def follow(tenant_id: str, change: StateChange) -> None:
    """After a change's commit: what ends with the call ends, and the live views are told."""
    call_ends.close_after(change)
    live.announce([live.Announcement(tenant_id, change.call_id)])


def follow_on_commit(tenant_id: str, change: StateChange) -> None:
    """`follow`, as soon as the transaction that is open now has committed."""
    transaction.on_commit(lambda: follow(tenant_id, change))
