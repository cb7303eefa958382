"""`manage.py show_agent --tenant rivertown Anna`: an agent, its last versions, and its lint."""

from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from agents.editing import queries
from agents.editing.types import AgentLine, VersionLine
from agents.lint.findings import Finding
from agents.lint.queries import findings_of
from tenants.management.tenant_command import TenantCommand


@dataclass(frozen=True, slots=True)
class ShownAgent:
    """An agent, its newest versions, and what the lint says of what is being written."""

    agent: AgentLine
    versions: tuple[VersionLine, ...]
    findings: tuple[Finding, ...]


class Command(TenantCommand):
    """Prints an agent; what it says is `export_agent`'s."""

    help = "Show an agent: its newest versions with who, when and why, and what the lint found."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its name."""
        super().add_arguments(parser)
        parser.add_argument("name")

    def handle_tenant(self, **options: Any) -> object:
        """Read it."""
        agent = queries.agent_named(options["name"])
        return ShownAgent(
            agent=agent,
            versions=queries.versions_page(agent.id, limit=10).items,
            findings=findings_of(queries.draft(agent.id).wording),
        )
