"""`manage.py show_company rivertown`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.queries import company_line
from tenants.management.tenant_command import OperatorCommand


class Command(OperatorCommand):
    """Shows one company: its settings, limits and life."""

    help = "Show a company's settings, limits and state."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one."""
        super().add_arguments(parser)
        parser.add_argument("slug")

    def handle_operator(self, **options: Any) -> object:
        """Look."""
        return company_line(options["slug"])
