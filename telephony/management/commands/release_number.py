"""`manage.py release_number +12125550143 --tenant rivertown`: given back, or taken from here."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.management.number_choice import number_dialled
from telephony.numbers import orders
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Releases a number."""

    help = "Give a bought number back to its carrier; one of the company's own only leaves here."
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Which number."""
        super().add_arguments(parser)
        parser.add_argument("e164", metavar="NUMBER")

    def handle_tenant(self, **options: Any) -> object:
        """Release it."""
        number = number_dialled(options["e164"])
        orders.release_number(number.id)
        return {"number": number.e164, "state": "released" if number.is_bought else "removed"}
