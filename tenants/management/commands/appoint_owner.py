"""`manage.py appoint_owner --tenant rivertown carol@example.com`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.people.actions import appoint_owner, user_by_address
from tenants.people.queries import member


class Command(TenantCommand):
    """Gives a company an owner."""

    help = (
        "Make somebody who has an account an owner of a company, member of it or not: where it has "
        "lost its own. Whoever else owns it stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Who."""
        super().add_arguments(parser)
        parser.add_argument("email")

    def handle_tenant(self, **options: Any) -> object:
        """Do it; the owner."""
        return member(appoint_owner(user_by_address(options["email"])).pk)
