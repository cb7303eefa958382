"""The writes around an account: opening one with its company, changing it, deleting it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tenants.actions import hold_tenant, record_audit
from tenants.company.actions import close_company
from tenants.company.founding import checked_company, insert_founded, note_founded
from tenants.context import CONTROL, as_tenant
from tenants.emails import normal_email
from tenants.hashing import password_hash
from tenants.live_sessions import end_sockets_of_user
from tenants.models import Member, Tenant, User
from tenants.permissions import Membership
from tenants.queries import memberships
from tenants.types import MemberRole, PricingPlan
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, NotAllowed
from warmline.kernel.text import why_unfit

log = structlog.get_logger()

TRIAL: Final = timedelta(days=14)
# Whoever never confirmed the address has let the account go, and may sign up anew.
UNCONFIRMED_FOR: Final = timedelta(days=7)
_NO_SPACE: Final = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class NewCompany:
    """What a company is founded with; `vertical` is a vertical's slug, `time_zone` an IANA name."""

    name: str
    vertical: str
    time_zone: str


def sign_up(
    email: str, *, password: str, name: str, company: NewCompany, at: datetime | None = None
) -> tuple[User, Tenant]:
    """A new user, whose address is not confirmed yet, and their company on trial: both or nothing.

    The user is its owner. `BadInput` for what does not fit and for an address that is taken; the
    password is hashed in its turn (`TooManyAtOnce`).
    """
    fields = _checked(company, at=at)
    user = User(email=normal_email(email), name=_named(name, field="name"))
    user.password = password_hash(password)
    with transaction.atomic(using=CONTROL):
        User.objects.insert(user, confirmed=False)
        tenant = insert_founded(user, fields)
    note_founded(tenant, owner=user)
    return user, tenant


def found_company(user: User, company: NewCompany, *, at: datetime | None = None) -> Tenant:
    """A company on trial of somebody who has an account; they are its owner."""
    fields = _checked(company, at=at)
    with transaction.atomic(using=CONTROL):
        tenant = insert_founded(user, fields)
    note_founded(tenant, owner=user)
    return tenant


def rename(user: User, *, name: str) -> None:
    """What the user is called from now on."""
    found = User.objects.using(CONTROL).filter(pk=user.pk)
    found.update(name=_named(name, field="name"))


def delete_account(user: User) -> None:
    """The end of an account: memberships, addresses, factors and sessions are gone at once.

    What the person did stays, by nobody's name. `NotAllowed` while a company has no other owner:
    nobody could close it, or let anybody in. Two owners who go at once see each other's work.
    """
    companies = memberships(user.pk)
    for company in companies:
        with as_tenant(company.tenant_id):
            _check_another_owner(user, company)
    for company in companies:
        with as_tenant(company.tenant_id):
            hold_tenant()
            _check_another_owner(user, company)
            Member.objects.filter(user_id=user.pk).delete()
            record_audit(action="member.left", subject=str(user.pk))
    _forget(user)
    end_sockets_of_user(user.pk)


def _check_another_owner(user: User, company: Membership) -> None:
    if company.role == MemberRole.OWNER and _is_only_owner(user):
        raise NotAllowed(
            f"you are the only owner of {company.name}: make somebody else its owner, or close it, "
            "then delete your account"
        )


def _is_only_owner(user: User) -> bool:
    owners = Member.objects.filter(role=MemberRole.OWNER).values_list("user_id", flat=True)
    return list(owners) == [user.pk]


def remove_unconfirmed(*, at: datetime) -> int:
    """Forget accounts whose address was not confirmed in time, and close companies of theirs that
    nobody else is in, so that they are erased.

    How many there were. The address is free again. An account without which others would be left in
    a company that nobody owns stays until an operator has appointed an owner. As control.
    """
    pending = User.objects.using(CONTROL).filter(
        is_active=True, last_login=None, created_at__lt=at - UNCONFIRMED_FOR
    )
    addresses = EmailAddress.objects.using(CONTROL)
    confirmed = addresses.filter(verified=True).values("user_id")
    forgotten = 0
    for user in pending.exclude(pk__in=confirmed)[:500]:
        if all(_left_in_order(user, company) for company in memberships(user.pk)):
            _forget(user)
            forgotten += 1
    return forgotten


def _left_in_order(user: User, company: Membership) -> bool:
    """Whether the company can do without the user: it has another owner, or ends with them."""
    with as_tenant(company.tenant_id):
        hold_tenant()
        if not _is_only_owner(user):
            Member.objects.filter(user_id=user.pk).delete()
            record_audit(action="member.left", subject=str(user.pk))
            return True
        if Member.objects.exclude(user_id=user.pk).exists():
            log.warning("company would be left without an owner", tenant=company.tenant_id)
            return False
        close_company(confirmed_name=company.name)
        return True


def _checked(company: NewCompany, *, at: datetime | None) -> dict[str, Any]:
    """The columns of a company on trial; a refusal names the fields of a sign-up."""
    try:
        fields = checked_company(
            name=company.name, vertical=company.vertical, time_zone=company.time_zone
        )
    except BadInput as error:
        field = "company" if error.field == "name" else error.field
        raise BadInput(str(error), field=field) from None
    return fields | {"plan": PricingPlan.TRIAL, "trial_ends_at": (at or clock.now()) + TRIAL}


def _forget(user: User) -> None:
    """Leave of a user what other rows refer to, and nothing that tells who it was."""
    with transaction.atomic(using=CONTROL):
        for model in (EmailAddress, Authenticator, SocialAccount):
            model.objects.using(CONTROL).filter(user_id=user.pk).delete()
        User.objects.using(CONTROL).filter(pk=user.pk).update(
            email=f"{user.pk}@deleted.invalid",
            name="A former user",
            password=make_password(None),
            is_active=False,
            is_staff=False,
            is_superuser=False,
        )


def _named(name: str, *, field: str) -> str:
    """A person's name as it is kept; `BadInput` for an empty one and for what does not fit."""
    name = name.strip()
    limit = User._meta.get_field("name").max_length
    why = why_unfit(name, limit=limit) if _NO_SPACE.search(name) else "a name"
    if why or "\n" in name:
        raise BadInput(f"{field}: expected {why or 'one line'}", field=field)
    return name
