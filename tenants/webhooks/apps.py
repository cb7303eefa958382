"""Django's registration of this app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """The app `webhooks`."""

    name = "tenants.webhooks"
    label = "webhooks"
