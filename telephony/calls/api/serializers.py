"""How calls look through the REST API. Read only:
nothing here takes input but the list's filters.
"""

from rest_framework import serializers

from telephony.calls.call_state import STATES
from telephony.calls.queries import MAX_PAGE


class CallsFilter(serializers.Serializer):  # type: ignore[type-arg]
    """What a list of calls may be narrowed by."""

    cursor = serializers.CharField(
        required=False, max_length=400, help_text="`next_cursor` of the page before"
    )
    page_size = serializers.IntegerField(
        required=False, default=25, min_value=1, max_value=MAX_PAGE
    )
    state = serializers.ChoiceField(required=False, choices=STATES)
    since = serializers.DateTimeField(
        required=False, help_text="only calls that started then or later (RFC 3339)"
    )


class CallLineSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A call in a list."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    from_number = serializers.CharField(
        help_text="the caller's number as claimed; empty when withheld"
    )
    to_number = serializers.CharField()
    region = serializers.CharField()
    vertical = serializers.CharField()
    audience = serializers.ChoiceField(
        choices=["caller", "screen"],
        help_text="`screen`: shadow mode, nothing was spoken to the caller",
    )
    started_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField(help_text="empty while the call goes on")
    seconds = serializers.FloatField(allow_null=True)
    turns = serializers.IntegerField()
    first_audio_p50_ms = serializers.FloatField(
        allow_null=True, help_text="from the caller's last word to the agent's first audio"
    )
    first_audio_p95_ms = serializers.FloatField(allow_null=True)


class CallsPageSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A page of calls, newest first."""

    calls = CallLineSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="null on the last page")


class UtteranceSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One line of the transcript."""

    turn = serializers.IntegerField()
    speaker = serializers.ChoiceField(choices=["caller", "agent", "human"])
    text = serializers.CharField()
    heard = serializers.CharField(help_text="what of the text reached the caller's ear")
    cut = serializers.BooleanField(help_text="the caller spoke into it")
    at_ms = serializers.FloatField(help_text="since the call's audio started")
    to_screen = serializers.BooleanField()


class StageSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A part of a turn's time."""

    name = serializers.CharField()
    from_ms = serializers.FloatField()
    to_ms = serializers.FloatField()


class TurnLatencySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How one turn's time was spent, from the caller's last word."""

    turn = serializers.IntegerField()
    replica = serializers.CharField()
    region = serializers.CharField()
    first_audio_ms = serializers.FloatField(allow_null=True)
    stages = StageSerializer(many=True)
    prompt_tokens = serializers.IntegerField(allow_null=True)
    completion_tokens = serializers.IntegerField(allow_null=True)


class CitedPassageSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A piece of knowledge that was put before the model."""

    turn = serializers.IntegerField()
    query = serializers.CharField()
    id = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    score = serializers.FloatField()


class ToolUseSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A tool that the model asked for."""

    turn = serializers.IntegerField()
    tool_call_id = serializers.CharField()
    name = serializers.CharField()
    arguments = serializers.CharField(help_text="JSON as the model gave it")
    ran = serializers.BooleanField(help_text="false in shadow mode for tools that write")
    ok = serializers.BooleanField(allow_null=True)
    result = serializers.CharField(help_text="JSON as the model saw it; empty when there was none")


class RoutingReasonSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Why a region was taken, or was not."""

    region = serializers.CharField()
    text = serializers.CharField()
    score = serializers.FloatField(
        allow_null=True, help_text="expected ms to the first word; less is better"
    )
    chosen = serializers.BooleanField()


class CallPageSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """All of one call."""

    call = CallLineSerializer()
    carrier_call_id = serializers.CharField()
    agent_version_id = serializers.CharField()
    routing_because = serializers.CharField()
    routing = RoutingReasonSerializer(many=True)
    handed_because = serializers.CharField(
        help_text="why no agent took the call; empty when one did"
    )
    replicas = serializers.ListField(child=serializers.CharField())
    transcript = UtteranceSerializer(many=True)
    latency = TurnLatencySerializer(many=True)
    passages = CitedPassageSerializer(many=True)
    tools = ToolUseSerializer(many=True)
    recording_seconds = serializers.FloatField(allow_null=True)
