"""Django's registration of this app."""

from django.apps import AppConfig


class RagConfig(AppConfig):
    """The app `rag`."""

    name = "rag"
