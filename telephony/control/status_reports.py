"""What the carrier says of a call that goes on or ends:
written down, and what follows from it done once.
"""

import structlog
from django.db import transaction

from telephony.calls import actions, live, queries
from telephony.calls.actions import Moved
from telephony.control import admission, webhook_spool
from telephony.control.database_breaker import POSTGRES_AWAY, postgres
from telephony.types import CarrierReport
from tenants.context import as_tenant
from warmline.kernel.errors import NotFound

log = structlog.get_logger()


def report(said: CarrierReport) -> None:
    """Keep what the carrier said, now or as soon as Postgres hears it.
    `Unavailable` when it cannot be kept.
    """
    try:
        postgres.check()
        write(said)
    except NotFound:
        # The call's own row may still wait in the inbox; what never finds its call is parked there.
        webhook_spool.put_report(said)
    except POSTGRES_AWAY as away:
        postgres.notice(away)
        log.warning("report waits", carrier_call=said.carrier_call_id, why=type(away).__name__)
        webhook_spool.put_report(said)


def write(said: CarrierReport) -> None:
    """Keep what the carrier said; `NotFound` when its call has no row (yet)."""
    tenant_id = queries.tenant_of_number(said.dialled) if said.dialled else None
    if tenant_id is None:
        raise NotFound(f"number of carrier call {said.carrier_call_id}: nobody's")
    with as_tenant(tenant_id):
        moved = actions.record_report(said)
    if moved is not None:
        settle(tenant_id, moved, kinds=("carrier",))


def settle(tenant_id: str, moved: Moved, *, kinds: tuple[str, ...]) -> None:
    """What follows a change, after its commit:
    an ended call's slots go back, the live views are told.
    """
    release_after(moved)
    live.announce([live.Announcement(tenant_id, moved.call_id, moved.after, kinds)])


def settle_on_commit(tenant_id: str, moved: Moved, *, kinds: tuple[str, ...]) -> None:
    """`settle`, as soon as the transaction that is open now has committed."""
    transaction.on_commit(lambda: settle(tenant_id, moved, kinds=kinds))


def release_after(moved: Moved) -> None:
    """Give an ended call's slots back; done again it does nothing."""
    if moved.after == "ended":
        admission.release(moved.region, moved.leases, moved.call_id)
