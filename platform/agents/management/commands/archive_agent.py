"""`manage.py archive_agent --tenant rivertown Anna`: out of use, and kept."""

from typing import Any

from django.core.management.base import CommandParser

from agents.editing import archiving, queries
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Takes an agent out of use."""

    help = "Take an agent out of use: out of lists, kept for its calls. Not while a number has it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its name."""
        super().add_arguments(parser)
        parser.add_argument("name")

    def handle_tenant(self, **options: Any) -> object:
        """Archive it."""
        agent = queries.agent_named(options["name"])
        archiving.archive_agent(agent.id)
        return queries.agent(agent.id)
