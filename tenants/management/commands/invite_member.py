"""`manage.py invite_member --tenant rivertown bob@example.com --role reviewer`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.people.invitations import invite


class Command(TenantCommand):
    """Asks somebody by mail to join, and prints the link, this once."""

    help = "Invite somebody by mail; the link that accepts it is printed, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and as what."""
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--role", required=True)

    def handle_tenant(self, **options: Any) -> object:
        """Send it."""
        return invite(options["email"], role=options["role"])
