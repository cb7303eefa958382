"""`manage.py list_agents --tenant rivertown`: a company's agents, by name."""

from typing import Any

from django.core.management.base import CommandParser

from agents.editing import queries
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Prints each agent with its id, its live version and whether it is being changed."""

    help = "List a company's agents: id, name, live version, version in shadow, draft or not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        super().add_arguments(parser)
        parser.add_argument("--archived", action="store_true", help="those out of use instead")

    def handle_tenant(self, **options: Any) -> object:
        """Read them."""
        return queries.archived_agents() if options["archived"] else queries.agents()
