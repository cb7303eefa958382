"""`manage.py add_member --tenant rivertown alice@example.com --role owner`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.people.actions import join, user_by_address
from tenants.people.queries import member


class Command(TenantCommand):
    """Makes somebody who has an account a member at once, without an invitation."""

    help = "Make a user who has an account a member at once; `invite_member` asks anybody by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and as what."""
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--role", required=True)

    def handle_tenant(self, **options: Any) -> object:
        """Do it; the member."""
        joined = join(user_by_address(options["email"]), role=options["role"])
        return member(joined.pk)
