"""What a webhook may tell of, and what is known of where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.db import models
from msgspec import Meta


class EventType(StrEnum):
    """What happened, as `thing.happening`."""

    CALL_STARTED = "call.started"
    CALL_ENDED = "call.ended"
    CALL_OUTCOME = "call.outcome"
    CALL_HANDED_OVER = "call.handed_over"
    BOOKING_CREATED = "booking.created"
    BOOKING_CHANGED = "booking.changed"
    BOOKING_CANCELLED = "booking.cancelled"
    SHADOW_VERDICT = "shadow.verdict"
    AGENT_CHANGED = "agent.changed"
    NUMBER_CHANGED = "number.changed"
    KNOWLEDGE_READY = "knowledge.ready"
    QUOTA_NEAR = "quota.near"
    TEST = "test"


MEANINGS: Final[Mapping[EventType, str]] = MappingProxyType(
    {
        EventType.CALL_STARTED: "A call was answered",
        EventType.CALL_ENDED: "A call is over",
        EventType.CALL_OUTCOME: "What a call came to is known: outcome, summary, fields",
        EventType.CALL_HANDED_OVER: "A caller is put through to a person; with the reason",
        EventType.BOOKING_CREATED: "A caller booked",
        EventType.BOOKING_CHANGED: "A booking was moved or edited",
        EventType.BOOKING_CANCELLED: "A booking was cancelled",
        EventType.SHADOW_VERDICT: "A shadowed call was judged",
        EventType.AGENT_CHANGED: "An agent was made, edited or went live",
        EventType.NUMBER_CHANGED: "A telephone number was added, changed or released",
        EventType.KNOWLEDGE_READY: "A document can be asked about",
        EventType.QUOTA_NEAR: "A limit of the plan is nearly used up",
        EventType.TEST: "A test, sent by hand to one endpoint",
    }
)
# What an endpoint may choose: a test is sent to one endpoint, whatever it chose.
CHOOSABLE: Final = tuple(event_type for event_type in EventType if event_type != EventType.TEST)


class DeliveryState(models.TextChoices):
    """What became of a delivery so far."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DisabledBecause(models.TextChoices):
    """Why nothing is sent to an endpoint: by hand, it answered 410, or failed for days."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """An address of the company's that its events are posted to."""

    id: UUID
    url: str
    description: str
    event_types: Annotated[
        list[str], Meta(description="What is sent here; empty for everything, also what is to come")
    ]
    enabled: bool
    disabled_because: Annotated[
        Literal["", "by_hand", "gone", "failing"],
        Meta(description="`gone`: it answered 410; `failing`: it took nothing for days"),
    ]
    disabled_at: datetime | None
    previous_secret_until: Annotated[
        datetime | None,
        Meta(description="Until then the secret of before signs too; null while there is one only"),
    ]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewWebhookEndpoint(WebhookEndpoint):
    """An endpoint just made, with its signing secret, which is shown this once."""

    secret: Annotated[str, Meta(description="`whsec_…`, by Standard Webhooks; shown this once")]


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A signing secret just made, which is shown this once."""

    secret: Annotated[str, Meta(description="`whsec_…`, by Standard Webhooks; shown this once")]
    previous_secret_until: Annotated[
        datetime, Meta(description="Until then the secret of before signs too")
    ]


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """How an endpoint has been lately."""

    last_success_at: datetime | None
    failing_since: Annotated[
        datetime | None, Meta(description="Since when it took nothing; null while it takes them")
    ]
    rests_until: Annotated[
        datetime | None,
        Meta(description="Nothing is sent before: it failed several times in a row"),
    ]
    pending: Annotated[int, Meta(description="Deliveries that wait, for their next try too")]
    failed: Annotated[int, Meta(description="Deliveries that were given up, of those still kept")]


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """An endpoint in a list of them, with how it is doing; `choosable` is how many events are."""

    endpoint: WebhookEndpoint
    last_success_at: datetime | None
    failing_since: datetime | None
    choosable: int


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One event on its way to one endpoint."""

    id: UUID
    message_id: Annotated[
        UUID, Meta(description="`webhook-id`: the same on every try, and for every endpoint")
    ]
    event_type: str
    sequence: Annotated[
        int, Meta(description="Counts what is sent to this endpoint; it may arrive out of order")
    ]
    state: Literal["pending", "delivered", "failed"]
    attempts: int
    last_status: Annotated[
        int | None, Meta(description="The last answer's HTTP status; null if there was none")
    ]
    last_error: str
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookAttempt:
    """One try of a delivery."""

    at: datetime
    duration_ms: int
    status: int | None
    error: Annotated[str, Meta(description="Why there was no answer, or why it was none")]
    excerpt: Annotated[str, Meta(description="The beginning of the answer's body")]


@dataclass(frozen=True, slots=True)
class WebhookDeliveryDetail(WebhookDelivery):
    """One event on its way to one endpoint, with its tries, the last first, and what is sent."""

    tries: list[WebhookAttempt]
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many deliveries go out again."""

    deliveries: int


@dataclass(frozen=True, slots=True)
class WebhookEventType:
    """Something that an endpoint may be told of."""

    type: str
    meaning: str
