"""Secrets that a company entrusts and the product must read again, sealed at rest.

A password is hashed; what signs a webhook or signs in at a carrier cannot be. It is kept as a
Fernet token (AES-128-CBC with HMAC-SHA-256), whose key is derived for one tenant and one purpose:
in another tenant's row, or in another column, it does not open. `WARMLINE_SEALING_KEYS` holds what
keys are derived from; the first seals, each opens.
"""

from base64 import urlsafe_b64encode
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models

from tenants.context import current_tenant_id
from tenants.errors import SealBroken
from tenants.rows import TenantModel

_DOMAIN: Final = b"warmline.sealed"


class SealedTextField(models.TextField):  # type: ignore[type-arg]  # at run time it takes none
    """A column of sealed texts; `purpose` is its name for ever, since it is part of each key.

    Rows hold what `seal` made; `reseal` finds the columns by this type.
    """

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose

    def deconstruct(self) -> Any:
        """For migrations, with the purpose."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}


def seal(secret: str, *, purpose: str) -> str:
    """The secret as the bound tenant's rows keep it; sealed twice it looks different."""
    return _fernet(purpose).encrypt(secret.encode()).decode()


def unseal(token: str, *, purpose: str) -> str:
    """What the bound tenant sealed for this purpose.

    `SealBroken` for another tenant's, another purpose's, a changed one, and for one whose key is no
    longer among `WARMLINE_SEALING_KEYS`.
    """
    try:
        return _fernet(purpose).decrypt(token.encode()).decode()
    except InvalidToken:
        raise SealBroken(
            f"a sealed {purpose} does not open: expected the bound tenant's own, sealed under one "
            "of WARMLINE_SEALING_KEYS (or WARMLINE_SECRET_KEY where that is not set)"
        ) from None


def reseal() -> int:
    """Seal every secret of the bound tenant under the first key; how many there were.

    All or none: `SealBroken` when one of them does not open. Afterwards the older keys may go.
    """
    resealed = 0
    for model, field in _sealed_columns():
        fernet = _fernet(field.purpose)
        rows = model._default_manager.exclude(**{field.attname: ""})
        for row in rows.filter(**{f"{field.attname}__isnull": False}).select_for_update():
            try:
                token = fernet.rotate(getattr(row, field.attname).encode()).decode()
            except InvalidToken:
                raise SealBroken(
                    f"{model._meta.label} {row.pk}: its {field.purpose} does not open; nothing of "
                    "this company was resealed"
                ) from None
            setattr(row, field.attname, token)
            row.save(update_fields=[field.attname])
            resealed += 1
    return resealed


def _sealed_columns() -> list[tuple[type[TenantModel], SealedTextField]]:
    columns: list[tuple[type[TenantModel], SealedTextField]] = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedTextField) and issubclass(model, TenantModel):
                columns.append((model, field))
    return columns


def fernet_of(owner: str, *, purpose: str) -> MultiFernet:
    """What seals and opens for one owner and one purpose: a tenant's id, or who else there is."""
    return MultiFernet([_derived(key, owner, purpose) for key in settings.SEALING_KEYS])


def _fernet(purpose: str) -> MultiFernet:
    return fernet_of(current_tenant_id(), purpose=purpose)


def _derived(key: str, owner: str, purpose: str) -> Fernet:
    """The key of one owner and one purpose: RFC 5869, whose `info` tells what it is for."""
    info = b"\0".join((_DOMAIN, owner.encode(), purpose.encode()))
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
