"""What the REST API takes and gives of webhooks."""

from rest_framework import serializers

from tenants.api.fields import MomentField
from tenants.api.requests import PageQuery
from tenants.api.serializers import FrozenSerializer
from tenants.webhooks.types import (
    CHOOSABLE,
    DeliveryState,
    EventType,
    NewSecret,
    NewWebhookEndpoint,
    Replayed,
    WebhookDelivery,
    WebhookDeliveryDetail,
    WebhookEndpoint,
    WebhookEventType,
    WebhookHealth,
)

_TYPES = [str(event_type) for event_type in CHOOSABLE]


class NewWebhookSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An endpoint to be made."""

    url = serializers.CharField(
        max_length=2000, help_text="https, at its usual port, on the public internet"
    )
    description = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="For people"
    )
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=_TYPES),
        required=False,
        max_length=len(_TYPES),
        help_text="What is sent here; empty for everything, also what is to come",
    )


class WebhookChangesSerializer(NewWebhookSerializer):
    """What of an endpoint changes."""

    enabled = serializers.BooleanField(
        required=False, help_text="Enabled again, it is given what waited meanwhile"
    )


class ReplayRangeSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Which deliveries go out again."""

    since = MomentField(help_text="What happened then or later, 30 days ago at most")
    until = MomentField(help_text="And before this")
    only_failed = serializers.BooleanField(
        required=False, default=False, help_text="Only what was given up"
    )


class DeliveriesQuery(PageQuery):
    """What a list of deliveries may be narrowed by."""

    state = serializers.ChoiceField(required=False, choices=DeliveryState.values)
    event_type = serializers.ChoiceField(
        required=False, choices=[str(event_type) for event_type in EventType]
    )


class WebhookEndpointSerializer(FrozenSerializer[WebhookEndpoint]):
    """An endpoint."""

    class Meta:
        dataclass = WebhookEndpoint


class NewWebhookEndpointSerializer(FrozenSerializer[NewWebhookEndpoint]):
    """An endpoint just made."""

    class Meta:
        dataclass = NewWebhookEndpoint


class NewSecretSerializer(FrozenSerializer[NewSecret]):
    """A secret just made."""

    class Meta:
        dataclass = NewSecret


class WebhookHealthSerializer(FrozenSerializer[WebhookHealth]):
    """How an endpoint has been lately."""

    class Meta:
        dataclass = WebhookHealth


class WebhookEventTypeSerializer(FrozenSerializer[WebhookEventType]):
    """An event type."""

    class Meta:
        dataclass = WebhookEventType


class WebhookDeliverySerializer(FrozenSerializer[WebhookDelivery]):
    """A delivery."""

    class Meta:
        dataclass = WebhookDelivery


class WebhookDeliveryDetailSerializer(FrozenSerializer[WebhookDeliveryDetail]):
    """A delivery with its tries."""

    class Meta:
        dataclass = WebhookDeliveryDetail


class ReplayedSerializer(FrozenSerializer[Replayed]):
    """How much goes out again."""

    class Meta:
        dataclass = Replayed
