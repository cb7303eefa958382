"""Credentials of companies at their carriers, encrypted at rest (Fernet: AES-CBC and HMAC).

What is sealed names the row that it is of, so that it opens nowhere else. The key comes from
WARMLINE_CREDENTIAL_KEYS; several of them open while they are rotated.
"""

import base64
from functools import lru_cache
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from warmline.kernel import configuration
from warmline.kernel.errors import ConfigurationError

# Web processes open an account's tokens with each of its webhooks: 60 µs, and nothing the second
# time.
_KEPT_OPEN: Final = 2048


class Secrets(msgspec.Struct, frozen=True):
    """An account's credentials; `tokens` sign its webhooks, the first of them is today's."""

    tokens: tuple[str, ...]
    key_secret: str = ""

    def __repr__(self) -> str:
        return "Secrets(…)"


class _Sealed(msgspec.Struct, frozen=True):
    of: str
    secrets: Secrets


_decode = msgspec.json.Decoder(_Sealed).decode


def seal(secrets: Secrets, *, of: str) -> str:
    """The credentials as a row may hold them; `of` is the row's id."""
    return _fernet(_keys()).encrypt(msgspec.json.encode(_Sealed(of, secrets))).decode()


@lru_cache(maxsize=_KEPT_OPEN)
def opened(sealed: str, *, of: str) -> Secrets:
    """What was sealed for that row; `ConfigurationError` when none of the keys opens it."""
    try:
        content = _decode(_fernet(_keys()).decrypt(sealed.encode()))
    except InvalidToken:
        raise ConfigurationError(
            "WARMLINE_CREDENTIAL_KEYS: none of them opens a carrier account's credentials; "
            "the key that sealed them is missing"
        ) from None
    if content.of != of:
        raise ConfigurationError("a carrier account holds the credentials of another one")
    return content.secrets


def _keys() -> tuple[str, ...]:
    return (*configuration.CREDENTIAL_KEYS.value(), configuration.SECRET_KEY.value())


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    """A Fernet key from a secret of any length (RFC 5869)."""
    derivation = HKDF(SHA256(), length=32, salt=None, info=b"warmline.carrier-credentials")
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
