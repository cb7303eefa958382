"""The reads: the bound company as its members see it, companies as operators do."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from tenants.company.types import Company, CompanyLine, CompanyState
from tenants.context import CONTROL
from tenants.models import Tenant
from tenants.queries import tenant, tenant_by_slug
from warmline.kernel.ids import TenantId

_MAX_SEARCH = 100


def company() -> Company:
    """The bound tenant's own."""
    return company_of(tenant())


def company_of(row: Tenant) -> Company:
    """A company's row as its members see it."""
    return Company(
        id=row.pk,
        slug=row.slug,
        name=row.name,
        vertical=row.vertical,
        time_zone=row.time_zone,
        residency=row.residency,
        human_number=row.human_number,
        state=state_of(row),
        plan=row.plan,
        trial_ends_at=row.trial_ends_at,
        max_concurrent_calls=row.max_concurrent_calls,
        created_at=row.created_at,
    )


def state_of(row: Tenant) -> CompanyState:
    """Where a company is in its life."""
    if row.closed_at is not None:
        return CompanyState.CLOSED
    return CompanyState.OPEN if row.suspended_at is None else CompanyState.SUSPENDED


def takes_calls(row: Tenant) -> bool:
    """Whether the numbers of a company are answered."""
    return state_of(row) == CompanyState.OPEN


def companies(
    *, search: str = "", state: str = "", after: str = "", limit: int = 50
) -> Sequence[CompanyLine]:
    """Companies by slug, those after one; as control. `search` is part of a name or slug."""
    rows = Tenant.objects.using(CONTROL).order_by("slug")
    words = search.strip()[:_MAX_SEARCH]
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(slug__icontains=words.lower()))
    if state == CompanyState.CLOSED:
        rows = rows.exclude(closed_at=None)
    elif state == CompanyState.SUSPENDED:
        rows = rows.filter(closed_at=None).exclude(suspended_at=None)
    elif state == CompanyState.OPEN:
        rows = rows.filter(closed_at=None, suspended_at=None)
    if after:
        rows = rows.filter(slug__gt=after)
    return [line_of(row) for row in rows[:limit]]


def company_line(slug: str) -> CompanyLine:
    """One company as an operator sees it; `NotFound`. As control."""
    return line_of(tenant_by_slug(slug))


def line_of(row: Tenant) -> CompanyLine:
    """A company's row as an operator sees it."""
    return CompanyLine(
        id=row.pk,
        slug=row.slug,
        name=row.name,
        vertical=row.vertical,
        plan=row.plan,
        state=state_of(row),
        residency=row.residency,
        max_concurrent_calls=row.max_concurrent_calls,
        call_weight=row.call_weight,
        warm_replicas=row.warm_replicas,
        created_at=row.created_at,
        trial_ends_at=row.trial_ends_at,
        closed_at=row.closed_at,
        erase_at=row.erase_at,
    )


def due_for_erasure(at: datetime) -> Sequence[TenantId]:
    """Companies whose time to come back is over; as control."""
    rows = Tenant.objects.using(CONTROL).filter(erase_at__lte=at).exclude(closed_at=None)
    return [TenantId(str(pk)) for pk in rows.order_by("erase_at").values_list("pk", flat=True)]
