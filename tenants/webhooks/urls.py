"""The paths of this app."""

from django.urls import path

from tenants.webhooks.api import delivery_views, views

_ONE = "api/v1/webhooks/<uuid:endpoint_id>"
_DELIVERIES = f"{_ONE}/deliveries"

urlpatterns = [
    path("api/v1/webhooks", views.Webhooks.as_view(), name="api-webhooks"),
    path(
        "api/v1/webhooks/event-types",
        views.WebhookEventTypes.as_view(),
        name="api-webhook-event-types",
    ),
    path(_ONE, views.Webhook.as_view(), name="api-webhook"),
    path(f"{_ONE}/rotate", views.WebhookSecret.as_view(), name="api-webhook-rotate"),
    path(f"{_ONE}/health", views.WebhookHealthView.as_view(), name="api-webhook-health"),
    path(f"{_ONE}/test", delivery_views.WebhookTest.as_view(), name="api-webhook-test"),
    path(f"{_ONE}/replay", delivery_views.WebhookReplay.as_view(), name="api-webhook-replay"),
    path(_DELIVERIES, delivery_views.WebhookDeliveries.as_view(), name="api-webhook-deliveries"),
    path(
        f"{_DELIVERIES}/<uuid:delivery_id>",
        delivery_views.WebhookDeliveryView.as_view(),
        name="api-webhook-delivery",
    ),
    path(
        f"{_DELIVERIES}/<uuid:delivery_id>/replay",
        delivery_views.WebhookDeliveryReplay.as_view(),
        name="api-webhook-delivery-replay",
    ),
]
