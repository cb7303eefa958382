"""The writes: tenants, users, members. Keys are written in `tenants.keys`, the trail in `audit`."""

from typing import Any

from tenants.audit import record_audit
from tenants.columns import check_columns, fit_columns
from tenants.context import CONTROL, current_tenant_id
from tenants.emails import normal_email
from tenants.keys.actions import create_api_key, revoke_api_key
from tenants.keys.types import NewApiKey
from tenants.live_sessions import end_sockets_of_user
from tenants.models import Member, SecurityEvent, Tenant, User
from tenants.postgres.routers import without_alias
from tenants.types import MAX_CALL_WEIGHT, MAX_WARM_REPLICAS, MemberRole
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.phone_numbers import dialable_number

__all__ = [
    "NewApiKey",
    "add_member",
    "create_api_key",
    "create_tenant",
    "create_user",
    "hold_tenant",
    "record_audit",
    "record_security_event",
    "revoke_api_key",
    "set_limits",
    "set_password",
]


def create_tenant(slug: str, *, name: str, vertical: str, **fields: Any) -> Tenant:
    """A new tenant, or the one of that slug with these fields; as control.

    `BadInput` for what does not fit a column, and for a `human_number` that is none to be dialled.
    """
    check_columns(Tenant, {"slug": slug})
    if fields.get("human_number"):
        fields["human_number"] = dialable_number(fields["human_number"])
    tenant, _ = Tenant.objects.using(CONTROL).update_or_create(
        slug=slug, defaults={"name": name, "vertical": vertical, **fields}
    )
    return without_alias(tenant)


def set_limits(
    slug: str,
    *,
    max_concurrent_calls: int | None = None,
    call_weight: int | None = None,
    warm_replicas: int | None = None,
) -> Tenant:
    """Change those of a tenant's limits that are not None; `NotFound` for no such tenant.

    As control. `BadInput` for what is out of bounds. The regions' number tables and pools follow
    within a minute.
    """
    limits = {
        "max_concurrent_calls": max_concurrent_calls,
        "call_weight": call_weight,
        "warm_replicas": warm_replicas,
    }
    check_limits(**limits)
    check_columns(Tenant, {"slug": slug})
    given = {column: limit for column, limit in limits.items() if limit is not None}
    tenants = Tenant.objects.using(CONTROL).filter(slug=slug)
    if (tenants.update(**given) if given else tenants.count()) != 1:
        raise NotFound(f"no tenant has the slug {slug!r}")
    return without_alias(tenants.get())


def hold_tenant() -> None:
    """Until the transaction ends, whoever else holds the bound tenant waits.

    It locks the tenant's own row, which no other tenant can name: an advisory lock's key any could.
    """
    Tenant.objects.select_for_update(no_key=True).only("pk").get(pk=current_tenant_id())


def check_limits(
    *,
    max_concurrent_calls: int | None = None,
    call_weight: int | None = None,
    warm_replicas: int | None = None,
) -> None:
    """`BadInput` for the first limit that is given and out of bounds."""
    if max_concurrent_calls is not None and max_concurrent_calls < 0:
        raise BadInput(f"{max_concurrent_calls} calls at once: expected 0 or more")
    check_columns(Tenant, {"max_concurrent_calls": max_concurrent_calls})
    if call_weight is not None and not 1 <= call_weight <= MAX_CALL_WEIGHT:
        raise BadInput(
            f"call weight {call_weight}: expected a whole number from 1 to {MAX_CALL_WEIGHT}"
        )
    if warm_replicas is not None and not 0 <= warm_replicas <= MAX_WARM_REPLICAS:
        raise BadInput(
            f"{warm_replicas} warm replicas: expected a whole number from 0 to {MAX_WARM_REPLICAS}"
        )


def create_user(email: str, *, password: str, name: str = "", is_staff: bool = False) -> User:
    """A new user who can sign in; `BadInput` for an address that is taken, in any case.

    As control.
    """
    return User.objects.create_user(email, password=password, name=name, is_staff=is_staff)


def set_password(email: str, *, password: str) -> User:
    """A user's new password; `NotFound` when nobody has that address. As control."""
    user = User.objects.using(CONTROL).filter(email=normal_email(email)).first()
    if user is None:
        raise NotFound(f"no user has the address {normal_email(email)}")
    user.set_password(password)
    user.save(using=CONTROL, update_fields=["password"])
    end_sockets_of_user(user.pk)
    return without_alias(user)


def add_member(user: User, *, role: str) -> Member:
    """Make a user a member of the bound tenant, or change the role of one who is.

    A role that does not exist is `BadInput`.
    """
    if role not in MemberRole.values:
        raise BadInput(f"role {role!r}: expected one of {', '.join(MemberRole.values)}")
    member, _ = Member.objects.update_or_create(user_id=user.pk, defaults={"role": role})
    record_audit(action="member.set", subject=str(user.pk), detail={"role": str(role)})
    return member


def record_security_event(
    *, action: str, source: str, detail: dict[str, Any] | None = None
) -> None:
    """Keep that something was refused before any tenant was known; control reads it."""
    event = {"action": action, "source": source, "detail": detail or {}}
    SecurityEvent.objects.create(**fit_columns(SecurityEvent, event))
