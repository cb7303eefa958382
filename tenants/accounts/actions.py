"""The writes around an account: opening one with its company, changing it, deleting it."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import available_timezones

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connections, transaction
from django.utils.text import slugify

from tenants.actions import hold_tenant, record_audit
from tenants.company.actions import close_company
from tenants.context import CONTROL, as_tenant
from tenants.emails import normal_email
from tenants.hashing import password_hash
from tenants.live_sessions import end_sockets_of_user
from tenants.models import Member, Tenant, User
from tenants.permissions import Membership
from tenants.postgres.routers import without_alias
from tenants.queries import memberships
from tenants.types import MemberRole, PricingPlan
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, NotAllowed
from warmline.kernel.ids import new_uuid
from warmline.kernel.text import why_unfit
from warmline.kernel.vertical import schema_of

log = structlog.get_logger()

TRIAL: Final = timedelta(days=14)
# Whoever never confirmed the address has let the account go, and may sign up anew.
UNCONFIRMED_FOR: Final = timedelta(days=7)
_SLUGS_TRIED: Final = 8
_SLUG_LETTERS: Final = 48
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
    check_company(company)
    user = User(email=normal_email(email), name=_named(name, field="name"))
    user.password = password_hash(password)
    with transaction.atomic(using=CONTROL):
        User.objects.insert(user, confirmed=False)
        tenant = _found(user, company, trial_ends_at=(at or clock.now()) + TRIAL)
    _note_founding(user, tenant)
    return user, tenant


def found_company(user: User, company: NewCompany, *, at: datetime | None = None) -> Tenant:
    """A company on trial of somebody who has an account; they are its owner."""
    check_company(company)
    with transaction.atomic(using=CONTROL):
        tenant = _found(user, company, trial_ends_at=(at or clock.now()) + TRIAL)
    _note_founding(user, tenant)
    return tenant


def check_company(company: NewCompany) -> None:
    """Return if a company can be founded so; `BadInput` names the field that is in the way."""
    _named(company.name, field="company")
    if schema_of(company.vertical) not in settings.VERTICAL_SCHEMAS:
        raise _refused("vertical: expected one of those that are installed", field="vertical")
    if company.time_zone not in available_timezones():
        raise _refused("time zone: expected one such as Europe/Berlin", field="time_zone")


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


def _found(user: User, company: NewCompany, *, trial_ends_at: datetime) -> Tenant:
    """In the transaction of control's that is open."""
    fields = {
        "name": company.name.strip(),
        "vertical": company.vertical,
        "time_zone": company.time_zone,
        "plan": PricingPlan.TRIAL,
        "trial_ends_at": trial_ends_at,
    }
    tenant = _with_slug(slugify(company.name)[:_SLUG_LETTERS] or "company", fields)
    with connections[CONTROL].cursor() as cursor:
        # Control may add a founder and read no member, so nothing is asked back.
        cursor.execute(
            "INSERT INTO tenants_member (id, tenant_id, user_id, role) VALUES (%s, %s, %s, %s)",
            [new_uuid(), tenant.pk, user.pk, MemberRole.OWNER],
        )
    return without_alias(tenant)


def _with_slug(wanted: str, fields: dict[str, object]) -> Tenant:
    """A tenant under the slug, or under it with some letters more where it is taken."""
    for tried in range(_SLUGS_TRIED):
        slug = wanted if tried == 0 else f"{wanted}-{secrets.token_hex(3)}"
        tenant = Tenant(slug=slug, **fields)
        try:
            with transaction.atomic(using=CONTROL):
                tenant.save(using=CONTROL, force_insert=True)
        except IntegrityError:
            continue
        return tenant
    raise BadInput(f"no slug is free for {wanted!r}: expected another name")


def _note_founding(user: User, tenant: Tenant) -> None:
    with as_tenant(tenant.tenant_id):
        record_audit(
            action="company.founded", subject=str(tenant.pk), detail={"owner": str(user.pk)}
        )


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
    """A name as it is kept; `BadInput` for an empty one and for what does not fit."""
    name = name.strip()
    limit = Tenant._meta.get_field("name").max_length
    why = why_unfit(name, limit=limit) if _NO_SPACE.search(name) else "a name"
    if why or "\n" in name:
        raise _refused(f"{field}: expected {why or 'one line'}", field=field)
    return name


def _refused(message: str, *, field: str) -> BadInput:
    return BadInput(message, field=field)
