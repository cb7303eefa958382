"""`manage.py search_numbers --tenant rivertown --contains 555`: numbers to be bought."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.carriers.provisioning import NumberSearch
from telephony.management.carrier_choice import add_account_argument, chosen_account
from telephony.numbers import orders
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Searches numbers."""

    help = "Search numbers that a company may buy, with what they cost a month."
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """What is looked for."""
        super().add_arguments(parser)
        add_account_argument(parser)
        parser.add_argument("--country", default="US", help="two capital letters")
        parser.add_argument(
            "--kind", default="local", choices=("local", "mobile", "toll_free"), help="its kind"
        )
        parser.add_argument("--contains", default="", help="digits or letters; * is any one")
        parser.add_argument("--area-code", default="", help="three digits, USA and Canada")

    def handle_tenant(self, **options: Any) -> object:
        """Ask the carrier."""
        wanted = NumberSearch(
            country=options["country"],
            kind=options["kind"],
            contains=options["contains"],
            area_code=options["area_code"],
        )
        return list(orders.search_numbers(chosen_account(options["account"]), wanted))
