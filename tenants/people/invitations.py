"""The writes about invitations: sent by mail, accepted once, by whom the address belongs to."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from tenants.actions import add_member, hold_tenant, record_audit
from tenants.actor import Actor, acting, current_actor
from tenants.columns import check_columns
from tenants.context import as_tenant
from tenants.emails import normal_email
from tenants.mail.outbox import check_configured, send_mail_later
from tenants.models import Member, User
from tenants.people.addresses import owns_address
from tenants.people.authority import acting_role, check_reach, checked_role
from tenants.people.models import Invitation
from tenants.people.queries import (
    actor_labels,
    people_of,
    tenant_of_invitation,
    token_hash,
)
from tenants.people.types import INVITATION_LASTS, MAX_PENDING, RESEND_AFTER
from tenants.permissions import Membership
from tenants.queries import tenant
from tenants.types import MemberRole
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, NotAllowed, NotFound

_TEMPLATE: Final = "tenants/mail/invitation.txt"


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation that was just sent: `link` accepts it, and is shown this once."""

    id: UUID
    email: str
    role: str
    expires_at: datetime
    link: str


def invite(email: str, *, role: str) -> NewInvitation:
    """Ask somebody by mail to join the bound tenant; the link in it is kept nowhere.

    `NotAllowed` for a role above the actor's own, `Conflict` for a member and for an address that
    is asked already, `NoMail` where nothing can be sent.
    """
    address = check_invitation(email)
    wanted = checked_role(role)
    with transaction.atomic():
        hold_tenant()
        check_reach(wanted, by=acting_role())
        pending = Invitation.objects.filter(accepted_at=None, revoked_at=None)
        if pending.filter(email=address).exists():
            raise Conflict(
                f"{address} is invited already: send that invitation again, or revoke it"
            )
        if address in _addresses_of_members():
            raise Conflict(f"{address} is a member of this company already")
        if pending.count() >= MAX_PENDING:
            raise Conflict(f"{MAX_PENDING} invitations wait already: revoke some first")
        row = Invitation(email=address, role=wanted, invited_by=str(current_actor()))
        return _sent(row, action="invitation.create")


def resend_invitation(invitation_id: UUID | str) -> NewInvitation:
    """Send an invitation of the bound tenant once more; the link of the mail before is dead.

    `Conflict` for one that is over, and within a minute of the last mail.
    """
    with transaction.atomic():
        hold_tenant()
        row = _waiting(invitation_id)
        check_reach(row.role, by=acting_role())
        if clock.now() < row.sent_at + RESEND_AFTER:
            raise Conflict(f"{row.email} was written to less than a minute ago: wait a moment")
        return _sent(row, action="invitation.resend")


def revoke_invitation(invitation_id: UUID | str) -> None:
    """Let an invitation be accepted no more; `Conflict` for one that is over."""
    with transaction.atomic():
        hold_tenant()
        row = _waiting(invitation_id)
        check_reach(row.role, by=acting_role())
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        record_audit(action="invitation.revoke", subject=str(row.pk), detail={"role": row.role})


def accept_invitation(token: str, *, user: User) -> Membership:
    """Make a signed-in user a member by the link they were sent; the token is used up.

    `NotFound` for a link that leads nowhere any more, `NotAllowed` where the invited address is
    not confirmed as the user's, `Conflict` for who is a member already.
    """
    tenant_id = tenant_of_invitation(token)
    actor = Actor("user", id=str(user.pk), label=user.email)
    # Users are unseen from inside a tenant.
    with as_tenant(tenant_id):
        row = Invitation.objects.filter(token_sha256=token_hash(token)).first()
    if row is not None and not owns_address(user, row.email):
        raise NotAllowed(
            f"this invitation is for {row.email}: sign in with that address, confirmed, to accept"
        )
    with as_tenant(tenant_id), acting(actor):
        hold_tenant()
        company = tenant()
        row = _acceptable(token)
        if company.closed_at is not None or row is None:
            raise NotFound("this invitation was used, withdrawn, or has expired: ask for another")
        if Member.objects.filter(user_id=user.pk).exists():
            raise Conflict(f"you are a member of {company.name} already")
        row.accepted_at = clock.now()
        row.save(update_fields=["accepted_at"])
        add_member(user, role=row.role)
        record_audit(action="invitation.accept", subject=str(row.pk), detail={"role": row.role})
        return Membership(tenant_id=tenant_id, name=company.name, role=row.role)


def _acceptable(token: str) -> Invitation | None:
    """The invitation as the lock finds it; None for one that another took, or that is over."""
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    return waiting.filter(token_sha256=token_hash(token), expires_at__gt=clock.now()).first()


def _sent(row: Invitation, *, action: str) -> NewInvitation:
    """Write the invitation under a new token, and have its mail sent after the commit."""
    token = secrets.token_urlsafe(32)
    row.token_sha256 = token_hash(token)
    row.sent_at = clock.now()
    row.expires_at = row.sent_at + INVITATION_LASTS
    row.save()
    record_audit(action=action, subject=str(row.pk), detail={"role": row.role})
    link = f"{settings.PUBLIC_URL}{reverse('invitation', args=[token])}"
    company = tenant().name
    inviter = actor_labels([row.invited_by]).get(row.invited_by, company)
    if settings.SENDS_MAIL:
        _write_to(row, inviter=inviter, company=company, link=link)
    return NewInvitation(
        id=row.pk, email=row.email, role=row.role, expires_at=row.expires_at, link=link
    )


def _write_to(row: Invitation, *, inviter: str, company: str, link: str) -> None:
    send_mail_later(
        row.email,
        f"{inviter} invites you to {company} on Warmline",
        _TEMPLATE,
        {
            "company": company,
            "inviter": inviter,
            "role": MemberRole(row.role).label.lower(),
            "link": link,
            "days": INVITATION_LASTS.days,
        },
    )


def _waiting(invitation_id: UUID | str) -> Invitation:
    row = Invitation.objects.filter(pk=invitation_id).first()
    if row is None:
        raise NotFound("this company has no such invitation")
    if row.accepted_at is not None or row.revoked_at is not None:
        raise Conflict("this invitation is over: it was accepted or revoked")
    return row


def check_invitation(email: str) -> str:
    """The address as it is kept; `BadInput` for none, `NoMail` where nothing can be sent."""
    if current_actor().kind in ("user", "key", "operator"):  # a command prints the link
        check_configured()
    address = normal_email(email)
    check_columns(Invitation, {"email": address})
    try:
        validate_email(address)
    except ValidationError:
        raise BadInput(
            f"email {address[:80]!r}: expected an address such as name@example.com", field="email"
        ) from None
    return address


def _addresses_of_members() -> set[str]:
    people = people_of(Member.objects.values_list("user_id", flat=True))
    return {email for _, email in people.values()}
