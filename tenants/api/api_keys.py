"""An API key says which tenant a program belongs to."""

from dataclasses import dataclass
from typing import NoReturn

import structlog
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from tenants import attempts
from tenants.actions import KEY_SCHEME
from tenants.permissions import Permission, permissions_of
from tenants.queries import tenant_of_api_key
from tenants.types import MemberRole
from warmline.kernel.ids import TenantId

_MAX_KEY_CHARACTERS = 200
MOST_BAD_KEYS = 30

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ApiPrincipal:
    """A tenant's program, known by its key's prefix."""

    tenant_id: TenantId
    prefix: str
    permissions: frozenset[Permission]
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_active: bool = True
    pk: str = ""

    def __str__(self) -> str:
        return f"api-key:{self.prefix}"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer wl_…` makes `request.user` an `ApiPrincipal`."""

    def authenticate(self, request: Request) -> tuple[ApiPrincipal, TenantId] | None:
        """The key's principal and tenant; None without a bearer header, 401 for no live key.

        429 for the address that sends too many of those; a live key is always honoured.
        """
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        secret = secret.strip()
        tenant_id = None
        if secret.startswith(f"{KEY_SCHEME}_") and len(secret) <= _MAX_KEY_CHARACTERS:
            tenant_id = tenant_of_api_key(secret)
        if tenant_id is None:
            _refuse(request)
        principal = ApiPrincipal(
            tenant_id=tenant_id,
            prefix=secret.split("_")[1],
            permissions=permissions_of(MemberRole.ADMIN),
        )
        return principal, tenant_id

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="warmline"'


def _refuse(request: Request) -> NoReturn:
    source = attempts.network(request.META.get("REMOTE_ADDR", ""))
    log.warning("api key refused", source=source)
    bad_keys = attempts.Counter(
        f"api-key:{source}", most=MOST_BAD_KEYS, window_s=60, wait_s=60, longest_wait_s=15 * 60
    )
    wait_s = attempts.begin([bad_keys])
    if wait_s:
        raise Throttled(wait_s)
    raise AuthenticationFailed("API key unknown or revoked")
