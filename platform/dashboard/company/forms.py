"""The company's settings, and the name that closes it."""

from typing import Final
from zoneinfo import available_timezones

from django import forms

from dashboard.layout.forms import ActionForm, LongSelect
from tenants.types import Residency

_ZONES: Final = [
    (zone, zone.replace("_", " "))
    for zone in sorted(available_timezones())
    if zone == "UTC"
    or zone.split("/")[0] in {"Africa", "America", "Asia", "Atlantic", "Australia"}
    or zone.split("/")[0] in {"Europe", "Indian", "Pacific", "Antarctica", "Arctic"}
]
_RESIDENCIES: Final = {
    Residency.ANYWHERE: "Anywhere: wherever the caller waits least",
    Residency.US: "United States only",
    Residency.EU: "European Union only",
}


class SettingsForm(ActionForm):
    """What a company sets for itself."""

    name = forms.CharField(label="Name", max_length=100, help_text="As your callers know you.")
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="Opening hours, bookings and days of usage go by it.",
        widget=LongSelect,
    )
    residency = forms.ChoiceField(
        label="Where calls may be answered",
        choices=list(_RESIDENCIES.items()),
        help_text="What is said in a call stays there.",
    )
    human_number = forms.CharField(
        label="Your person's number",
        max_length=32,
        required=False,
        help_text="Who takes a call when no agent can, such as +1 212 555 0199.",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: object, zone: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        known = [*_ZONES]
        if zone not in dict(known):
            known.insert(0, (zone, zone))
        self.fields["time_zone"].choices = known  # type: ignore[attr-defined]


class CloseForm(ActionForm):
    """The company's name, typed by who closes it."""

    name = forms.CharField(
        label="The company's name", max_length=100, widget=forms.TextInput({"autocomplete": "off"})
    )
