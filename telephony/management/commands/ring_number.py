"""`manage.py ring_number +12125550143 --tenant rivertown`: does its agent answer a real call?"""

import time
from typing import Any, Final

from django.core.management import CommandError
from django.core.management.base import CommandParser

from telephony.management.number_choice import number_dialled
from telephony.numbers import ringing
from tenants.management.tenant_command import TenantCommand

_LOOK_EVERY_S: Final = 2.0


class Command(TenantCommand):
    """Places a test call."""

    help = (
        "Have the carrier call a number from another one of its account, and wait until the agent "
        "answers or it is known what is wrong: at most a minute. Exits 1 where it did not answer."
    )
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Which number."""
        super().add_arguments(parser)
        parser.add_argument("e164", metavar="NUMBER")

    def handle_tenant(self, **options: Any) -> object:
        """Call it, and look until it is over."""
        number_id = number_dialled(options["e164"]).id
        test_call = ringing.ring(number_id)
        while test_call.state == "ringing":
            time.sleep(_LOOK_EVERY_S)
            test_call = ringing.look(number_id)
        if test_call.state == "failed":
            raise CommandError(f"{test_call.detail}. {test_call.remedy}")
        return test_call
