"""Fields that several forms around an account have."""

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password

from tenants.emails import normal_email

# Whoever sends more than a passphrase wants work done, not a password kept.
MAX_PASSWORD: Final = 256
_HELP: Final = "At least ten characters, and none of the passwords that everybody tries first."


class AddressField(forms.EmailField):
    """An e-mail address in the one spelling under which accounts are kept."""

    def to_python(self, value: Any) -> str:
        """Full-width letters and capitals are the plain ones before anything is checked."""
        return normal_email(str(super().to_python(value)))


class NewPasswordField(forms.CharField):
    """A password to be: as it was typed, blanks at its ends too."""

    def validate(self, value: Any) -> None:
        """By the rules of the settings."""
        super().validate(value)
        validate_password(value)


def address_field(label: str, *, autocomplete: str = "email", help_text: str = "") -> AddressField:
    """A field for an e-mail address."""
    return AddressField(
        label=label,
        max_length=254,
        help_text=help_text,
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete}),
    )


def new_password_field(label: str) -> NewPasswordField:
    """A field for a new password."""
    return NewPasswordField(
        label=label,
        strip=False,
        max_length=MAX_PASSWORD,
        help_text=_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def password_field(label: str) -> forms.CharField:
    """A field for the password that there is."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=MAX_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
