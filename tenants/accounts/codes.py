"""A second factor's code: one of the app's, each taken once, or one of the recovery codes."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction

from tenants.context import CONTROL
from tenants.models import User

# The time step of the last code that was taken, in the authenticator's own data.
LAST_STEP = "last_step"


def use_code(user: User, code: str) -> Authenticator | None:
    """The authenticator that the code is of, and the code is used up; None when it is of none.

    A code is taken once, and none that is older than one that was taken (RFC 6238, 5.2).
    """
    with transaction.atomic(using=CONTROL):
        authenticators = (
            Authenticator.objects.select_for_update()
            .filter(user_id=user.pk)
            .exclude(type=Authenticator.Type.WEBAUTHN)
        )
        for authenticator in authenticators:
            if _takes(authenticator, code):
                authenticator.user = user
                return authenticator
    return None


def note_step(authenticator: Authenticator, code: str) -> bool:
    """Keep which of the app's codes was taken; False where the code is none that may be."""
    data = authenticator.data
    step = _step_of(decrypt(data["secret"]), code, after=data.get(LAST_STEP, -1))
    if step is None:
        return False
    authenticator.data = {**data, LAST_STEP: step}
    authenticator.save(update_fields=["data"])
    return True


def _takes(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.TOTP:
        return note_step(authenticator, code)
    return bool(authenticator.wrap().validate_code(code))


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The time step, later than `after`, whose code it is."""
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if step > after and compare_user_code(actual=code, expected=expected):
            return step
    return None
