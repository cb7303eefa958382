"""The reads: whose a secret is, what it opens, and the list of a company's keys."""

import json
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import OuterRef, QuerySet, Subquery

from tenants.api.pages import Page, decode_cursor, encode_cursor
from tenants.keys.actions import secret_hash
from tenants.keys.models import ApiKey
from tenants.keys.scopes import present_scopes, stored
from tenants.keys.types import KeyDetail, KeyState, LiveKey
from tenants.models import Member
from tenants.permissions import Permission
from tenants.queries import names_of_users
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId

_LIST: Final = "api_keys"
# Each request of the API asks it. Written out: putting it together took longer than asking it.
_LIVE_KEY: Final = """
SELECT k.id, k.prefix, k.scopes, k.origins, k.last_used_at, k.maker IS NOT NULL,
    (SELECT m.role FROM tenants_member m WHERE m.user_id = k.maker), t.plan
FROM tenants_apikey k JOIN tenants_tenant t ON t.id = k.tenant_id
WHERE k.secret_sha256 = %s AND k.revoked_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp())
"""


def tenant_of_api_key(secret: str) -> TenantId | None:
    """The tenant whose live key this is, or None. Asked before any tenant is bound."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT tenancy.resolve_api_key(%s)", [secret_hash(secret)])
        (tenant_id,) = cursor.fetchone()
    return None if tenant_id is None else TenantId(str(tenant_id))


def live_key(secret: str) -> LiveKey | None:
    """The bound tenant's live key with that secret; None when it has just ended."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_LIVE_KEY, [secret_hash(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, prefix, scopes, origins, last_used_at, is_bound, role, plan = row
    return LiveKey(
        id=key_id,
        prefix=prefix,
        permissions=present_scopes(json.loads(scopes), is_bound=is_bound, role=role),
        origins=tuple(json.loads(origins)),
        plan=plan,
        last_used_at=last_used_at,
    )


def keys_page(*, cursor: str | None = None, limit: int = 25) -> Page[KeyDetail]:
    """A page of the tenant's keys, newest first, those that ended among them."""
    keys = _with_roles().order_by("-id")
    if cursor is not None:
        keys = keys.filter(pk__lt=decode_cursor(_LIST, cursor)[0])
    rows = list(keys[: limit + 1])
    next_cursor = encode_cursor(_LIST, [str(rows[limit - 1].pk)]) if len(rows) > limit else None
    return Page(_details(rows[:limit]), next_cursor)


def every_key() -> tuple[KeyDetail, ...]:
    """All of the tenant's keys, newest first; there are few, and those that ended stay listed."""
    return _details(_with_roles().order_by("-id"))


def parsed_key_id(text: str) -> UUID:
    """A key's id as somebody wrote it; `BadInput` for what is no UUID."""
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(f"API key {text[:60]!r}: expected its id, a UUID") from None


def key(key_id: UUID) -> KeyDetail:
    """One of the tenant's keys; `NotFound` when it has none of that id."""
    row = _with_roles().filter(pk=key_id).first()
    if row is None:
        raise NotFound(f"API key {key_id}: this company has none of that id")
    return _details([row])[0]


def _with_roles() -> "QuerySet[Any]":
    """The keys with their makers' present `role`."""
    role = Member.objects.filter(user_id=OuterRef("maker")).values("role")[:1]
    return ApiKey.objects.annotate(role=Subquery(role))


def _scopes_of(key: Any) -> frozenset[Permission]:
    return present_scopes(key.scopes, is_bound=key.maker is not None, role=key.role)


def _details(keys: Iterable[Any]) -> tuple[KeyDetail, ...]:
    rows = list(keys)
    makers = names_of_users({row.maker for row in rows if row.maker is not None})
    details = []
    for row in rows:
        present = _scopes_of(row)
        details.append(
            KeyDetail(
                id=row.pk,
                name=row.name,
                prefix=row.prefix,
                state=_state(row, stopped=not present),
                scopes=tuple(row.scopes),
                lost_scopes=tuple(scope for scope in row.scopes if scope not in stored(present)),
                origins=tuple(row.origins),
                made_by=makers.get(row.maker, "") if row.maker else "",
                created_at=row.created_at,
                expires_at=row.expires_at,
                last_used_at=row.last_used_at,
                revoked_at=row.revoked_at,
                replaces=row.replaces,
            )
        )
    return tuple(details)


def _state(row: ApiKey, *, stopped: bool) -> KeyState:
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at is not None and row.expires_at <= clock.now():
        return "expired"
    return "stopped" if stopped else "live"
