"""What the pages of numbers take, as the actions take it."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django import forms
from django.http import QueryDict

from agents.editing.queries import agents
from agents.opening_hours import OpeningHours, Weekly
from dashboard.layout.forms import ActionForm
from telephony.numbers.hours import stored_hours
from telephony.numbers.types import CarrierAccountLine, NumberLine

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MODES: Final = (
    ("live", "Live: the agent answers"),
    ("shadow", "Shadow: a person answers, the agent only listens and writes what it would say"),
)
_OUTSIDE: Final = (
    ("agent", "The agent answers all the same"),
    ("person", "Put the caller through to the person"),
    ("message", "Take a message"),
    ("closed", "Say the closing words, and hang up"),
)
_HOURS: Final = (("company", "The company's opening hours"), ("own", "Hours of its own"))
REGIONS: Final = (
    ("us1", "United States (US1)"),
    ("ie1", "Ireland (IE1)"),
    ("au1", "Australia (AU1)"),
)
_KINDS: Final = (("local", "Local"), ("mobile", "Mobile"), ("toll_free", "Toll-free"))


@dataclass(frozen=True, slots=True)
class DayRow:
    """A weekday of the grid."""

    number: int
    name: str
    begins: str
    ends: str


def agent_choices(*, nobody: str) -> list[tuple[str, str]]:
    """The company's agents, after what it is called when there is none."""
    return [("", nobody), *((str(agent.id), agent.name) for agent in agents())]


class NumberForm(ActionForm):
    """What a number does with its calls."""

    agent_id = forms.ChoiceField(label="Agent", required=False)
    mode = forms.ChoiceField(label="Mode", choices=_MODES, widget=forms.RadioSelect)
    human_number = forms.CharField(
        label="Person to fall back on",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "placeholder": "+12125550199"}),
        help_text="Where calls go that no agent takes, with + and the country code. Empty: the "
        "company's own person.",
    )
    outside = forms.ChoiceField(
        label="Outside the hours", choices=_OUTSIDE, widget=forms.RadioSelect
    )
    hours_of = forms.ChoiceField(label="Which hours", choices=_HOURS, widget=forms.RadioSelect)
    holidays = forms.CharField(
        label="Holidays",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "2026-12-25"}),
        help_text="Dates on which it is closed, one on each line.",
    )
    closed_words = forms.CharField(
        label="Closing words",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What callers hear outside the hours. Empty: that you are closed right now.",
    )

    def __init__(self, data: QueryDict | None = None, *, number: NumberLine) -> None:
        own = msgspec.convert(number.hours or {"hours": []}, OpeningHours)
        stored, self._exceptions = stored_hours(own), own.exceptions
        super().__init__(
            data,
            initial={
                "agent_id": "" if number.agent_id is None else str(number.agent_id),
                "mode": number.mode,
                "human_number": number.human_number,
                "outside": number.outside,
                "hours_of": "company" if number.hours is None else "own",
                "holidays": "\n".join(stored["holidays"]),
                "closed_words": number.closed_words,
            },
        )
        agent: Any = self.fields["agent_id"]
        agent.choices = agent_choices(nobody="Nobody: a person takes the calls")
        if data is None:
            self.days = [_stored_day(day, hours) for day, hours in enumerate(stored["week"])]
        else:
            self.days = [_given_day(data, day) for day in range(7)]

    def changes(self) -> dict[str, Any]:
        """What was written, once it is valid."""
        given = dict(self.cleaned_data)
        holidays = given.pop("holidays").split()
        if given.pop("hours_of") == "own":
            open_days = (day for day in self.days if day.begins or day.ends)
            given["hours"] = OpeningHours(
                hours=tuple(Weekly((day.number,), day.begins, day.ends) for day in open_days),
                holidays=tuple(holidays),
                exceptions=self._exceptions,  # the page shows none and loses none
            )
        else:
            given["hours"] = None
        return given | {"agent_id": given["agent_id"] or None}


class AccountForm(ActionForm):
    """One's own Twilio account."""

    account_id = forms.CharField(
        label="Account SID",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "AC…"}),
        help_text="On the first page of Twilio's console, under Account Info.",
    )
    auth_token = forms.CharField(
        label="Auth token",
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Beside it. Calls are signed with it; it is kept sealed and never shown again.",
    )
    region = forms.ChoiceField(
        label="Region",
        choices=REGIONS,
        help_text="Where Twilio processes the calls. Tokens differ from region to region.",
    )


class RotationForm(ActionForm):
    """An account's new token."""

    auth_token = forms.CharField(
        label="New auth token",
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Calls that are signed with the one before are taken for a day more.",
    )


class _WithAccount(ActionForm):
    """A form about one of the company's carrier accounts."""

    account_id = forms.ChoiceField(label="Carrier account")

    def __init__(
        self, data: QueryDict | None = None, *, accounts: tuple[CarrierAccountLine, ...]
    ) -> None:
        super().__init__(data)
        account: Any = self.fields["account_id"]
        account.choices = [
            (str(line.id), f"{line.name or line.account_id} · {line.region}") for line in accounts
        ]


class OwnNumberForm(_WithAccount):
    """A number that is in the account already."""

    e164 = forms.CharField(
        label="Number",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "placeholder": "+12125550199"}),
        help_text="With + and the country code, as it stands in your carrier account.",
    )
    agent_id = forms.ChoiceField(label="Agent", required=False)

    def __init__(
        self, data: QueryDict | None = None, *, accounts: tuple[CarrierAccountLine, ...]
    ) -> None:
        super().__init__(data, accounts=accounts)
        agent: Any = self.fields["agent_id"]
        agent.choices = agent_choices(nobody="Nobody yet")


class SearchForm(_WithAccount):
    """Numbers to be bought."""

    country = forms.CharField(label="Country", max_length=2, initial="US", help_text="US, GB, DE …")
    kind = forms.ChoiceField(label="Kind", choices=_KINDS)
    contains = forms.CharField(
        label="Contains", required=False, max_length=16, help_text="digits or letters"
    )
    area_code = forms.CharField(
        label="Area code", required=False, max_length=3, help_text="USA and Canada"
    )


class PurchaseForm(OwnNumberForm):
    """A number that is bought: what its country asks for besides."""

    address_id = forms.CharField(
        label="Address SID",
        required=False,
        max_length=64,
        help_text="AD…: where the country asks for an address, as you have given it to Twilio.",
    )
    bundle_id = forms.CharField(
        label="Bundle SID",
        required=False,
        max_length=64,
        help_text="BU…: where the country asks for regulatory papers.",
    )


def _stored_day(number: int, hours: Any) -> DayRow:
    begins, ends = hours or ("", "")
    return DayRow(number, _DAYS[number], begins, ends)


def _given_day(data: QueryDict, number: int) -> DayRow:
    begins, ends = (data.get(f"{name}_{number}", "").strip() for name in ("begins", "ends"))
    return DayRow(number, _DAYS[number], begins, ends)
