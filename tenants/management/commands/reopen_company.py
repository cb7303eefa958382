"""`manage.py reopen_company rivertown`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.actions import reopen_company
from tenants.management.tenant_command import OperatorCommand


class Command(OperatorCommand):
    """Opens a closed company again, until its erasure begins."""

    help = "Open a closed company again. Its keys and invitations stay dead."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one."""
        super().add_arguments(parser)
        parser.add_argument("slug")

    def handle_operator(self, **options: Any) -> object:
        """Do it; what the company is now."""
        return reopen_company(options["slug"])
