"""`manage.py delete_call --tenant SLUG CALL`: a call that is over, with all that belongs to it."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from telephony.calls import erasing
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """One call less."""

    help = "Delete a call that is over: rows, recording, words, shadow run. Bookings stay."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which call."""
        super().add_arguments(parser)
        parser.add_argument("call", type=UUID, help="its id")

    def handle_tenant(self, **options: Any) -> str:
        """Its files are removed by a job."""
        erasing.delete_call(options["call"])
        return f"call {options['call']} is deleted"
