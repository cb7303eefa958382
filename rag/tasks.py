"""Jobs: what was given goes into the index, indexes of words are made, orphans are removed."""

from typing import Final
from uuid import UUID

import structlog
from celery import shared_task
from django.db.models import Q
from django.db.models.functions import Now

from rag.ingestion import claims
from rag.ingestion.claims import MOST_ATTEMPTS, postpone
from rag.ingestion.indexing import clear_superseded
from rag.ingestion.renewal import outdated, renew
from rag.ingestion.run import ingest
from rag.ingestion.sweeping import sweep
from rag.ingestion.words import is_behind, rebuild_words
from rag.models import Revision, WordIndex
from tenants import queries as tenants_queries
from tenants.context import CONTROL, current_tenant_id
from tenants.jobs import TenantTask
from warmline.kernel import clock
from warmline.kernel.errors import Unavailable
from warmline.kernel.outbound.errors import Unreachable

log = structlog.get_logger()

# Reading and embedding take a core for as long as they last: a worker of their own, so that the
# warmer's turns never wait behind them.
QUEUE: Final = "knowledge"
# Then another company's document has its turn.
SLICE_S: Final = 20.0
TRY_AGAIN_S: Final = 15.0
LONGEST_S: Final = 600


@shared_task(name="rag.tasks.send_waiting", base=TenantTask, cross_tenant=True)
def send_waiting() -> None:
    """Find the tenants with something to be worked on that no worker has, and send each its job."""
    waiting = Revision.objects.using(CONTROL).filter(claims.waiting())
    for tenant_id in waiting.values_list("tenant_id", flat=True).distinct():
        take_in.for_tenant(str(tenant_id))
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=clock.now() - claims.STALE_AFTER)
    behind = WordIndex.objects.using(CONTROL).filter(is_behind())
    for tenant_id in behind.filter(unclaimed).values_list("tenant_id", flat=True):
        rebuild_words_of_tenant.for_tenant(str(tenant_id))


@shared_task(name="rag.tasks.renew_outdated", base=TenantTask, cross_tenant=True)
def renew_outdated() -> None:
    """Find the tenants with passages that an earlier version indexed, and send each its job."""
    revisions = Revision.objects.using(CONTROL).filter(outdated())
    for tenant_id in revisions.values_list("tenant_id", flat=True).distinct():
        renew_tenant.for_tenant(str(tenant_id))


@shared_task(name="rag.tasks.renew_tenant", base=TenantTask)
def renew_tenant() -> None:
    """Have some of the tenant's documents indexed anew."""
    renew()


@shared_task(name="rag.tasks.take_in", base=TenantTask)
def take_in() -> None:
    """Send a job for each of the tenant's revisions that nobody works on, once."""
    waiting = Revision.objects.select_for_update().filter(claims.waiting())
    for revision_id in list(waiting.order_by("id").values_list("pk", flat=True)):
        # Whoever held it is dead: it is the message's that is sent now.
        Revision.objects.filter(pk=revision_id).update(claim=None, claimed_at=Now())
        ingest_revision.for_tenant(current_tenant_id(), str(revision_id))


@shared_task(
    name="rag.tasks.ingest_revision",
    base=TenantTask,
    asks_outside=True,
    queue=QUEUE,
    time_limit=LONGEST_S,
)
def ingest_revision(revision_id: str) -> None:
    """Work on one revision for a while; what is left is a job of its own, behind the others'."""
    try:
        more = ingest(UUID(revision_id), seconds=SLICE_S)
    except Unreachable as error:
        attempts = postpone(UUID(revision_id), why=str(error))
        countdown_s = TRY_AGAIN_S * 2 ** min(attempts, MOST_ATTEMPTS)
        ingest_revision.for_tenant(current_tenant_id(), revision_id, countdown_s=countdown_s)
        return
    except Unavailable as error:
        # A store of ours is away: that is not the document's fault, however often.
        log.warning("document waits", revision=revision_id, why=str(error)[:200])
        Revision.objects.filter(pk=revision_id).update(attempts=0)
        ingest_revision.for_tenant(current_tenant_id(), revision_id, countdown_s=TRY_AGAIN_S)
        return
    if more:
        ingest_revision.for_tenant(current_tenant_id(), revision_id)
        return
    for document_id in Revision.objects.filter(pk=revision_id).values_list(
        "document_id", flat=True
    ):
        clear_superseded(document_id)


@shared_task(
    name="rag.tasks.rebuild_words_of_tenant",
    base=TenantTask,
    asks_outside=True,
    queue=QUEUE,
    time_limit=LONGEST_S,
)
def rebuild_words_of_tenant() -> None:
    """Make the tenant's index of words anew, if it is behind."""
    rebuild_words()


@shared_task(name="rag.tasks.sweep_orphans", base=TenantTask, cross_tenant=True)
def sweep_orphans() -> None:
    """Send each tenant a job that removes what its rows no longer name."""
    for tenant_id in tenants_queries.all_tenant_ids():
        sweep_tenant.for_tenant(tenant_id)


@shared_task(
    name="rag.tasks.sweep_tenant",
    base=TenantTask,
    asks_outside=True,
    queue=QUEUE,
    time_limit=LONGEST_S,
)
def sweep_tenant() -> None:
    """Remove the tenant's orphans."""
    sweep()
