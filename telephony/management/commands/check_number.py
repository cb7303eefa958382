"""`manage.py check_number +12125550143 --tenant rivertown`: does a call reach its agent?"""

from typing import Any

from django.core.management.base import CommandParser

from telephony.management.number_choice import number_dialled
from telephony.numbers import checks
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Checks a number."""

    help = "Look at each step between the carrier and the agent: what is wrong and what to do."
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Which number."""
        super().add_arguments(parser)
        parser.add_argument("e164", metavar="NUMBER")

    def handle_tenant(self, **options: Any) -> object:
        """Look at every step."""
        checkup = checks.check_number(number_dialled(options["e164"]).id)
        return checkup if options["json"] else list(checkup.steps)
