"""Django's registration of this app."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class TelephonyConfig(AppConfig):
    """The app `telephony`."""

    name = "telephony"

    def ready(self) -> None:
        """A call's token ends with its call, and the number table follows what it is made of.

        The apps below know nothing of either.
        """
        from telephony.control import call_ends, number_table
        from tenants import call_tokens

        call_tokens.ask_for_ends(call_ends.is_over)

        for model in ("agents.AgentVersion", "agents.BusinessProfile", "rag.Collection"):
            post_save.connect(
                number_table.refresh_bound,
                sender=model,
                dispatch_uid=f"telephony.control.number_table.{model}",
            )
