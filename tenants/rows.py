"""What every tenant table of every app is made from."""

from uuid import UUID

from django.db import models

from tenants.columns import BoundedModel
from tenants.context import bound_tenant_id
from warmline.kernel.ids import new_uuid


def bound_tenant_uuid() -> UUID | None:
    """The default of every `tenant` field; without a bound tenant the insert is refused."""
    tenant_id = bound_tenant_id()
    return None if tenant_id is None else UUID(tenant_id)


class TenantModel(BoundedModel):
    """A row that belongs to one tenant. Its migration needs `tenants.rls.IsolateTable`."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    # No index of its own: every index of a tenant table starts with the tenant.
    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        default=bound_tenant_uuid,
        editable=False,
    )

    class Meta:
        abstract = True
