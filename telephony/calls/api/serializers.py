"""What the REST API gives of calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from drf_spectacular.drainage import set_override
from msgspec import Meta
from rest_framework import serializers

from telephony.calls.listing.saved_views import ViewLine
from telephony.calls.recording_links import RecordingLink
from telephony.calls.types import (
    CallLine,
    CallPage,
    ErasureLine,
    TranscriptLine,
    TurnLatency,
)
from tenants.api.serializers import FrozenSerializer

# The name under which the schema has published it; clients were generated with it.
set_override(TranscriptLine, "component_name", "Utterance")


class CallLineSerializer(FrozenSerializer[CallLine]):
    """A call in a list."""

    class Meta:
        dataclass = CallLine


class CallPageSerializer(FrozenSerializer[CallPage]):
    """All of one call, but for what only the dashboard shows."""

    class Meta:
        dataclass = CallPage
        exclude = ["human_number", "events"]


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a call, in the order in which it was heard."""

    call_id: UUID
    transcript: tuple[TranscriptLine, ...]


@dataclass(frozen=True, slots=True)
class Latency:
    """How the time of each of a call's turns was spent."""

    call_id: UUID
    latency: tuple[TurnLatency, ...]


@dataclass(frozen=True, slots=True)
class EventLine:
    """A numbered event of a call, as it was recorded."""

    epoch: Annotated[int, Meta(description="counts the media processes that had the call")]
    number: Annotated[int, Meta(description="counts within its epoch")]
    kind: str
    region: str
    at: datetime
    at_ms: Annotated[float, Meta(description="since the audio of its epoch started")]
    data: dict[str, Any]


class TranscriptSerializer(FrozenSerializer[Transcript]):
    """What was said."""

    class Meta:
        dataclass = Transcript


class LatencySerializer(FrozenSerializer[Latency]):
    """How time was spent."""

    class Meta:
        dataclass = Latency


class EventLineSerializer(FrozenSerializer[EventLine]):
    """An event."""

    class Meta:
        dataclass = EventLine


class RecordingLinkSerializer(FrozenSerializer[RecordingLink]):
    """A link to a recording."""

    class Meta:
        dataclass = RecordingLink


class ViewSerializer(FrozenSerializer[ViewLine]):
    """A saved list."""

    class Meta:
        dataclass = ViewLine


class ErasureSerializer(FrozenSerializer[ErasureLine]):
    """How far an erasure is."""

    class Meta:
        dataclass = ErasureLine


class CallerSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Whom to erase."""

    number = serializers.CharField(max_length=64, help_text="a caller's, such as +12125550147")


class NewViewSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A list to be kept under a name."""

    name = serializers.CharField(max_length=60)
    filters = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=200),
        required=False,
        default=dict,
        help_text="as the list of calls takes them",
    )
