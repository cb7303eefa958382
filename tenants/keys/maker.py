"""How far whoever acts may reach with a key that they make: never further than they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenants.actor import current_actor
from tenants.keys.models import ApiKey
from tenants.keys.scopes import present_scopes
from tenants.models import Member
from tenants.permissions import Permission, permissions_of
from warmline.kernel.errors import BadInput, NotAllowed


@dataclass(frozen=True, slots=True)
class Maker:
    """Who sees the secret, and what a key of theirs may do at most and until when at the latest."""

    permissions: frozenset[Permission]
    user_id: UUID | None = None
    key_id: UUID | None = None
    ends_at: datetime | None = None

    def check_scopes(self, scopes: Iterable[Permission]) -> None:
        """`NotAllowed` for a scope that the maker lacks: a key would hand it to them."""
        beyond = sorted(set(scopes) - self.permissions)
        if beyond:
            raise NotAllowed(f"you may not give what you do not have: {', '.join(beyond)}")

    def end(self, wanted: datetime | None, *, at: datetime) -> datetime | None:
        """When a key of theirs ends; `BadInput` for a time that is over or after their own end."""
        if wanted is not None and wanted <= at:
            raise BadInput(f"expires_at {wanted.isoformat()}: expected later", field="expires_at")
        if wanted is None or self.ends_at is None:
            return wanted or self.ends_at
        if wanted > self.ends_at:
            raise BadInput(
                f"expires_at: expected {self.ends_at.isoformat()} or earlier, when this key ends",
                field="expires_at",
            )
        return wanted


def present_maker() -> Maker:
    """Whoever acts here: a member with their role, a key with its scopes, or an operator."""
    actor = current_actor()
    if actor.kind == "user":
        role = role_of(UUID(actor.id))
        return Maker(permissions_of(role or ""), user_id=UUID(actor.id))
    if actor.kind == "key":
        key = ApiKey.objects.get(pk=actor.id)
        return Maker(scopes_now(key), user_id=key.maker, key_id=key.pk, ends_at=key.expires_at)
    return Maker(frozenset(Permission))


def scopes_now(key: ApiKey) -> frozenset[Permission]:
    """What the key may do now, which may be less than it was made for."""
    role = None if key.maker is None else role_of(key.maker)
    return present_scopes(key.scopes, is_bound=key.maker is not None, role=role)


def role_of(user_id: UUID) -> str | None:
    """The role of a member of the bound tenant; None for nobody's."""
    return Member.objects.filter(user_id=user_id).values_list("role", flat=True).first()
