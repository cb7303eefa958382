"""`manage.py restore_agent --tenant rivertown Anna`: an archived agent is in use again."""

from typing import Any

from django.core.management.base import CommandParser

from agents.editing import archiving, queries
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Brings an agent back."""

    help = "Bring an archived agent back as it was."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its name."""
        super().add_arguments(parser)
        parser.add_argument("name")

    def handle_tenant(self, **options: Any) -> object:
        """Restore it."""
        agent = queries.agent_named(options["name"])
        archiving.restore_agent(agent.id)
        return queries.agent(agent.id)
