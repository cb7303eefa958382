"""The writes: keys are made, changed, rotated and revoked, each by somebody who may do as much."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from tenants.audit import record_audit
from tenants.columns import check_columns
from tenants.keys.maker import Maker, present_maker
from tenants.keys.models import ApiKey
from tenants.keys.origins import parsed_origins
from tenants.keys.scopes import PRESETS, parsed_scopes, stored
from tenants.keys.types import KEY_SCHEME, MAX_LIVE_KEYS, MAX_OVERLAP_HOURS, NewApiKey
from tenants.types import MemberRole
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, NotFound


def create_api_key(
    name: str,
    *,
    scopes: Iterable[str] | None = None,
    expires_at: datetime | None = None,
    origins: Iterable[str] = (),
) -> NewApiKey:
    """A new API key of the bound tenant. Its secret is returned once and kept nowhere.

    By default it may do all that an admin may, as far as its maker may. `BadInput` for a scope, an
    end or an origin that is none; `NotAllowed` for what its maker may not; `Conflict` when the
    company has very many keys already.
    """
    maker = present_maker()
    if scopes is None:
        wanted = PRESETS[MemberRole.ADMIN] & maker.permissions
    else:
        wanted = parsed_scopes(scopes)
    maker.check_scopes(wanted)
    made, secret = _make(
        maker,
        name=checked_name(name),
        scopes=stored(wanted),
        origins=list(parsed_origins(origins)),
        expires_at=maker.end(expires_at, at=clock.now()),
    )
    record_audit(
        action="api_key.create",
        subject=str(made.pk),
        detail={"prefix": made.prefix, "name": made.name, "scopes": made.scopes},
    )
    return NewApiKey(id=str(made.pk), prefix=made.prefix, secret=secret)


def change_api_key(
    key_id: UUID | str,
    *,
    name: str | None = None,
    scopes: Iterable[str] | None = None,
    origins: Iterable[str] | None = None,
) -> None:
    """Change what is not None of a live key; `NotFound` when the tenant has none of that id.

    Scopes that it gains must be its changer's own: `NotAllowed` otherwise.
    """
    key = _live(key_id)
    if name is not None:
        key.name = checked_name(name)
    if scopes is not None:
        wanted = parsed_scopes(scopes)
        present_maker().check_scopes(scope for scope in wanted if scope not in key.scopes)
        key.scopes = stored(wanted)
    if origins is not None:
        key.origins = list(parsed_origins(origins))
    key.save(update_fields=["name", "scopes", "origins"])
    record_audit(
        action="api_key.change",
        subject=str(key.pk),
        detail={"name": key.name, "scopes": key.scopes, "origins": key.origins},
    )


def rotate_api_key(
    key_id: UUID | str, *, overlap_hours: int = 24, expires_at: datetime | None = None
) -> NewApiKey:
    """A new key in place of a live one, which works on for so many hours beside it.

    It may do the same, and lasts as long as the old one was made for unless it is given an end. Who
    rotates it is its maker from here on: `NotAllowed` for who may not do all that it may.
    """
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise BadInput(
            f"overlap_hours {overlap_hours}: expected 0 to {MAX_OVERLAP_HOURS}",
            field="overlap_hours",
        )
    old, maker, now = _live(key_id), present_maker(), clock.now()
    maker.check_scopes(parsed_scopes(old.scopes))
    made, secret = _make(
        maker,
        name=old.name,
        scopes=old.scopes,
        origins=old.origins,
        expires_at=maker.end(expires_at, at=now) or _same_life(old, maker=maker, at=now),
        replaces=old.pk,
    )
    ends_at = now + timedelta(hours=overlap_hours)
    old.expires_at = ends_at if old.expires_at is None else min(ends_at, old.expires_at)
    old.save(update_fields=["expires_at"])
    record_audit(
        action="api_key.rotate",
        subject=str(old.pk),
        detail={"prefix": made.prefix, "by": str(made.pk), "until": old.expires_at.isoformat()},
    )
    return NewApiKey(id=str(made.pk), prefix=made.prefix, secret=secret)


def revoke_api_key(key_id: UUID | str) -> None:
    """End an API key of the bound tenant at once, and all that were made with it.

    `NotFound` when it has no such key that is not revoked yet. Nothing keeps a key in mind: the
    next request with it is refused.
    """
    ended = _revoke([UUID(str(key_id))])
    if not ended:
        raise NotFound(f"no live API key {key_id}")
    while ended:
        children = ApiKey.objects.filter(parent__in=ended).values_list("pk", flat=True)
        ended = _revoke(list(children))


def secret_hash(secret: str) -> bytes:
    """What is kept of a key: a plain hash, since the secret is 32 random bytes and no password."""
    return hashlib.sha256(secret.encode()).digest()


def _make(maker: Maker, **fields: Any) -> tuple[ApiKey, str]:
    live = ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()))
    if live.filter(revoked_at=None).count() >= MAX_LIVE_KEYS:
        raise Conflict(f"{MAX_LIVE_KEYS} keys work already: revoke those that nobody needs")
    prefix = secrets.token_hex(4)
    secret = f"{KEY_SCHEME}_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        prefix=prefix,
        secret_sha256=secret_hash(secret),
        maker=maker.user_id,
        parent=maker.key_id,
        **fields,
    )
    return key, secret


def _same_life(old: ApiKey, *, maker: Maker, at: datetime) -> datetime | None:
    if old.expires_at is None:
        return maker.ends_at
    ends_at = at + (old.expires_at - old.created_at)
    return ends_at if maker.ends_at is None else min(ends_at, maker.ends_at)


def _live(key_id: UUID | str) -> ApiKey:
    """The key, kept from whoever else would change it until the transaction ends."""
    key = ApiKey.objects.select_for_update(no_key=True).filter(pk=key_id, revoked_at=None).first()
    if key is None or (key.expires_at is not None and key.expires_at <= clock.now()):
        raise NotFound(f"no live API key {key_id}")
    return key


def _revoke(key_ids: list[UUID]) -> list[UUID]:
    """Revoke those that are not yet, and tell which."""
    ended = []
    for key_id in key_ids:
        live = ApiKey.objects.filter(pk=key_id, revoked_at=None)
        if live.update(revoked_at=clock.now()) == 1:
            record_audit(action="api_key.revoke", subject=str(key_id))
            ended.append(key_id)
    return ended


def checked_name(name: str) -> str:
    """A key's name as it is kept; `BadInput` for an empty one and for what does not fit."""
    check_columns(ApiKey, {"name": name})
    if not name.strip():
        raise BadInput("name: expected what the key is for", field="name")
    return name.strip()
