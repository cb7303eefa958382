"""`manage.py remove_member --tenant rivertown bob@example.com`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.people.actions import remove_member, user_by_address
from tenants.people.queries import member_of_user


class Command(TenantCommand):
    """Ends a membership at once."""

    help = "End a membership at once: pages, sockets and the invitations that the member had sent."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        super().add_arguments(parser)
        parser.add_argument("email")

    def handle_tenant(self, **options: Any) -> object:
        """Do it; who they were."""
        line = member_of_user(user_by_address(options["email"]).pk)
        remove_member(line.id)
        return line
