"""What the REST API gives of what agents may be made of, and takes of a company's hours."""

from rest_framework import serializers

from agents.voices import VoiceLine
from tenants.api.serializers import FrozenSerializer


class VoiceSerializer(FrozenSerializer[VoiceLine]):
    """A voice that the platform's own speech server has."""

    class Meta:
        dataclass = VoiceLine


class ParameterSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An argument of a tool: the caller's own words."""

    name = serializers.CharField()
    description = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]


class ToolSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something that an agent of this company may do."""

    name = serializers.CharField()
    title = serializers.CharField(help_text="What it does, for people")
    description = serializers.CharField(help_text="What it does, for the model")
    writes = serializers.BooleanField(help_text="Whether it changes something")
    always = serializers.BooleanField(help_text="Whether every agent has it")
    parameters = ParameterSerializer(many=True)


class ToolsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The tools of the company's line of business."""

    tools = ToolSerializer(many=True)


class VoicesSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The voices that an agent may have."""

    voices = VoiceSerializer(many=True)


class LanguageSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A language that agents speak."""

    code = serializers.CharField()
    name = serializers.CharField()


class LanguagesSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The languages that agents speak; a region may follow: es-MX."""

    languages = LanguageSerializer(many=True)


class WeeklySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Hours on some weekdays; over midnight when they end earlier."""

    days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        allow_empty=False,
        max_length=7,
        help_text="0 is Monday",
    )
    begins = serializers.CharField(max_length=8, help_text="A local time: 08:30")
    ends = serializers.CharField(max_length=8, help_text="24:00 is midnight")


class ExceptionalSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Other hours on some dates; without them closed."""

    from_date = serializers.CharField(max_length=10, help_text="2026-12-24")
    until_date = serializers.CharField(
        max_length=10, required=False, allow_blank=True, default="", help_text="Included"
    )
    begins = serializers.CharField(max_length=8, required=False, allow_blank=True, default="")
    ends = serializers.CharField(max_length=8, required=False, allow_blank=True, default="")


class BusinessHoursSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """When the company is open; its agents book by it."""

    hours = serializers.ListField(child=WeeklySerializer(), max_length=7)
    holidays = serializers.ListField(
        child=serializers.CharField(max_length=10),
        required=False,
        default=list,
        max_length=1000,
        help_text="Dates that do not open",
    )
    exceptions = serializers.ListField(
        child=ExceptionalSerializer(), required=False, default=list, max_length=1000
    )
    slot_minutes = serializers.IntegerField(required=False, default=60, min_value=1)
    step_minutes = serializers.IntegerField(required=False, default=30, min_value=1)
    capacity = serializers.IntegerField(
        required=False, default=1, min_value=1, help_text="Visits at the same time"
    )
