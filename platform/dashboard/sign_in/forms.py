"""What is asked of whoever signs in."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from tenants.accounts import limits
from tenants.accounts.codes import use_code
from tenants.emails import normal_email

MAX_CODE = 40


class PasswordForm(AuthenticationForm):
    """Address and password; each try is counted, and beyond the limit not made."""

    def clean(self) -> dict[str, Any]:
        """The user of both, as `get_user` tells; `TooManyTries`, `TooManyAtOnce`."""
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email is None or not password:
            return self.cleaned_data
        account = normal_email(email)

        def is_right() -> bool:
            self.user_cache = authenticate(self.request, username=account, password=password)
            return self.user_cache is not None

        assert self.request is not None
        counters = limits.of_password(self.request, account)
        if not limits.tried(self.request, counters, account=account, check=is_right):
            raise self.get_invalid_login_error()
        return self.cleaned_data


class CodeForm(AuthenticateForm):
    """A code of the authenticator app, or a recovery code; each try is counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = "Code"
        field.widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "maxlength": str(MAX_CODE),
            "autofocus": True,
        }
        field.help_text = "The six digits that your app shows, or one of your recovery codes."

    def clean_code(self) -> str:
        """The code, which is used up now."""
        code: str = self.cleaned_data["code"]
        self.authenticator = use_code(self.user, code[:MAX_CODE])
        if self.authenticator is None:
            limits.leave_trace(context.request, self.user.email)
            raise ValidationError("That code is not right, or was used already.")
        return code


class CredentialField(forms.JSONField):
    """What a browser answers for a passkey: whatever else comes is refused."""

    def to_python(self, value: Any) -> Any:
        """A JSON object."""
        try:
            credential = super().to_python(value)
        except RecursionError:
            credential = None
        if not isinstance(credential, dict):
            raise ValidationError("That was no answer of a passkey.")
        return credential

    def bound_data(self, data: Any, initial: Any) -> None:
        """Never shown again: the browser answers anew."""
        return

    def prepare_value(self, value: Any) -> str:
        """Empty until the browser has answered."""
        return ""


class Checked:
    """What the library trips over in an answer that no browser gives is a refusal too."""

    def clean_credential(self) -> Any:
        """The authenticator whose answer it is."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the forms below
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError("That was no answer of a passkey.") from error


class PasskeyForm(Checked, AuthenticateWebAuthnForm):
    """A passkey as the second factor."""

    credential = CredentialField(widget=forms.HiddenInput)


class PasskeyAloneForm(Checked, LoginWebAuthnForm):
    """A passkey in place of address and password."""

    credential = CredentialField(widget=forms.HiddenInput)
