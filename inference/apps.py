"""Django's registration of this app."""

from django.apps import AppConfig


class InferenceConfig(AppConfig):
    """The app `inference`."""

    name = "inference"
