"""What the REST API takes and gives of calls."""

from drf_spectacular.drainage import set_override
from rest_framework import serializers

from telephony.calls.call_state import STATES
from telephony.calls.queries import MAX_PAGE
from telephony.calls.types import CallPage, CallsPage, TranscriptLine
from tenants.api.requests import QuerySerializer
from tenants.api.serializers import FrozenSerializer

# The name under which the schema has published it; clients were generated with it.
set_override(TranscriptLine, "component_name", "Utterance")


class CallsFilter(QuerySerializer):
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


class CallsPageSerializer(FrozenSerializer[CallsPage]):
    """A page of calls."""

    class Meta:
        dataclass = CallsPage


class CallPageSerializer(FrozenSerializer[CallPage]):
    """All of one call, but for what only the dashboard shows."""

    class Meta:
        dataclass = CallPage
        exclude = ["human_number", "events"]
