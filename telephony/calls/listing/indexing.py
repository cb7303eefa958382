"""What was said in a call becomes findable once the call is over. Inside the bound tenant."""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from telephony.calls import projection, queries
from telephony.calls.listing.terms import terms_of
from telephony.calls.summaries.actions import call_is_findable
from telephony.models import Call
from tenants.context import current_tenant_id
from warmline.kernel import clock
from warmline.kernel.ids import TenantId


def tenants_with_unindexed_calls(*, before: datetime) -> tuple[TenantId, ...]:
    """Tenants with calls that ended before then and whose words are not findable yet.

    As control.
    """
    tenant_ids = _unindexed(before).values_list("tenant_id", flat=True).distinct()
    return tuple(TenantId(str(tenant_id)) for tenant_id in tenant_ids)


def index_calls(*, before: datetime, limit: int) -> int:
    """Make what was said in calls that ended before then findable, the oldest first; how many.

    Calls that another one works on are passed over. Done again it adds what is new.
    """
    calls = _unindexed(before).select_for_update(skip_locked=True).order_by("ended_at")[:limit]
    indexed = 0
    for call in calls:
        _index(call)
        indexed += 1
    return indexed


def _unindexed(before: datetime) -> QuerySet[Call]:
    return Call.objects.filter(state="ended", indexed_at=None, ended_at__lt=before)


def _index(call: Call) -> None:
    projected = projection.project(queries.stored_events(call.pk))
    terms = terms_of(projected)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telephony_callterm (tenant_id, term, started_at, id)"
            " SELECT %s, term, %s, %s FROM unnest(%s::bigint[]) term ON CONFLICT DO NOTHING",
            [current_tenant_id(), call.started_at, call.pk, sorted(terms)],
        )
    call.indexed_at = clock.now()
    call.save(update_fields=["indexed_at"])
    call_is_findable(call, projected.transcript)
