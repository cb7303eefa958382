"""Django's registration of this app."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The app `dashboard`."""

    name = "dashboard"
