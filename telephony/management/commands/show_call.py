"""`manage.py show_call --tenant SLUG CALL`: all of one call."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from telephony.calls import queries
from telephony.calls.types import CallPage
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """All of one call."""

    help = "Show a call: its transcript, latency, tools, and why it went where it went."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which call."""
        super().add_arguments(parser)
        parser.add_argument("call", type=UUID, help="its id")

    def handle_tenant(self, **options: Any) -> CallPage:
        """As its page shows it."""
        return queries.call_page(options["call"])
