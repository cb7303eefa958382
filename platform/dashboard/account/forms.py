"""What is asked on a person's own pages."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, ChangePasswordForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import AddWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError

from dashboard.account.fields import address_field, new_password_field, password_field
from dashboard.layout.forms import ActionForm
from dashboard.sign_in.forms import MAX_CODE, Checked, CodeForm, CredentialField


class NameForm(ActionForm):
    """What one is called."""

    name = forms.CharField(
        label="Your name",
        max_length=100,
        help_text="As colleagues see it beside what you did.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class EmailForm(AddEmailForm):
    """The address that is to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field(
            "New e-mail",
            help_text="A link goes there; until it is opened, everything stays as it is.",
        )


class PasswordChangeForm(ChangePasswordForm):
    """The password that is, and the one that is to be; each try is counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.clear()
        self.fields["oldpassword"] = password_field("Present password")
        self.fields["password1"] = new_password_field("New password")

    def clean_oldpassword(self) -> str:
        """The present one; `TooManyTries`."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise ValidationError("That is not your password.")
        return password


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field("Password")

    def clean_password(self) -> str:
        """It is the password; `TooManyTries`."""
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise ValidationError("That is not your password.")
        return password


class CodeAgainForm(CodeForm):
    """A code once more, before something that matters."""

    def save(self) -> None:
        """Note in the session that it was given just now."""
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class PasskeyAgainForm(Checked, ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""

    credential = CredentialField(widget=forms.HiddenInput)


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey and what it is called."""

    credential = CredentialField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.help_text = "Name", "For you to know it by: laptop, telephone, key ring."
        name.widget.attrs = {"maxlength": "60"}
        name.max_length = 60
        alone = self.fields["passwordless"]
        alone.label, alone.initial = "Sign in by it alone, without a password", True
        alone.help_text = "Your device asks for your finger, face or PIN."

    def clean_name(self) -> str:
        """What it is called, cut to what fits."""
        return super().clean_name()[:60]

    def clean(self) -> dict[str, Any]:
        """The browser's answer fits what was asked of it."""
        try:
            return super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError("That was no answer of a passkey.") from error


class ActivateForm(ActivateTOTPForm):
    """The first code of an app, which shows that it has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.help_text = "Code", "The six digits that the app shows now."
        field.widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "maxlength": str(MAX_CODE),
        }

    def clean_code(self) -> str:
        """A code of the key that is shown: whoever tries knows it."""
        code: str = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code[:MAX_CODE]):
            raise ValidationError("That is not the code that the app should show now.")
        return code
