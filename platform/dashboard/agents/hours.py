"""The page on which a company says when it is open: week, holidays, dates with their own hours."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from agents.actions import set_business
from agents.opening_hours import Exceptional, OpeningHours, Weekly
from agents.queries import opening_hours
from dashboard.layout.forms import ActionForm
from tenants import queries as tenants_queries
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EMPTY_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class DayRow:
    """A weekday of the grid."""

    number: int
    name: str
    begins: str
    ends: str


class HoursForm(ActionForm):
    """When a company is open, and how long its visits are."""

    holidays = forms.CharField(
        label="Holidays",
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "2026-12-25"}),
        required=False,
        help_text="Dates on which you do not open, one on each line: 2026-12-25.",
    )
    slot_minutes = forms.IntegerField(
        label="A visit takes, in minutes", min_value=1, help_text="What agents book by."
    )
    step_minutes = forms.IntegerField(
        label="Visits begin every, in minutes", min_value=1, help_text="30: at nine and half past."
    )
    capacity = forms.IntegerField(
        label="Visits at the same time", min_value=1, help_text="How many of you there are."
    )

    def __init__(self, data: QueryDict | None = None, *, present: OpeningHours) -> None:
        super().__init__(
            data,
            initial={
                "holidays": "\n".join(present.holidays),
                "slot_minutes": present.slot_minutes,
                "step_minutes": present.step_minutes,
                "capacity": present.capacity,
            },
        )
        if data is None:
            self.days = _days_of(present)
            self.exceptions = [*present.exceptions, *[Exceptional("")] * _EMPTY_ROWS]
        else:
            self.days = [_given_day(data, number) for number in range(7)]
            self.exceptions = _given_exceptions(data)

    def hours(self) -> OpeningHours:
        """What was written, once it is valid."""
        open_days = (day for day in self.days if day.begins or day.ends)
        return OpeningHours(
            hours=tuple(Weekly((day.number,), day.begins, day.ends) for day in open_days),
            holidays=tuple(self.cleaned_data["holidays"].split()),
            exceptions=tuple(row for row in self.exceptions if row.from_date),
            slot_minutes=self.cleaned_data["slot_minutes"],
            step_minutes=self.cleaned_data["step_minutes"],
            capacity=self.cleaned_data["capacity"],
        )


@tenant_view(Permission.AGENTS_READ, writes=Permission.AGENTS_WRITE)
def hours(request: TenantRequest) -> HttpResponse:
    """Show the hours, or set them whole."""
    posted = request.method == "POST"
    form = HoursForm(request.POST if posted else None, present=opening_hours())
    if posted and form.is_valid():
        try:
            set_business(**form.hours().arguments())
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "Opening hours are set: the next booking goes by them.")
            return redirect("business-hours")
    context = {"section": "hours", "form": form, "zone": tenants_queries.tenant().time_zone}
    status = 422 if form.errors else 200
    return render(request, "dashboard/agents/hours.html", context, status=status)


def _days_of(present: OpeningHours) -> list[DayRow]:
    by_day: dict[int, Weekly] = {day: weekly for weekly in present.hours for day in weekly.days}
    rows: list[DayRow] = []
    for number, name in enumerate(_DAYS):
        weekly = by_day.get(number)
        begins, ends = ("", "") if weekly is None else (weekly.begins, weekly.ends)
        # A field for times has no 24:00; hours that end when they begin last all day.
        rows.append(DayRow(number, name, begins, "00:00" if ends == "24:00" else ends))
    return rows


def _given_day(data: QueryDict, number: int) -> DayRow:
    texts = (data.get(f"{name}_{number}", "").strip() for name in ("begins", "ends"))
    return DayRow(number, _DAYS[number], *texts)


def _given_exceptions(data: QueryDict) -> list[Exceptional]:
    columns: list[Any] = [
        data.getlist(name) for name in ("from_date", "until_date", "from_time", "until_time")
    ]
    return [Exceptional(*row) for row in zip(*columns, strict=False)]
