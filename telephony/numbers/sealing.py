"""Credentials of companies at their carriers, as rows and the regions' number tables keep them."""

from functools import lru_cache
from typing import Final

import msgspec

from tenants.context import bound
from tenants.sealed import seal, unseal
from warmline.kernel.ids import TenantId

PURPOSE: Final = "carrier account"
# A web process opens an account's tokens with each of its webhooks: nothing the second time.
_KEPT_OPEN: Final = 2048


class Secrets(msgspec.Struct, frozen=True):
    """An account's credentials; `tokens` sign its webhooks, the first of them is today's."""

    tokens: tuple[str, ...]
    key_secret: str = ""

    def __repr__(self) -> str:
        return "Secrets(…)"


def sealed_secrets(secrets: Secrets) -> str:
    """The bound tenant's credentials, as only it can open them."""
    return seal(msgspec.json.encode(secrets).decode(), purpose=PURPOSE)


@lru_cache(maxsize=_KEPT_OPEN)
def opened(sealed: str, *, tenant_id: TenantId) -> Secrets:
    """What the tenant sealed; `SealBroken` for another tenant's, and without the key."""
    with bound(tenant_id):
        return msgspec.json.decode(unseal(sealed, purpose=PURPOSE), type=Secrets)
