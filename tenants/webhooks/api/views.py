"""A company's webhook endpoints through the REST API."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.operations import operation
from tenants.api.pages import Page, page_of
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from tenants.webhooks import actions, queries
from tenants.webhooks.api.serializers import (
    NewSecretSerializer,
    NewWebhookEndpointSerializer,
    NewWebhookSerializer,
    WebhookChangesSerializer,
    WebhookEndpointSerializer,
    WebhookEventTypeSerializer,
    WebhookHealthSerializer,
)


class Webhooks(TenantAPIView):
    """The company's endpoints."""

    @operation(
        "list_webhooks",
        permission=Permission.WEBHOOKS_READ,
        answer=page_of(WebhookEndpointSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's webhook endpoints, newest first: all of them on one page."""
        return self.page(Page(queries.endpoints()), WebhookEndpointSerializer)

    @operation(
        "create_webhook",
        permission=Permission.WEBHOOKS_WRITE,
        body=NewWebhookSerializer,
        answer=NewWebhookEndpointSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Make a webhook endpoint. Its signing secret is in this answer and in no other."""
        made = actions.make_endpoint(**self.body)
        content = NewWebhookEndpointSerializer(made).data
        return self.created(content, at="api-webhook", endpoint_id=made.id)


class WebhookEventTypes(TenantAPIView):
    """What an endpoint may choose."""

    @operation(
        "list_webhook_event_types",
        permission=Permission.WEBHOOKS_READ,
        answer=page_of(WebhookEventTypeSerializer),
    )
    def get(self, request: Request) -> Response:
        """List what an endpoint may be told of."""
        return self.page(Page(queries.event_types()), WebhookEventTypeSerializer)


class Webhook(TenantAPIView):
    """One endpoint."""

    def representation(self, endpoint_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """The endpoint, without its secret."""
        return WebhookEndpointSerializer(queries.endpoint(endpoint_id)).data

    @operation("get_webhook", permission=Permission.WEBHOOKS_READ, answer=WebhookEndpointSerializer)
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """One webhook endpoint."""
        return self.shown(endpoint_id=endpoint_id)

    @operation(
        "change_webhook",
        permission=Permission.WEBHOOKS_WRITE,
        body=WebhookChangesSerializer,
        answer=WebhookEndpointSerializer,
    )
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        """Change what is given of a webhook endpoint, or disable and enable it."""
        actions.change_endpoint(endpoint_id, **self.body)
        return self.shown(endpoint_id=endpoint_id)

    @operation("remove_webhook", permission=Permission.WEBHOOKS_WRITE, status=204)
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        """Remove a webhook endpoint and its log; what waited for it is sent nowhere."""
        actions.remove_endpoint(endpoint_id)
        return Response(status=204)


class WebhookSecret(TenantAPIView):
    """One endpoint's signing secret."""

    @operation(
        "rotate_webhook_secret",
        permission=Permission.WEBHOOKS_WRITE,
        answer=NewSecretSerializer,
    )
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Make a new signing secret, shown in this answer only. For 24 hours the one of before
        signs too, so that no delivery is refused while the receiver learns it.
        """
        return Response(NewSecretSerializer(actions.rotate_secret(endpoint_id)).data)


class WebhookHealthView(TenantAPIView):
    """How one endpoint has been."""

    @operation(
        "get_webhook_health",
        permission=Permission.WEBHOOKS_READ,
        answer=WebhookHealthSerializer,
    )
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """How a webhook endpoint has been lately: what waits, what was given up, since when."""
        return Response(WebhookHealthSerializer(queries.health(endpoint_id)).data)
