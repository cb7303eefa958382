"""`manage.py change_member --tenant rivertown bob@example.com --role builder`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.people.actions import change_role, user_by_address
from tenants.people.queries import member, member_of_user


class Command(TenantCommand):
    """Gives a member another role."""

    help = "Give a member another role, from their next request on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and what they shall be."""
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--role", required=True)

    def handle_tenant(self, **options: Any) -> object:
        """Do it; the member as they are now."""
        line = member_of_user(user_by_address(options["email"]).pk)
        return member(change_role(line.id, role=options["role"]).pk)
