"""Django's registration of this app."""

from django.apps import AppConfig


class ShadowConfig(AppConfig):
    """The app `shadow`."""

    name = "shadow"
