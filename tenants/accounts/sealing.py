"""What belongs to people and to no company, sealed at rest as companies' secrets are.

Second factors' secrets, and mail that waits: a link in it opens an account.
"""

from typing import Final

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken

from tenants.context import CONTROL, control_transaction
from tenants.errors import SealBroken
from tenants.models import OutgoingMail
from tenants.sealed import fernet_of

SECOND_FACTOR: Final = "second factor"
MAIL: Final = "mail"
_OWNER: Final = "people"
# Under which names an authenticator keeps what is sealed.
_SECRETS: Final = ("secret", "seed")


def seal(secret: str, *, purpose: str) -> str:
    """The secret as rows keep it."""
    return fernet_of(_OWNER, purpose=purpose).encrypt(secret.encode()).decode()


def unseal(token: str, *, purpose: str) -> str:
    """What was sealed for this purpose; `SealBroken` for anything else."""
    try:
        return fernet_of(_OWNER, purpose=purpose).decrypt(token.encode()).decode()
    except InvalidToken:
        raise SealBroken(f"a sealed {purpose} does not open: its key is no longer given") from None


def reseal_people() -> int:
    """Seal everything that is people's under the first key; how much there was. All or none."""
    resealed = 0
    with control_transaction():
        for authenticator in Authenticator.objects.using(CONTROL).select_for_update():
            data = authenticator.data
            for name in (name for name in _SECRETS if name in data):
                data[name] = _rotated(data[name], purpose=SECOND_FACTOR)
                resealed += 1
            authenticator.save(using=CONTROL, update_fields=["data"])
        for mail in OutgoingMail.objects.using(CONTROL).select_for_update():
            mail.sealed = _rotated(mail.sealed, purpose=MAIL)
            mail.save(using=CONTROL, update_fields=["sealed"])
            resealed += 1
    return resealed


def _rotated(token: str, *, purpose: str) -> str:
    try:
        return fernet_of(_OWNER, purpose=purpose).rotate(token.encode()).decode()
    except InvalidToken:
        raise SealBroken(f"a sealed {purpose} does not open: nothing was resealed") from None
