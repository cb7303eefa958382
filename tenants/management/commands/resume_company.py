"""`manage.py resume_company rivertown`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.actions import resume_company
from tenants.management.tenant_command import OperatorCommand


class Command(OperatorCommand):
    """Answers a suspended company's numbers again."""

    help = "Answer the numbers of a suspended company again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one."""
        super().add_arguments(parser)
        parser.add_argument("slug")

    def handle_operator(self, **options: Any) -> object:
        """Do it; what the company is now."""
        return resume_company(options["slug"])
