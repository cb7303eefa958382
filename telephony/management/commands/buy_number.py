"""`manage.py buy_number +12125550143 --tenant rivertown --agent Amy`: bought and answered."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.management.carrier_choice import add_account_argument, chosen_account
from telephony.management.number_choice import add_agent_argument, agent_named
from telephony.numbers import orders, queries
from tenants.context import as_tenant, current_tenant_id
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Buys a number."""

    help = "Buy a number through a company's carrier account; search_numbers tells its price."
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Which number, and who answers it."""
        super().add_arguments(parser)
        parser.add_argument("e164", metavar="NUMBER")
        add_account_argument(parser)
        add_agent_argument(parser)
        parser.add_argument("--address-id", default="", help="where its country asks for one")
        parser.add_argument("--bundle-id", default="", help="where its country asks for one")

    def handle_tenant(self, **options: Any) -> object:
        """Buy it, once."""
        number = orders.buy_number(
            options["e164"],
            account_id=chosen_account(options["account"]),
            agent_id=agent_named(options["agent"]),
            address_id=options["address_id"],
            bundle_id=options["bundle_id"],
        )
        with as_tenant(current_tenant_id()):
            return queries.number(number.pk)
