"""The reads: who a credential belongs to, and what a user may enter."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Max

from tenants.columns import check_columns
from tenants.context import CONTROL, as_tenant, current_tenant_id
from tenants.models import AuditEvent, Member, Tenant
from tenants.permissions import Membership
from tenants.postgres.routers import without_alias
from tenants.types import Residency
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId


def memberships(user_id: UUID) -> tuple[Membership, ...]:
    """The tenants that a user belongs to, by name. Asked before any tenant is bound."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT tenancy.tenants_of_user(%s)", [user_id])
        tenant_ids = [TenantId(str(row[0])) for row in cursor.fetchall()]
    entered: list[Membership] = []
    for tenant_id in tenant_ids:
        with as_tenant(tenant_id):
            member = membership(user_id)
            if member is not None:
                entered.append(member)
    return tuple(sorted(entered, key=lambda membership: membership.name))


def membership(user_id: UUID) -> Membership | None:
    """The user's place in the bound tenant, or None; a closed company has none."""
    member = Member.objects.select_related("tenant").filter(user_id=user_id).first()
    if member is None or member.tenant.closed_at is not None:
        return None
    return Membership(
        tenant_id=member.tenant.tenant_id,
        name=member.tenant.name,
        role=member.role,
        time_zone=member.tenant.time_zone,
        trial_ends_at=member.tenant.trial_end,
    )


def names_of_users(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these users are called, by id: their name, else their address."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT id, called FROM tenancy.names_of(%s)", [list(user_ids)])
        return dict(cursor.fetchall())


def was_done(action: str) -> bool:
    """Whether the bound tenant's trail has this action."""
    return AuditEvent.objects.filter(action=action).exists()


def tenant() -> Tenant:
    """The bound tenant's own row."""
    return Tenant.objects.get(pk=current_tenant_id())


def tenant_by_slug(slug: str) -> Tenant:
    """A tenant by its slug, for commands and set-up; `NotFound` without one. As control."""
    check_columns(Tenant, {"slug": slug})
    row = Tenant.objects.using(CONTROL).filter(slug=slug).first()
    if row is None:
        raise NotFound(f"no tenant has the slug {slug!r}")
    return without_alias(row)


def all_tenant_ids() -> Sequence[TenantId]:
    """Every tenant's id, oldest first: for sweeps that send one job to each. As control."""
    ids = Tenant.objects.using(CONTROL).order_by("id").values_list("id", flat=True)
    return [TenantId(str(tenant_id)) for tenant_id in ids]


def warm_classes() -> dict[str, int]:
    """By residency, the most replicas that any of its tenants has kept warm; "" is anywhere.

    As control. Only numbers leave the tenants' rows, not whose they are.
    """
    rows = (
        Tenant.objects.using(CONTROL).values_list("residency").annotate(most=Max("warm_replicas"))
    )
    return {"" if residency == Residency.ANYWHERE else residency: most for residency, most in rows}
