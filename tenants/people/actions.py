"""The writes about members, each under the company's lock: two at once see each other's work."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tenants.actions import add_member, hold_tenant, record_audit
from tenants.actor import current_actor
from tenants.context import CONTROL, current_tenant_id
from tenants.emails import normal_email
from tenants.live_sessions import end_sockets_of_user
from tenants.models import Member, User
from tenants.people.authority import acting_role, check_reach, checked_role, is_above
from tenants.people.models import Invitation
from tenants.people.queries import address_of
from tenants.postgres.routers import without_alias
from tenants.types import MemberRole
from warmline.kernel.errors import BadInput, Conflict, NotAllowed, NotFound


def user_by_address(email: str) -> User:
    """The user with that address; `NotFound` for nobody's. As control, outside of any tenant."""
    user = User.objects.using(CONTROL).filter(email=normal_email(email)).first()
    if user is None:
        raise NotFound(f"no user has the address {normal_email(email)}")
    return without_alias(user)


def join(user: User, *, role: str) -> Member:
    """Make somebody who has an account a member of the bound tenant; `Conflict` for one who is."""
    with transaction.atomic():
        hold_tenant()
        check_reach(checked_role(role), by=acting_role())
        if Member.objects.filter(user_id=user.pk).exists():
            raise Conflict(f"{user.email} is a member already: change their role instead")
        return add_member(user, role=role)


def change_role(member_id: UUID | str, *, role: str) -> Member:
    """Give a member of the bound tenant another role, from their next request on.

    `NotAllowed` where either role is above the actor's own, `Conflict` for the last owner.
    """
    wanted = checked_role(role)
    with transaction.atomic():
        hold_tenant()
        by = acting_role()
        member = _member(member_id)
        check_reach(member.role, by=by)
        check_reach(wanted, by=by)
        if member.role == wanted:
            return member
        if member.role == MemberRole.OWNER:
            _check_another_owner(member, "be given another role")
        before, member.role = member.role, wanted
        member.save(update_fields=["role"])
        if is_above(before, wanted):
            _revoke_invitations_above(wanted, inviter=member.user_id)
        record_audit(
            action="member.change",
            subject=str(member.user_id),
            detail={"from": before, "to": str(wanted)},
        )
    _end_sockets_on_commit(member.user_id)
    return member


def remove_member(member_id: UUID | str) -> None:
    """End a membership of the bound tenant at once: its pages, sockets and open invitations.

    `NotAllowed` where the member's role is above the actor's own, `Conflict` for the last owner.
    """
    with transaction.atomic():
        hold_tenant()
        by = acting_role()
        member = _member(member_id)
        check_reach(member.role, by=by)
        _end_membership(member, action="member.remove")


def leave() -> None:
    """End the actor's own membership of the bound tenant; `Conflict` for the last owner."""
    actor = current_actor()
    with transaction.atomic():
        hold_tenant()
        member = None
        if actor.kind == "user":
            member = Member.objects.filter(user_id=actor.id).first()
        if member is None:
            raise NotAllowed("only a member can leave a company")
        _end_membership(member, action="member.leave")


def transfer_ownership(member_id: UUID | str) -> Member:
    """Make another member an owner and the acting owner an admin, in one step; the new owner.

    It holds at once: both roles are read anew under the company's lock. `NotAllowed` for anybody
    but an owner.
    """
    actor = current_actor()
    with transaction.atomic():
        hold_tenant()
        heir = _member(member_id)
        giver = None
        if actor.kind == "user":
            giver = Member.objects.filter(user_id=actor.id, role=MemberRole.OWNER).first()
        if giver is None:
            raise NotAllowed("only an owner can hand over a company")
        if giver.pk == heir.pk:
            raise Conflict("you own this company already: choose another member")
        heir.role, giver.role = MemberRole.OWNER, MemberRole.ADMIN
        heir.save(update_fields=["role"])
        giver.save(update_fields=["role"])
        _revoke_invitations_above(MemberRole.ADMIN, inviter=giver.user_id)
        record_audit(
            action="company.transfer",
            subject=str(current_tenant_id()),
            detail={"from": str(giver.user_id), "to": str(heir.user_id)},
        )
    for user_id in (giver.user_id, heir.user_id):
        _end_sockets_on_commit(user_id)
    return heir


def appoint_owner(user: User) -> Member:
    """Make somebody who has an account an owner of the bound tenant, member of it or not.

    For operators alone, where a company has lost its own: `NotAllowed` for anybody else.
    """
    if current_actor().kind in ("user", "key"):
        raise NotAllowed("an owner hands over a company; only an operator appoints one")
    if not user.is_active:
        raise BadInput(f"{user.email}: this account can no longer sign in")
    with transaction.atomic():
        hold_tenant()
        member = Member.objects.filter(user_id=user.pk).first()
        if member is not None and member.role == MemberRole.OWNER:
            raise Conflict(f"{user.email} owns this company already")
        if member is None:
            member = add_member(user, role=MemberRole.OWNER)
        else:
            member.role = MemberRole.OWNER
            member.save(update_fields=["role"])
        record_audit(
            action="company.appoint_owner",
            subject=str(current_tenant_id()),
            detail={"to": str(user.pk)},
        )
    _end_sockets_on_commit(user.pk)
    return member


def _end_membership(member: Member, *, action: str) -> None:
    if member.role == MemberRole.OWNER:
        _check_another_owner(member, "leave")
    pending = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    revoked_at = timezone.now()
    pending.filter(invited_by=f"user:{member.user_id}").update(revoked_at=revoked_at)
    pending.filter(email=address_of(member.user_id)).update(revoked_at=revoked_at)
    record_audit(action=action, subject=str(member.user_id), detail={"role": member.role})
    user_id = member.user_id
    member.delete()
    _end_sockets_on_commit(user_id)


def _revoke_invitations_above(role: str, *, inviter: UUID) -> None:
    """What somebody promised as who they were, they can promise no more."""
    above = [name for name in MemberRole.values if is_above(name, role)]
    pending = Invitation.objects.filter(accepted_at=None, revoked_at=None, role__in=above)
    pending.filter(invited_by=f"user:{inviter}").update(revoked_at=timezone.now())


def _check_another_owner(member: Member, what: str) -> None:
    if not Member.objects.filter(role=MemberRole.OWNER).exclude(pk=member.pk).exists():
        raise Conflict(f"the last owner cannot {what}: make another member an owner first")


def _end_sockets_on_commit(user_id: UUID) -> None:
    transaction.on_commit(lambda: end_sockets_of_user(user_id))


def _member(member_id: UUID | str) -> Member:
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound("this company has no such member")
    return member
