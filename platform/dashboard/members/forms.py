"""The form that invites."""

from collections.abc import Iterable

from django import forms

from dashboard.layout.forms import ActionForm
from tenants.types import MemberRole


class InviteForm(ActionForm):
    """Whom to ask, and what they would be."""

    email = forms.CharField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "name@example.com"}),
    )
    role = forms.ChoiceField(label="Role")

    def __init__(self, *args: object, roles: Iterable[MemberRole], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        choices = [(role.value, role.label) for role in roles]
        self.fields["role"] = forms.ChoiceField(label="Role", choices=choices)
