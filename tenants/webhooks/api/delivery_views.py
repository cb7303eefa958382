"""What was sent to an endpoint, and what shall be sent once more, through the REST API."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from tenants.webhooks import queries, replaying
from tenants.webhooks.api.serializers import (
    DeliveriesQuery,
    ReplayedSerializer,
    ReplayRangeSerializer,
    WebhookDeliveryDetailSerializer,
    WebhookDeliverySerializer,
)


class WebhookDeliveries(TenantAPIView):
    """An endpoint's deliveries."""

    @operation(
        "list_webhook_deliveries",
        permission=Permission.WEBHOOKS_READ,
        query=DeliveriesQuery,
        answer=page_of(WebhookDeliverySerializer),
    )
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """List what was sent to a webhook endpoint in the last 30 days, the latest first."""
        page = queries.deliveries_page(endpoint_id, **self.query)
        return self.page(page, WebhookDeliverySerializer)


class WebhookDeliveryView(TenantAPIView):
    """One delivery."""

    @operation(
        "get_webhook_delivery",
        permission=Permission.WEBHOOKS_READ,
        answer=WebhookDeliveryDetailSerializer,
    )
    def get(self, request: Request, endpoint_id: UUID, delivery_id: UUID) -> Response:
        """One delivery with its tries, the last first, and the payload."""
        found = queries.delivery(endpoint_id, delivery_id)
        return Response(self._sparse(WebhookDeliveryDetailSerializer(found).data))


class WebhookDeliveryReplay(TenantAPIView):
    """One delivery once more."""

    @operation(
        "replay_webhook_delivery",
        permission=Permission.WEBHOOKS_WRITE,
        answer=WebhookDeliveryDetailSerializer,
        status=202,
    )
    def post(self, request: Request, endpoint_id: UUID, delivery_id: UUID) -> Response:
        """Send one delivery again, under its own `webhook-id`."""
        replaying.replay_delivery(endpoint_id, delivery_id)
        found = queries.delivery(endpoint_id, delivery_id)
        return Response(WebhookDeliveryDetailSerializer(found).data, status=202)


class WebhookReplay(TenantAPIView):
    """A range of time once more."""

    @operation(
        "replay_webhook",
        permission=Permission.WEBHOOKS_WRITE,
        body=ReplayRangeSerializer,
        answer=ReplayedSerializer,
        status=202,
    )
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send a webhook endpoint again what happened in a range of time, also what it missed while
        it was disabled: 1,000 deliveries at most, each under its own `webhook-id`.
        """
        replayed = replaying.replay_range(endpoint_id, **self.body)
        return Response(ReplayedSerializer(replayed).data, status=202)


class WebhookTest(TenantAPIView):
    """A test of one endpoint."""

    @operation(
        "test_webhook",
        permission=Permission.WEBHOOKS_WRITE,
        answer=WebhookDeliveryDetailSerializer,
        status=202,
    )
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send a `test` event to a webhook endpoint, once, disabled or not. What came of it stands
        in its delivery, within 20 seconds.
        """
        delivery_id = replaying.send_test(endpoint_id)
        found = queries.delivery(endpoint_id, delivery_id)
        return Response(WebhookDeliveryDetailSerializer(found).data, status=202)
