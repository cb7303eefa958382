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
        from agents.signals import agent_archiving
        from telephony.calls import recording_store
        from telephony.control import call_ends, number_table
        from telephony.numbers import actions as numbers_actions
        from telephony.numbers import closing
        from tenants import call_tokens
        from tenants.company.erasure import erases
        from tenants.company.signals import company_changed

        call_tokens.ask_for_ends(call_ends.is_over)
        erases("carrier accounts", erase=closing.give_back, left=closing.left)
        erases("recordings", erase=recording_store.remove_all, left=recording_store.count)
        company_changed.connect(
            numbers_actions.check_company_person, dispatch_uid="telephony.numbers.actions.person"
        )
        agent_archiving.connect(
            numbers_actions.check_archived_agent, dispatch_uid="telephony.numbers.actions.archived"
        )
        company_changed.connect(
            number_table.refresh_bound, dispatch_uid="telephony.control.number_table.company"
        )

        for model in ("agents.AgentVersion", "agents.BusinessProfile", "rag.Collection"):
            post_save.connect(
                number_table.refresh_bound,
                sender=model,
                dispatch_uid=f"telephony.control.number_table.{model}",
            )
