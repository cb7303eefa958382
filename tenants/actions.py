"""The writes: tenants, users, members, keys, and the trail of what was done."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.context import CONTROL, current_tenant_id
from tenants.models import ApiKey, AuditEvent, Member, SecurityEvent, Tenant, User, normal_email
from tenants.types import MAX_CALL_WEIGHT, MAX_WARM_REPLICAS, Role
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId

KEY_SCHEME = "wl"


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made: `secret` is the whole credential, shown this once."""

    id: str
    prefix: str
    secret: str


def create_tenant(slug: str, *, name: str, vertical: str, **fields: Any) -> Tenant:
    """A new tenant, or the one of that slug with these fields.
    As control: no tenant is bound yet.
    """
    tenant, _ = Tenant.objects.using(CONTROL).update_or_create(
        slug=slug, defaults={"name": name, "vertical": vertical, **fields}
    )
    # What follows belongs to the tenant and goes out as the app role.
    tenant._state.db = None
    return tenant


def set_limits(
    slug: str,
    *,
    max_concurrent_calls: int | None = None,
    call_weight: int | None = None,
    warm_replicas: int | None = None,
) -> Tenant:
    """Change a tenant's calls at once, how it counts while slots are short, and the replicas kept
    warm for it.

    As control. What is None stays; `NotFound` for no such tenant, `BadInput` for what is out of
    bounds. The regions' number tables and pools follow within a minute.
    """
    columns = {
        "max_concurrent_calls": max_concurrent_calls,
        "call_weight": call_weight,
        "warm_replicas": warm_replicas,
    }
    given = {column: value for column, value in columns.items() if value is not None}
    if max_concurrent_calls is not None and max_concurrent_calls < 0:
        raise BadInput(f"{max_concurrent_calls} calls at once: expected 0 or more")
    if call_weight is not None and not 1 <= call_weight <= MAX_CALL_WEIGHT:
        raise BadInput(
            f"call weight {call_weight}: expected a whole number from 1 to {MAX_CALL_WEIGHT}"
        )
    if warm_replicas is not None and not 0 <= warm_replicas <= MAX_WARM_REPLICAS:
        raise BadInput(
            f"{warm_replicas} warm replicas: expected a whole number from 0 to {MAX_WARM_REPLICAS}"
        )
    tenants = Tenant.objects.using(CONTROL).filter(slug=slug)
    if (tenants.update(**given) if given else tenants.count()) != 1:
        raise NotFound(f"no tenant has the slug {slug!r}")
    tenant = tenants.get()
    tenant._state.db = None
    return tenant


def create_user(email: str, *, password: str, name: str = "", is_staff: bool = False) -> User:
    """A new user who can sign in; an address that is taken,
    in any case, is `BadInput`. As control.
    """
    user = User(email=normal_email(email), name=name, is_staff=is_staff, is_superuser=is_staff)
    user.set_password(password)
    try:
        with transaction.atomic(using=CONTROL):
            user.save(using=CONTROL, force_insert=True)
    except IntegrityError:
        raise BadInput(f"a user with the address {user.email} exists already") from None
    user._state.db = None
    return user


def set_password(email: str, *, password: str) -> User:
    """A user's new password; `NotFound` when nobody has that address. As control."""
    user = User.objects.using(CONTROL).filter(email=normal_email(email)).first()
    if user is None:
        raise NotFound(f"no user has the address {normal_email(email)}")
    user.set_password(password)
    user.save(using=CONTROL, update_fields=["password"])
    user._state.db = None
    return user


def add_member(user: User, *, role: str) -> Member:
    """Make a user a member of the bound tenant, or change the role of one who is.

    A role that does not exist is `BadInput`.
    """
    if role not in Role.values:
        raise BadInput(f"role {role!r}: expected one of {', '.join(Role.values)}")
    member, _ = Member.objects.update_or_create(user_id=user.pk, defaults={"role": role})
    record_audit(action="member.set", subject=str(user.pk), detail={"role": str(role)})
    return member


def create_api_key(name: str, *, actor: str = "system") -> NewApiKey:
    """A new API key of the bound tenant. Its secret is returned once and kept nowhere."""
    prefix = secrets.token_hex(4)
    secret = f"{KEY_SCHEME}_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(name=name, prefix=prefix, secret_sha256=secret_hash(secret))
    record_audit(
        action="api_key.create",
        subject=str(key.pk),
        actor=actor,
        detail={"prefix": prefix, "name": name},
    )
    return NewApiKey(id=str(key.pk), prefix=prefix, secret=secret)


def revoke_api_key(key_id: str, *, actor: str = "system") -> None:
    """End an API key of the bound tenant at once; `NotFound` when it has no such live key."""
    if ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=timezone.now()) != 1:
        raise NotFound(f"no live API key {key_id}")
    record_audit(action="api_key.revoke", subject=key_id, actor=actor)


def secret_hash(secret: str) -> bytes:
    """What is kept of a key. A plain hash suffices:
    the secret is 32 random bytes, not a word to be guessed.
    """
    return hashlib.sha256(secret.encode()).digest()


def record_audit(
    *, action: str, subject: str, actor: str = "system", detail: dict[str, Any] | None = None
) -> TenantId:
    """Add to the bound tenant's audit trail, in the transaction of what it tells about.
    Ids, never words spoken.
    """
    tenant_id = current_tenant_id()
    AuditEvent.objects.create(action=action, subject=subject, actor=actor, detail=detail or {})
    return tenant_id


def record_security_event(
    *, action: str, source: str, detail: dict[str, Any] | None = None
) -> None:
    """Keep that something was refused before any tenant was known; control reads it."""
    SecurityEvent.objects.create(action=action, source=source[:200], detail=detail or {})
