"""Whether somebody who acted before may still act. Inside the bound tenant."""

from uuid import UUID

from tenants.keys.queries import key
from tenants.permissions import Permission
from tenants.queries import membership
from warmline.kernel.errors import NotFound


def actor_may(permission: Permission, *, kind: str, actor_id: str) -> bool:
    """Whether the actor of that kind and id has the permission now: a live key, or a member."""
    if kind == "key":
        try:
            found = key(UUID(actor_id))
        except NotFound:
            return False
        held = set(found.scopes) - set(found.lost_scopes)
        return found.state == "live" and permission in held
    if kind != "user":
        return False
    member = membership(UUID(actor_id))
    return member is not None and permission in member.permissions
