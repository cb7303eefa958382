"""The addresses of these pages, below /webhooks/."""

from django.urls import path

from dashboard.webhooks import delivery_views, views

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("new", views.new, name="webhook-new"),
    path("<uuid:endpoint_id>", views.webhook, name="webhook"),
    path("<uuid:endpoint_id>/edit", views.edit, name="webhook-edit"),
    path("<uuid:endpoint_id>/switch", views.switch, name="webhook-switch"),
    path("<uuid:endpoint_id>/rotate", views.rotate, name="webhook-rotate"),
    path("<uuid:endpoint_id>/remove", views.remove, name="webhook-remove"),
    path("<uuid:endpoint_id>/test", delivery_views.test, name="webhook-test"),
    path("<uuid:endpoint_id>/replay", delivery_views.replay_range, name="webhook-replay"),
    path(
        "<uuid:endpoint_id>/deliveries/<uuid:delivery_id>",
        delivery_views.delivery,
        name="webhook-delivery",
    ),
    path(
        "<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/replay",
        delivery_views.replay,
        name="webhook-delivery-replay",
    ),
]
