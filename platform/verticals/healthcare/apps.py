"""Django's registration of this app."""

from django.apps import AppConfig


class HealthcareConfig(AppConfig):
    """The app `verticals.healthcare`."""

    name = "verticals.healthcare"
