"""`manage.py export_agent --tenant rivertown Anna > anna.yaml`: an agent as a file."""

from typing import Any

from django.core.management.base import CommandParser

from agents.agent_file.queries import exported
from agents.agent_file.writing import written
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Prints the YAML that `apply_agent` takes, or with `--json` the same fields."""

    help = "Print an agent as YAML: what is live, what is drafted (--which draft) or a version."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its name, and which of its wordings."""
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument(
            "--which",
            default="live",
            help="draft, live, shadow or a version's number; live by default",
        )

    def handle_tenant(self, **options: Any) -> object:
        """Read it."""
        file = exported(options["name"], which=options["which"])
        return file if options["json"] else written(file).rstrip()
