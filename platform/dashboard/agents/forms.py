"""What an agent's page takes: each field as its action takes it, the facts as rows."""

from dataclasses import dataclass, replace
from typing import Any, Final

from babel import Locale
from django import forms
from django.http import QueryDict

from agents.editing.starters import suggested_facts
from agents.editing.wording import LIMITS, SPEEDS
from agents.types import MAX_INSTRUCTIONS, Fact, Wording
from agents.voices import voices
from dashboard.agents import extraction
from dashboard.layout.forms import ActionForm
from rag import queries as rag_queries
from verticals.spoken.languages import OFFERED
from warmline.kernel.agent import Limits, Voice
from warmline.kernel.errors import BadInput
from warmline.kernel.vertical import TRANSFER_TO_PERSON, Vertical

_FAILURES: Final = (
    ("person", "Put the caller through to a person"),
    ("message", "Take a message"),
    ("goodbye", "Say that nobody can take the call, and hang up"),
)
_LIMITS: Final = (
    ("max_seconds", "Longest call, in seconds", "Then the agent says goodbye."),
    ("max_turns", "Most turns", "How often the caller and the agent may take turns."),
    (
        "silence_ms",
        "Silence that ends a turn, in milliseconds",
        "Less after a whole sentence, more in the middle of one.",
    ),
    ("idle_seconds", "Nobody speaks, in seconds", "Then the agent asks once, and ends the call."),
)


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row of the facts: what is in it, an example of what might be, what is wrong with it."""

    label: str
    value: str
    example: str = ""
    problem: str = ""


class WordingForm(ActionForm):
    """Everything an agent is."""

    kinds = extraction.KINDS
    revision = forms.IntegerField(widget=forms.HiddenInput)
    greeting = forms.CharField(
        label="Greeting",
        widget=forms.Textarea(attrs={"rows": 2, "data-spoken": ""}),
        max_length=300,
        help_text="The first words that callers hear, the same in every call.",
    )
    name = forms.CharField(
        label="Name",
        max_length=60,
        required=False,
        help_text="How it introduces itself; empty: as it is called here.",
    )
    role = forms.CharField(
        label="Role", max_length=120, help_text='What it is at your company: "the receptionist".'
    )
    instructions = forms.CharField(
        label="Instructions",
        widget=forms.Textarea(attrs={"rows": 6, "data-count": ""}),
        max_length=MAX_INSTRUCTIONS,
        required=False,
        help_text="What it should do and leave, in your own words. Large models follow them; the "
        "small built-in one goes by greeting, facts and knowledge alone.",
    )
    tools = forms.MultipleChoiceField(
        label="It may",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Handing the call to a person is always allowed.",
    )
    collections = forms.MultipleChoiceField(
        label="Knowledge that it may look into",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="With none chosen it may look into all of it.",
    )
    language = forms.CharField(label="Language", widget=forms.Select)
    voice = forms.CharField(label="Voice", widget=forms.Select)
    speed = forms.FloatField(
        label="Speed",
        min_value=SPEEDS[0],
        max_value=SPEEDS[1],
        widget=forms.NumberInput(attrs={"step": "0.05"}),
        help_text="1 is 165 words a minute.",
    )
    vocabulary = forms.CharField(
        label="Words that callers say",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="Names and terms that speech recognition should expect, one on each line.",
    )
    on_failure = forms.ChoiceField(
        label="When no agent can take the call", choices=_FAILURES, widget=forms.RadioSelect
    )
    announces_recording = forms.BooleanField(
        label="Say first that the call is recorded",
        required=False,
        help_text="In its own language, before the greeting; words of your own go into that.",
    )

    def __init__(
        self, data: QueryDict | None = None, *, wording: Wording, revision: int, vertical: Vertical
    ) -> None:
        super().__init__(data, initial=_initial(wording, revision))
        self._wording = wording
        self._vertical = vertical
        self.facts = _rows(wording) if data is None else _given_rows(data)
        self.extraction = (
            extraction.rows_of(wording, vertical) if data is None else extraction.given_rows(data)
        )
        for name, label, help_text in _LIMITS:
            least, most = LIMITS[name]
            self.fields[name] = forms.IntegerField(
                label=label, min_value=least, max_value=most, help_text=help_text
            )
        tools: Any = self.fields["tools"]
        tools.choices = [
            (tool.name, _sentence(tool.title or tool.description))
            for tool in vertical.tools
            if tool.name != TRANSFER_TO_PERSON
        ]
        if not wording.tools:  # all of them
            self.initial["tools"] = [name for name, _ in tools.choices]
        known: Any = self.fields["collections"]
        known.choices = [(str(line.id), line.name) for line in rag_queries.collections()]
        self._choose("language", _languages(), wording.language)
        self._choose("voice", _voices(), wording.voice.name)

    @property
    def limits(self) -> list[forms.BoundField]:
        """The fields of the call's bounds."""
        return [self[name] for name, _, _ in _LIMITS]

    def wording(self) -> Wording:
        """What was written, once it is valid; what the page does not show stays."""
        given = self.cleaned_data
        limits = {name: given[name] for name, _, _ in _LIMITS}
        return replace(
            self._wording,
            greeting=given["greeting"],
            name=given["name"],
            role=given["role"],
            instructions=given["instructions"],
            facts=tuple((row.label, row.value) for row in self._filled()),
            tools=self._chosen_tools(),
            collections=tuple(given["collections"]),
            language=given["language"],
            voice=Voice(given["voice"], given["speed"]),
            vocabulary=tuple(
                line.strip() for line in given["vocabulary"].splitlines() if line.strip()
            ),
            limits=Limits(**limits),
            on_failure=given["on_failure"],
            announces_recording=given["announces_recording"],
            extraction=extraction.chosen(self.extraction, self._vertical),
        )

    def add_problem(self, error: BadInput) -> None:
        """Show an action's refusal beside its field, one of a row there."""
        place = (error.field or "").split(".")
        if len(place) > 1 and place[0] == "extraction":
            self.extraction = extraction.with_problem(self.extraction, int(place[1]), error)
            self.add_error(None, f"Written down: {error}")
            return
        if place[0] != "facts" or len(place) < 2:
            super().add_problem(error)
            return
        row = self._filled()[int(place[1])]
        self.facts = [
            replace(known, problem=str(error)) if known is row else known for known in self.facts
        ]
        self.add_error(None, f"Fact {row.label or row.value}: {error}")

    def _filled(self) -> list[FactRow]:
        """The rows that say something: a suggestion that was left alone says nothing."""
        return [row for row in self.facts if row.value.strip() or (row.label and not row.example)]

    def _chosen_tools(self) -> tuple[str, ...]:
        """All stays all, whatever the vertical learns; none is handing over alone."""
        tools: Any = self.fields["tools"]
        chosen = self.cleaned_data["tools"]
        return () if len(chosen) == len(tools.choices) else (*chosen, TRANSFER_TO_PERSON)

    def _choose(self, name: str, choices: list[tuple[str, str]], present: str) -> None:
        """Offer these, and what is set already, so that saving changes nothing by itself."""
        if present not in dict(choices):
            choices = [*choices, (present, present)]
        widget: Any = self.fields[name].widget
        widget.choices = choices


