"""Whether somebody who acted before may still act. Inside the bound tenant."""

from uuid import UUID

from tenants.models import ApiKey
from tenants.permissions import Permission
from tenants.queries import membership


def actor_may(permission: Permission, *, kind: str, actor_id: str) -> bool:
    """Whether the actor of that kind and id has the permission now: a live key, or a member."""
    if kind == "key":
        return ApiKey.objects.filter(prefix=actor_id, revoked_at=None).exists()
    if kind != "user":
        return False
    member = membership(UUID(actor_id))
    return member is not None and permission in member.permissions
