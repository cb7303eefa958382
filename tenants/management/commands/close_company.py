"""`manage.py close_company --tenant rivertown --name "Rivertown Plumbing"`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.actions import close_company
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Closes a company, as its owner would."""

    help = (
        "Close a company: its numbers are answered no more, its members and keys reach nothing. "
        "What it had is erased after 30 days; until then `reopen_company` brings it back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Its whole name, so that it is the right one."""
        super().add_arguments(parser)
        parser.add_argument("--name", required=True, help="its name, written out")

    def handle_tenant(self, **options: Any) -> object:
        """Close it; until when it can come back."""
        return close_company(confirmed_name=options["name"])
