"""What the REST API takes and gives of agents."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from rest_framework import serializers

from agents.editing.diff import FieldChange
from agents.editing.types import AgentLine, DraftPage, VersionLine, VersionPage
from agents.editing.wording import (
    EXTRACTION_TYPES,
    FIELD_NAME,
    LIMITS,
    MAX_COLLECTIONS,
    MAX_DESCRIPTION,
    MAX_EXTRACTION,
    MAX_FACTS,
    MAX_FIELD_NAME,
    MAX_LABEL,
    MAX_VALUE,
    MAX_WORD,
    MAX_WORDS,
    ON_FAILURE,
    SPEEDS,
)
from agents.lint.findings import Finding
from agents.types import MAX_INSTRUCTIONS, Wording
from tenants.api.requests import PageQuery, QuerySerializer
from tenants.api.serializers import FrozenSerializer
from warmline.kernel.vertical import ExtractionField


class AgentSerializer(FrozenSerializer[AgentLine]):
    """An agent, and which of its versions speak."""

    class Meta:
        dataclass = AgentLine


class VersionSerializer(FrozenSerializer[VersionLine]):
    """A version: who made it, when and why."""

    class Meta:
        dataclass = VersionLine


class FindingSerializer(FrozenSerializer[Finding]):
    """Something that callers would suffer from."""

    class Meta:
        dataclass = Finding


class FieldChangeSerializer(FrozenSerializer[FieldChange]):
    """A field that differs, in pieces."""

    class Meta:
        dataclass = FieldChange


class FactSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something that callers may be told, as it is spoken."""

    # A field's own label is shadowed: this serializer has none of a form's.
    label = serializers.CharField(max_length=MAX_LABEL)  # type: ignore[assignment]
    value = serializers.CharField(max_length=MAX_VALUE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A fact is whole in a PATCH too, which asks for no field."""
        for name in ("label", "value"):
            if name not in attrs:
                raise serializers.ValidationError({name: "expected one"}, code="required")
        return attrs


class ExtractionFieldSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something that is read out of each call after its end, with the words it was said in."""

    name = serializers.RegexField(
        FIELD_NAME, max_length=MAX_FIELD_NAME, help_text="Under which it stands: customer_name"
    )
    description = serializers.CharField(
        max_length=MAX_DESCRIPTION, help_text="What the model looks for: the caller's name"
    )
    type = serializers.ChoiceField(choices=EXTRACTION_TYPES, required=False, default="text")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whole in a PATCH too, which asks for no field."""
        for name in ("name", "description"):
            if name not in attrs:
                raise serializers.ValidationError({name: "expected one"}, code="required")
        return attrs


class AgentVoiceSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How the agent sounds."""

    name = serializers.CharField(max_length=60)
    speed = serializers.FloatField(min_value=SPEEDS[0], max_value=SPEEDS[1])


class LimitsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Bounds of one call."""

    max_seconds = serializers.IntegerField(
        min_value=LIMITS["max_seconds"][0], max_value=LIMITS["max_seconds"][1]
    )
    max_turns = serializers.IntegerField(
        min_value=LIMITS["max_turns"][0], max_value=LIMITS["max_turns"][1]
    )
    silence_ms = serializers.IntegerField(
        min_value=LIMITS["silence_ms"][0],
        max_value=LIMITS["silence_ms"][1],
        help_text="The silence that ends a turn which might be over or not",
    )
    idle_seconds = serializers.IntegerField(
        min_value=LIMITS["idle_seconds"][0],
        max_value=LIMITS["idle_seconds"][1],
        help_text="Nobody speaks: the agent asks once, then ends the call",
    )


class WordingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Everything an agent is."""

    name = serializers.CharField(
        max_length=60, allow_blank=True, help_text="How it introduces itself; empty: as the agent"
    )
    role = serializers.CharField(max_length=120, help_text="What it is: the receptionist")
    greeting = serializers.CharField(max_length=300, allow_blank=True)
    instructions = serializers.CharField(
        max_length=MAX_INSTRUCTIONS,
        allow_blank=True,
        help_text="The company's own, for models that follow instructions",
    )
    facts = serializers.ListField(child=FactSerializer(), max_length=MAX_FACTS)
    tools = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=100,
        help_text="Names of tools; empty: all of the vertical's",
    )
    collections = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MAX_COLLECTIONS,
        help_text="Ids of what it may know; empty: all",
    )
    vocabulary = serializers.ListField(
        child=serializers.CharField(max_length=MAX_WORD),
        max_length=MAX_WORDS,
        help_text="Words that callers say and speech recognition should expect",
    )
    voice = AgentVoiceSerializer()
    language = serializers.CharField(max_length=20, help_text="A language tag: en, es-MX")
    limits = LimitsSerializer()
    on_failure = serializers.ChoiceField(
        choices=ON_FAILURE, help_text="What becomes of calls that no agent can take"
    )
    extraction = serializers.ListField(
        child=ExtractionFieldSerializer(),
        max_length=MAX_EXTRACTION,
        help_text="What is read out of each call after its end; empty: as the line of business has",
    )
    announces_recording = serializers.BooleanField(
        help_text="Whether it says before its greeting that the call is recorded"
    )


class DraftSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What is being written of an agent; revision 0: nobody has begun."""

    agent_id = serializers.UUIDField()
    agent_name = serializers.CharField()
    revision = serializers.IntegerField(help_text="Grows with each save")
    based_on = serializers.IntegerField(allow_null=True, help_text="The version it began from")
    edited_by = serializers.CharField()
    edited_at = serializers.DateTimeField(allow_null=True)
    wording = WordingSerializer()


class DraftChangesSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Changes of a draft: of the wording what is named, all else stays."""

    wording = WordingSerializer()
    revision = serializers.IntegerField(
        required=False, min_value=0, help_text="Refused with 412 when it is not this one any more"
    )


class VersionDetailSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A version with everything that it says."""

    version = VersionSerializer()
    agent_id = serializers.UUIDField()
    agent_name = serializers.CharField()
    wording = WordingSerializer()


class NewAgentSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A new agent; it begins with its vertical's greeting and words."""

    name = serializers.CharField(max_length=60)


class PublishSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What goes live, and why."""

    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    version = serializers.ChoiceField(
        choices=["draft", "shadow"], default="draft", help_text="The draft, or what is in shadow"
    )
    revision = serializers.IntegerField(
        required=False, min_value=0, help_text="Refused with 412 when the draft is another"
    )


class ShadowSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Why the draft goes into shadow."""

    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    revision = serializers.IntegerField(required=False, min_value=0)


class RevertSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Which version to go back to, and why."""

    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class DifferencesSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What differs between two wordings of an agent."""

    changes = FieldChangeSerializer(many=True)


class FindingsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What the lint found, errors first."""

    publishable = serializers.BooleanField(help_text="Whether there is no error")
    findings = FindingSerializer(many=True)


class AgentsQuery(PageQuery):
    """Which agents are listed."""

    archived = serializers.BooleanField(
        required=False, default=False, help_text="Those out of use instead of those in use"
    )


class VersionsQuery(PageQuery):
    """A list of versions takes what every list does."""


class DiffQuery(QuerySerializer):
    """The two wordings that are compared."""

    before = serializers.CharField(
        required=False, default="live", max_length=10, help_text="draft, live, shadow or a number"
    )
    after = serializers.CharField(
        required=False, default="draft", max_length=10, help_text="draft, live, shadow or a number"
    )


class LintQuery(QuerySerializer):
    """The wording that is looked at."""

    version = serializers.CharField(
        required=False, default="draft", max_length=10, help_text="draft, live, shadow or a number"
    )


def wording_fields(wording: Wording) -> dict[str, Any]:
    """A wording as JSON has it."""
    return {
        "name": wording.name,
        "role": wording.role,
        "greeting": wording.greeting,
        "instructions": wording.instructions,
        "facts": [{"label": label, "value": value} for label, value in wording.facts],
        "tools": list(wording.tools),
        "collections": list(wording.collections),
        "vocabulary": list(wording.vocabulary),
        "voice": msgspec.to_builtins(wording.voice),
        "language": wording.language,
        "limits": msgspec.to_builtins(wording.limits),
        "on_failure": wording.on_failure,
        "extraction": msgspec.to_builtins(wording.extraction),
        "announces_recording": wording.announces_recording,
    }


def with_changes(wording: Wording, changes: Mapping[str, Any]) -> Wording:
    """The wording with what a validated body names, of voice and limits too."""
    fields = dict(changes)
    for name in ("voice", "limits"):
        if name in fields:
            fields[name] = msgspec.structs.replace(getattr(wording, name), **fields[name])
    if "facts" in fields:
        fields["facts"] = tuple((fact["label"], fact["value"]) for fact in fields["facts"])
    for name in ("tools", "collections", "vocabulary"):
        if name in fields:
            fields[name] = tuple(map(str, fields[name]))
    if "extraction" in fields:
        fields["extraction"] = msgspec.convert(fields["extraction"], tuple[ExtractionField, ...])
    return replace(wording, **fields)


def draft_fields(draft: DraftPage) -> dict[str, Any]:
    """A draft as the API gives it."""
    return DraftSerializer(
        {
            "agent_id": draft.agent_id,
            "agent_name": draft.agent_name,
            "revision": draft.revision,
            "based_on": draft.based_on,
            "edited_by": draft.edited_by,
            "edited_at": draft.edited_at,
            "wording": wording_fields(draft.wording),
        }
    ).data


def version_fields(page: VersionPage) -> dict[str, Any]:
    """A version as the API gives it."""
    return VersionDetailSerializer(
        {
            "version": page.version,
            "agent_id": page.agent_id,
            "agent_name": page.agent_name,
            "wording": wording_fields(page.wording),
        }
    ).data
