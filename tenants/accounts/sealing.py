"""What belongs to people and no company, sealed at rest: second factors' secrets, mail with links.

Fernet under a key of its own for each purpose, derived from the installation's.
"""

from base64 import urlsafe_b64encode
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tenants.errors import SealBroken

_DOMAIN: Final = b"warmline.people"


def seal(secret: str, *, purpose: str) -> str:
    """The secret as rows keep it."""
    return _fernet(purpose).encrypt(secret.encode()).decode()


def unseal(token: str, *, purpose: str) -> str:
    """What was sealed for this purpose; `SealBroken` for anything else."""
    try:
        return _fernet(purpose).decrypt(token.encode()).decode()
    except InvalidToken:
        raise SealBroken(f"a sealed {purpose} does not open: its key is no longer given") from None


def _fernet(purpose: str) -> MultiFernet:
    return MultiFernet([_derived(key, purpose) for key in settings.SEALING_KEYS])


def _derived(key: str, purpose: str) -> Fernet:
    info = b"\0".join((_DOMAIN, purpose.encode()))
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
