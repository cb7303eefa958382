"""`manage.py suspend_company rivertown --because "unpaid since May"`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.actions import suspend_company
from tenants.management.tenant_command import OperatorCommand


class Command(OperatorCommand):
    """Stops answering a company's numbers until it is resumed."""

    help = "Stop answering a company's numbers; its people keep their pages and see why."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and why."""
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--because", required=True, help="the reason, which it is shown")

    def handle_operator(self, **options: Any) -> object:
        """Do it; what the company is now."""
        return suspend_company(options["slug"], because=options["because"])
