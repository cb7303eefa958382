"""`manage.py create_agent --tenant rivertown Anna`: a new agent with its vertical's words."""

from typing import Any

from django.core.management.base import CommandParser

from agents.editing import actions, queries
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Makes an agent; its draft begins with its vertical's greeting."""

    help = "Make an agent. Its draft begins with the greeting and words of its line of business."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its name."""
        super().add_arguments(parser)
        parser.add_argument("name")

    def handle_tenant(self, **options: Any) -> object:
        """Make it."""
        return queries.agent(actions.create_agent(options["name"]))
