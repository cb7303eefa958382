"""The filters above the list of calls: days are the company's, the rest as the API has it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from dashboard.layout.forms import ActionForm, validate_day
from dashboard.templatetags.speech import OUTCOMES
from telephony.calls.call_state import END_REASONS, STATES
from telephony.calls.listing.filters import MODES, SORTS, CallFilters, parsed_filters
from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import reached

Choices = list[tuple[str, str]]

_SORT_WORDS: Final = {
    "-started_at": "newest first",
    "started_at": "oldest first",
    "-seconds": "longest first",
    "seconds": "shortest first",
}


class CallsForm(ActionForm):
    """What the list may be narrowed by."""

    said = forms.CharField(
        label="Words said", required=False, widget=forms.TextInput({"type": "search"})
    )
    outcome = forms.ChoiceField(label="Outcome", required=False)
    agent = forms.ChoiceField(label="Agent", required=False)
    from_day = forms.DateField(
        validators=[validate_day],
        label="From",
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )
    to_day = forms.DateField(
        validators=[validate_day],
        label="Until, included",
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )
    from_number = forms.CharField(
        label="Caller", required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    to_number = forms.CharField(
        label="Dialled", required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    state = forms.ChoiceField(label="State", required=False)
    mode = forms.ChoiceField(label="Mode", required=False)
    end_reason = forms.ChoiceField(label="End", required=False)
    tool = forms.ChoiceField(label="Tool used", required=False)
    min_seconds = forms.IntegerField(label="At least, seconds", required=False, min_value=0)
    max_seconds = forms.IntegerField(label="At most, seconds", required=False, min_value=0)
    sort = forms.ChoiceField(label="Order", required=False)

    USUAL: Final = ("said", "outcome", "agent", "from_day", "to_day")

    def __init__(self, chosen: QueryDict, *, agents: Mapping[UUID, str], tools: list[str]) -> None:
        super().__init__(chosen, auto_id="filter-%s")
        self._offer("outcome", list(OUTCOMES.items()))
        self._offer("agent", [(str(agent_id), name) for agent_id, name in agents.items()])
        self._offer("tool", [(name, name.replace("_", " ")) for name in tools])
        for name, choices in (("state", STATES), ("mode", MODES), ("end_reason", END_REASONS)):
            self._offer(name, [(choice, choice.replace("_", " ")) for choice in choices])
        self._choices("sort", [(sort, _SORT_WORDS[sort]) for sort in SORTS])

    def _offer(self, name: str, choices: Choices) -> None:
        self._choices(name, [("", "any"), *choices])

    def _choices(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that are always in sight."""
        return [self[name] for name in self.USUAL]

    @property
    def further(self) -> list[forms.BoundField]:
        """Those that are folded away."""
        return [field for field in self if field.name not in self.USUAL]

    @property
    def has_further(self) -> bool:
        """Whether one of those is used."""
        used = (field for field in self.further if field.name != "sort")
        return any(field.value() for field in used)

    def filters(self, zone: ZoneInfo) -> CallFilters:
        """What was chosen; what is wrong stands beside its field, and narrows nothing."""
        texts = {
            name: str(value)
            for name, value in self.cleaned_data.items()
            if name not in ("sort", "from_day", "to_day") and value not in (None, "")
        }
        texts |= days(self.cleaned_data.get("from_day"), self.cleaned_data.get("to_day"), zone)
        try:
            return parsed_filters(texts)
        except BadInput as error:
            self.add_problem(error)
            return CallFilters()


def days(first: date | None, last: date | None, zone: ZoneInfo) -> dict[str, str]:
    """From the beginning of the first day to the end of the last one, on the company's clock."""
    bounds: dict[str, str] = {}
    if first is not None:
        bounds["since"] = reached(datetime.combine(first, time()), zone).isoformat()
    if last is not None:
        after = datetime.combine(last + timedelta(days=1), time())
        bounds["until"] = reached(after, zone).isoformat()
    return bounds


def query_of(filters: CallFilters, zone: ZoneInfo) -> str:
    """The query of the page's address that shows such a list: a saved view's link."""
    given = filters.given()
    since, until = filters.since, filters.until
    given.pop("since", None)
    given.pop("until", None)
    if since is not None:
        given["from_day"] = since.astimezone(zone).date().isoformat()
    if until is not None:
        given["to_day"] = (until.astimezone(zone) - timedelta(microseconds=1)).date().isoformat()
    return urlencode(given)
