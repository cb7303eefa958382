"""Django's registration of this app."""

from django.apps import AppConfig


class HomeservicesConfig(AppConfig):
    """The app `verticals.homeservices`."""

    name = "verticals.homeservices"
