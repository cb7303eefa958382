"""`manage.py erase_caller --tenant SLUG +12125550147`: all that is kept of a caller."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.calls import erasing
from telephony.calls.types import ErasureLine
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """A caller of whom nothing shall be kept."""

    help = "Erase a caller: calls, recordings, words, shadow turns, and the person in bookings."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom."""
        super().add_arguments(parser)
        parser.add_argument("number", help="the caller's telephone number, such as +12125550147")

    def handle_tenant(self, **options: Any) -> ErasureLine:
        """Done before the command ends; only files of the store are removed by a job."""
        erasure = erasing.request_erasure(options["number"])
        while erasure.state == "running":
            erasing.go_on_erasing()
            erasure = erasing.erasure(erasure.id)
        return erasure
