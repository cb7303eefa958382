"""An API key says which tenant a program belongs to."""

from dataclasses import dataclass, field
from typing import NoReturn

import structlog
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from tenants import attempts
from tenants.actor import Actor
from tenants.context import as_tenant
from tenants.keys.queries import live_key, tenant_of_api_key
from tenants.keys.types import KEY_SCHEME, LiveKey
from warmline.kernel.ids import TenantId

_MAX_KEY_CHARACTERS = 200
MOST_BAD_KEYS = 30

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ApiPrincipal:
    """A tenant's program, known by its key."""

    tenant_id: TenantId
    key: LiveKey
    secret: str = field(repr=False)
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_active: bool = True
    pk: str = ""

    def __str__(self) -> str:
        return f"api-key:{self.key.prefix}"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer wl_…` makes `request.user` an `ApiPrincipal`."""

    def authenticate(self, request: Request) -> tuple[ApiPrincipal, TenantId] | None:
        """The key's principal and tenant; None without a bearer header, 401 for no live key.

        429 for the address that sends too many of those; a live key is always honoured. It is
        looked up with each request, so that one that is revoked opens nothing from then on.
        """
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        principal = _principal(secret.strip())
        if principal is None:
            _refuse(request)
        return principal, principal.tenant_id

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="warmline"'


def actor_of(key: LiveKey) -> Actor:
    """Who acts when that key does."""
    return Actor("key", id=str(key.id), label=f"API key {key.prefix}")


def _principal(secret: str) -> ApiPrincipal | None:
    if not secret.startswith(f"{KEY_SCHEME}_") or len(secret) > _MAX_KEY_CHARACTERS:
        return None
    tenant_id = tenant_of_api_key(secret)
    if tenant_id is None:
        return None
    with as_tenant(tenant_id):
        key = live_key(secret)
    return None if key is None else ApiPrincipal(tenant_id=tenant_id, key=key, secret=secret)


def _refuse(request: Request) -> NoReturn:
    source = attempts.network(request.META.get("REMOTE_ADDR", ""))
    log.warning("api key refused", source=source)
    bad_keys = attempts.Counter(
        f"api-key:{source}", most=MOST_BAD_KEYS, window_s=60, wait_s=60, longest_wait_s=15 * 60
    )
    wait_s = attempts.begin([bad_keys])
    if wait_s:
        raise Throttled(wait_s)
    raise AuthenticationFailed("API key unknown, expired or revoked")
