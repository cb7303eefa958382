"""A second factor's code: one of the app's, each taken once, or one of the recovery codes.

What failed is counted beside the factor, in Postgres: a code is checked in no time, so the limit
must hold while Redis is away too.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt

from tenants.attempts import Counter
from tenants.context import control_transaction
from tenants.errors import TooManyTries
from tenants.models import User
from warmline.kernel import clock

# In the authenticator's own data: the time step of the last code that was taken, and what failed.
LAST_STEP: Final = "last_step"
FAILURES: Final = "failures"
# Three codes of a million are right: ten tries, then 15 minutes, doubled to four hours at most.
LIMIT: Final = Counter("code", most=10, window_s=24 * 3600, wait_s=15 * 60, longest_wait_s=4 * 3600)


def use_code(user: User, code: str) -> Authenticator | None:
    """The authenticator that the code is of, and the code is used up; None when it is of none.

    A code is taken once, and none that is older than one that was taken (RFC 6238, 5.2). After too
    many that were wrong it is `TooManyTries`, for the right one too.
    """
    now = clock.now().timestamp()
    with control_transaction():
        authenticators = list(
            Authenticator.objects.select_for_update()
            .filter(user_id=user.pk)
            .exclude(type=Authenticator.Type.WEBAUTHN)
            .order_by("pk")
        )
        _check_failures(authenticators, now=now)
        for authenticator in authenticators:
            if _takes(authenticator, code):
                authenticator.user = user
                _note_failures(authenticators[0], 0, now=now)
                return authenticator
        if authenticators:
            failures = _failures(authenticators[0], now=now)[0] + 1
            _note_failures(authenticators[0], failures, now=now)
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


def _check_failures(authenticators: Sequence[Authenticator], *, now: float) -> None:
    """`TooManyTries` while one has to wait."""
    if not authenticators:
        return
    failures, at = _failures(authenticators[0], now=now)
    wait_s = math.ceil(at + LIMIT.wait_s_after(failures) - now)
    if wait_s > 0:
        raise TooManyTries(
            f"Too many codes were wrong. Try again in {-(-wait_s // 60)} minutes.", wait_s=wait_s
        )


def _failures(authenticator: Authenticator, *, now: float) -> tuple[int, float]:
    """How many in a row, and when the last was; none once they are forgotten."""
    failures, at = authenticator.data.get(FAILURES, (0, 0.0))
    return (0, 0.0) if now - at > LIMIT.window_s else (failures, at)


def _note_failures(authenticator: Authenticator, failures: int, *, now: float) -> None:
    # A recovery code that was taken was written by the library, in a copy of the row.
    authenticator.refresh_from_db(fields=["data"])
    data: dict[str, Any] = authenticator.data
    if failures or FAILURES in data:
        authenticator.data = {**data, FAILURES: (failures, now)}
        authenticator.save(update_fields=["data"])


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
