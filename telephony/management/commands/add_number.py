"""`manage.py add_number +12125550143 --tenant rivertown --agent Amy`: a number that is there
already.
"""

from typing import Any

from django.core.management.base import CommandParser

from telephony.management.carrier_choice import add_account_argument
from telephony.management.number_choice import add_agent_argument, agent_named
from telephony.numbers import actions, ownership, queries
from tenants.context import as_tenant, current_tenant_id
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Adds a number."""

    help = (
        "Give a company a number of the carrier account that the platform answers for: you vouch "
        "that it is theirs. With --account one that is in an account of the company's own, which "
        "shows it."
    )
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Which number, who answers it, and how."""
        super().add_arguments(parser)
        parser.add_argument("e164", metavar="NUMBER")
        add_account_argument(parser)
        add_agent_argument(parser)
        parser.add_argument("--mode", default="live", choices=actions.MODES)
        parser.add_argument("--human-number", default="", help="the person to fall back on")

    def handle_tenant(self, **options: Any) -> object:
        """Add it, or change what it does."""
        fields = {
            "agent_id": agent_named(options["agent"]),
            "mode": options["mode"],
            "human_number": options["human_number"],
        }
        if options["account"] is not None:
            number = ownership.add_own_number(
                options["e164"], account_id=options["account"], **fields
            )
        else:
            number = ownership.add_vouched_number(options["e164"], **fields)
        with as_tenant(current_tenant_id()):
            return queries.number(number.pk)
