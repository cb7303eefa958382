"""The forms of API keys."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from dashboard.layout.forms import ActionForm
from tenants.keys.scopes import PRESETS
from tenants.keys.types import MAX_OVERLAP_HOURS
from tenants.permissions import Permission
from warmline.kernel import clock

CHOSEN: Final = "chosen"
_NEVER: Final = "never"
_ROLES: Final = {
    "viewer": "Read: calls, bookings, agents, numbers, knowledge",
    "reviewer": "Review: as above, recordings and verdicts",
    "builder": "Build: as above, and change agents, numbers, knowledge, bookings, webhooks",
    "admin": "Everything but closing the company",
}
_LIVES: Final = (("30", "30 days"), ("90", "90 days"), ("365", "A year"), (_NEVER, "No end"))
_OVERLAPS: Final = (
    (0, "Not at all: it ends now"),
    (1, "An hour"),
    (24, "A day"),
    (MAX_OVERLAP_HOURS, "A week"),
)


def scope_choices(may: frozenset[Permission]) -> list[tuple[str, str]]:
    """What whoever fills in the form may give."""
    return [(str(permission), str(permission)) for permission in Permission if permission in may]


class KeyChangesForm(ActionForm):
    """What may be changed of a key."""

    name = forms.CharField(
        max_length=100, label="Name", help_text="What it is for: the CRM, a nightly report."
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do", widget=forms.CheckboxSelectMultiple, required=False
    )
    origins = forms.CharField(
        label="Pages that may use it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://app.example.com"}),
        help_text="Only for keys that a browser uses: one origin a line. Empty: no page may.",
    )

    def __init__(self, *args: Any, may: frozenset[Permission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scope_choices(may)  # type: ignore[attr-defined]

    def clean_origins(self) -> list[str]:
        """One a line."""
        return [line.strip() for line in self.cleaned_data["origins"].splitlines() if line.strip()]


class NewKeyForm(KeyChangesForm):
    """A key to be made."""

    access = forms.ChoiceField(
        label="Access", widget=forms.RadioSelect, initial="viewer", help_text="At most your own."
    )
    days = forms.ChoiceField(label="Works for", choices=_LIVES, initial="90")
    field_order = ("name", "access", "scopes", "days", "origins")

    def __init__(self, *args: Any, may: frozenset[Permission], **kwargs: Any) -> None:
        super().__init__(*args, may=may, **kwargs)
        offered = [(role, label) for role, label in _ROLES.items() if PRESETS[role] <= may]
        chosen = (CHOSEN, "Only what is chosen below")
        self.fields["access"].choices = [*offered, chosen]  # type: ignore[attr-defined]
        self.fields["scopes"].help_text = "Counts when access is “only what is chosen below”."

    def clean(self) -> dict[str, Any]:
        """Scopes from the role, or those that were chosen."""
        cleaned = super().clean() or {}
        access = cleaned.get("access")
        if isinstance(access, str) and access in PRESETS:
            cleaned["scopes"] = sorted(PRESETS[access])
        elif access == CHOSEN and not cleaned.get("scopes"):
            self.add_error("scopes", "Choose at least one.")
        return cleaned

    @property
    def expires_at(self) -> datetime | None:
        """When it ends; None for never."""
        days = self.cleaned_data["days"]
        return None if days == _NEVER else clock.now() + timedelta(days=int(days))


class RotationForm(ActionForm):
    """How a key is replaced."""

    overlap_hours = forms.TypedChoiceField(
        label="The old key works on for",
        choices=_OVERLAPS,
        coerce=int,
        initial=24,
        help_text="Long enough to put the new one where the old one is used.",
    )
