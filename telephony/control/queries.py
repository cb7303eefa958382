"""What call control reads before it answers.

Everything but `tenant_of_number` runs inside `tenants.context.as_tenant`.
"""

from django.db import connection
from django.db.models import QuerySet

from telephony.calls.queries import call_by_carrier
from telephony.models import Call, Number
from telephony.types import BROWSER, AnsweredCall, NumberCheck
from tenants.context import as_tenant
from warmline.kernel.ids import TenantId
from warmline.kernel.text import why_unfit


def tenant_of_number(e164: str) -> TenantId | None:
    """Whose number this is; the one question that is asked before a tenant is known."""
    if why_unfit(e164):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy.resolve_number(%s)", [e164])
        row = cursor.fetchone()
    return TenantId(str(row[0])) if row and row[0] else None


def numbers() -> tuple[Number, ...]:
    """The tenant's numbers."""
    return tuple(Number.objects.order_by("e164"))


def human_numbers() -> set[str]:
    """Where the tenant's numbers put calls through to."""
    return set(Number.objects.values_list("human_number", flat=True))


def number_check(e164: str) -> NumberCheck:
    """Whether the number is the tenant's, and how many calls its agents have, in one query.

    A number of a company that is closed or suspended is nobody's. Calls that a person answers, from
    the start or since, are not the agents'.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM telephony_number n JOIN tenants_tenant t"
            " ON t.id = n.tenant_id AND t.closed_at IS NULL AND t.suspended_at IS NULL"
            " WHERE n.e164 = %s),"
            " (SELECT count(*) FROM telephony_call"
            " WHERE state IN ('ringing', 'live') AND audience = 'caller')",
            [e164],
        )
        is_ours, open_calls = cursor.fetchone()
    return NumberCheck(is_ours=is_ours, open_calls=open_calls)


def open_calls() -> int:
    """How many calls the tenant's agents have."""
    return _open_calls().count()


def open_page_calls() -> int:
    """How many of them began at pages."""
    return _open_calls().filter(carrier=BROWSER).count()


def _open_calls() -> "QuerySet[Call]":
    return Call.objects.filter(state__in=("ringing", "live"), audience="caller")


def answered_call(dialled: str, *, carrier: str, carrier_call_id: str) -> AnsweredCall | None:
    """The carrier's call of a dialled number's tenant, where it is now, from its row.

    In its tenant's own context.
    """
    tenant_id = tenant_of_number(dialled) if dialled else None
    if tenant_id is None:
        return None
    with as_tenant(tenant_id):
        row = call_by_carrier(carrier_call_id, carrier=carrier)
    return None if row is None else _answered(row)


def _answered(row: Call) -> AnsweredCall:
    return AnsweredCall(
        call_id=str(row.pk),
        tenant_id=TenantId(str(row.tenant_id)),
        carrier=row.carrier,
        carrier_call_id=row.carrier_call_id,
        from_number=row.from_number,
        to_number=row.to_number,
        verstat=row.verstat,
        region=row.region,
        vertical=row.vertical,
        agent_version_id=row.agent_version_id,
        audience="screen" if row.audience == "screen" else "caller",
        human_number=row.human_number,
        leases=tuple(row.leases),
        routing=row.routing,
        transferred_because=str(row.routing.get("handed_because", "")),
        answer="",
        at=row.started_at,
        agent_id=str(row.agent_id or ""),
    )