def _initial(wording: Wording, revision: int) -> dict[str, Any]:
    limits = {name: getattr(wording.limits, name) for name, _, _ in _LIMITS}
    return limits | {
        "revision": revision,
        "greeting": wording.greeting,
        "name": wording.name,
        "role": wording.role,
        "instructions": wording.instructions,
        "tools": wording.tools,
        "collections": wording.collections,
        "language": wording.language,
        "voice": wording.voice.name,
        "speed": wording.voice.speed,
        "vocabulary": "\n".join(wording.vocabulary),
        "on_failure": wording.on_failure,
        "announces_recording": wording.announces_recording,
    }


def _rows(wording: Wording) -> list[FactRow]:
    rows = [FactRow(label, value) for label, value in wording.facts]
    suggested: tuple[Fact, ...] = suggested_facts(wording)
    return [*rows, *(FactRow(label, "", example) for label, example in suggested), FactRow("", "")]


def _given_rows(data: QueryDict) -> list[FactRow]:
    labels, values = data.getlist("fact_label"), data.getlist("fact_value")
    examples = data.getlist("fact_example")
    return [
        FactRow(label, value, example)
        for label, value, example in zip(labels, values, examples, strict=False)
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _languages() -> list[tuple[str, str]]:
    return [(code, str(Locale(code).get_display_name("en"))) for code in OFFERED]


def _voices() -> list[tuple[str, str]]:
    return [(voice.name, voice.title) for voice in voices()]
