"""The forms of these pages."""

from typing import Final

from django import forms

from dashboard.layout.forms import ActionForm
from tenants.webhooks.types import CHOOSABLE, MEANINGS

_SPANS: Final = (
    ("1", "the last hour"),
    ("24", "the last 24 hours"),
    ("168", "the last 7 days"),
    ("719", "the last 30 days"),
)


class EndpointForm(ActionForm):
    """An endpoint as people give it."""

    url = forms.CharField(
        label="Address",
        max_length=2000,
        help_text="Your server's https address. Events are posted to it as JSON.",
        widget=forms.URLInput(attrs={"placeholder": "https://hooks.example.com/warmline"}),
    )
    description = forms.CharField(
        label="Description", max_length=200, required=False, help_text="What it is for"
    )
    event_types = forms.MultipleChoiceField(
        label="Events",
        required=False,
        choices=[(str(name), f"{MEANINGS[name]} ({name})") for name in CHOOSABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to be told everything, also what is to come.",
    )


class ReplayForm(ActionForm):
    """Which deliveries go out again."""

    hours = forms.ChoiceField(label="What happened in", choices=_SPANS)
    only_failed = forms.BooleanField(label="Only what was given up", required=False, initial=True)
