"""What the list of bookings is narrowed by, and where a booking is moved to."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from dashboard.calls.form import days
from dashboard.layout.forms import ActionForm, validate_day
from verticals.booking.listing import BookingFilters, states
from warmline.kernel import clock
from warmline.kernel.wall_clock import reached

_DAY: Final = {"type": "date"}


class BookingsForm(ActionForm):
    """What the list may be narrowed by; without days it shows what lies ahead."""

    state = forms.ChoiceField(label="State", required=False)
    from_day = forms.DateField(
        validators=[validate_day], label="From", required=False, widget=forms.DateInput(_DAY)
    )
    to_day = forms.DateField(
        validators=[validate_day],
        label="Until, included",
        required=False,
        widget=forms.DateInput(_DAY),
    )
    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=8,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    number = forms.CharField(
        label="Caller", required=False, max_length=64, widget=forms.TextInput({"inputmode": "tel"})
    )

    def __init__(self, chosen: QueryDict) -> None:
        super().__init__(chosen, auto_id="filter-%s")
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "any"), *states().items()]

    def filters(self, zone: ZoneInfo) -> BookingFilters:
        """What was chosen; of what is wrong nothing."""
        chosen = self.cleaned_data
        filters: dict[str, Any] = {
            name: datetime.fromisoformat(text)
            for name, text in days(chosen.get("from_day"), chosen.get("to_day"), zone).items()
        }
        for name in ("state", "reference", "number"):
            if chosen.get(name):
                filters[name] = chosen[name]
        return BookingFilters(**(filters or {"since": clock.now()}))


class MoveForm(ActionForm):
    """Where a booking is moved to, on the company's clock."""

    starts_at = forms.DateTimeField(
        validators=[validate_day],
        label="New start",
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "300"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def start(self, zone: ZoneInfo) -> datetime:
        """The moment that the company's clock shows then."""
        wall: datetime = self.cleaned_data["starts_at"].replace(tzinfo=None)
        return reached(wall, zone)
