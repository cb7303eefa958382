"""Whose word counts for how much: nobody gives, takes or changes a role above their own."""

from tenants.actor import current_actor
from tenants.models import Member
from tenants.permissions import Permission, permissions_of
from tenants.types import MemberRole
from warmline.kernel.errors import BadInput, NotAllowed

_DESCENDING = tuple(str(role) for role in MemberRole)


def checked_role(role: str) -> MemberRole:
    """The role of that name; `BadInput` where there is none."""
    if role not in MemberRole.values:
        raise BadInput(
            f"role {role[:40]!r}: expected one of {', '.join(MemberRole.values)}", field="role"
        )
    return MemberRole(role)


def acting_role() -> MemberRole:
    """As whom the present actor changes members; ask it again under the tenant's lock.

    A member has their role as it is now, an API key at most an admin's, an operator and the system
    an owner's. `NotAllowed` for a member whose role does not reach it, or who is none any more.
    """
    actor = current_actor()
    if actor.kind == "key":
        return MemberRole.ADMIN
    if actor.kind != "user":
        return MemberRole.OWNER
    member = Member.objects.filter(user_id=actor.id).first()
    if member is None or Permission.MEMBERS_WRITE not in permissions_of(member.role):
        raise NotAllowed("your role does not let you change who is in this company")
    return MemberRole(member.role)


def is_above(role: str, other: str) -> bool:
    """Whether the first role is the higher one."""
    return _DESCENDING.index(role) < _DESCENDING.index(other)


def check_reach(role: str, *, by: str) -> None:
    """Return if who has the role `by` may give or take this one; else `NotAllowed`."""
    if is_above(role, by):
        raise NotAllowed(
            f"{_article(by)} {by} cannot give, change or remove {_article(role)} {role}"
        )


def roles_within(role: str) -> tuple[MemberRole, ...]:
    """The roles that somebody of this one may give, from the highest."""
    return tuple(MemberRole(name) for name in _DESCENDING[_DESCENDING.index(role) :])


def _article(role: str) -> str:
    return "an" if role[0] in "aeiou" else "a"
