"""Links that reset a password: signed, kept nowhere, void once they were used."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """Void with a new password, with a sign-in, with another address; no hash is read for it."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        last = user.last_login.replace(microsecond=0, tzinfo=None) if user.last_login else ""
        addresses = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
        known = "|".join(sorted({user.email, *addresses}))
        return f"{user.pk}{user.password_fingerprint}{last}{timestamp}{known}"
