"""Django's registration of this app."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """The app `agents`."""

    name = "agents"
