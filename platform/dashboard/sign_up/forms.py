"""What is asked of a newcomer."""

from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from agents.registry import vertical
from dashboard.account.fields import address_field, new_password_field
from dashboard.layout.forms import ActionForm, LongSelect
from tenants.accounts.actions import NewCompany
from tenants.accounts.single_sign_on import is_required_of
from verticals.discovery import installed_verticals

_CONTINENTS: Final = frozenset(
    {
        *("Africa", "America", "Antarctica", "Asia", "Atlantic"),
        *("Australia", "Europe", "Indian", "Pacific"),
    }
)


@cache
def verticals() -> tuple[tuple[str, str], ...]:
    """The lines of business that are installed, by what people call them."""
    return tuple((slug, vertical(slug).title) for slug in installed_verticals())


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """The zones of places, and UTC."""
    places = sorted(name for name in available_timezones() if name.split("/")[0] in _CONTINENTS)
    return tuple((name, name.replace("_", " ")) for name in ("UTC", *places))


class CompanyForm(ActionForm):
    """A company to found."""

    company = forms.CharField(
        label="Company",
        max_length=100,
        help_text="As your callers know it.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    vertical = forms.ChoiceField(label="Line of business", choices=verticals)
    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=time_zones,
        initial="UTC",
        help_text="Opening hours and bookings are on its clock.",
        widget=LongSelect(attrs={"data-time-zone": True}),
    )

    def new_company(self) -> NewCompany:
        """What the action takes."""
        given = self.cleaned_data
        return NewCompany(
            name=given["company"], vertical=given["vertical"], time_zone=given["time_zone"]
        )


class SignUpForm(CompanyForm):
    """A person and their company."""

    email = address_field("E-mail")
    name = forms.CharField(
        label="Your name",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = new_password_field("Password")
    field_order = ("email", "name", "password", "company", "vertical", "time_zone")

    def clean_email(self) -> str:
        """An address whose owner may have a password here."""
        email: str = self.cleaned_data["email"]
        if is_required_of(email):
            raise ValidationError(f"Your company signs in with {settings.SSO_NAME}: use that.")
        return email

    def sign_up_words(self) -> dict[str, Any]:
        """What the action takes, by name."""
        given = self.cleaned_data
        return {
            "email": given["email"],
            "password": given["password"],
            "name": given["name"],
            "company": self.new_company(),
        }
