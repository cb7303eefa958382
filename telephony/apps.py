"""Django's registration of this app."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class TelephonyConfig(AppConfig):
    """The app `telephony`."""

    name = "telephony"

    def ready(self) -> None:
        """The number table follows what it is made of; the apps below know nothing of it."""
        from telephony.control import number_table

        for model in ("agents.AgentVersion", "rag.Collection"):
            post_save.connect(
                number_table.refresh_bound,
                sender=model,
                dispatch_uid=f"telephony.control.number_table.{model}",
            )
