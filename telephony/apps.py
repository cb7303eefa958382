"""Django's registration of this app."""

from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    """The app `telephony`."""

    name = "telephony"
