"""`manage.py check_isolation`: is the database what the migrations declare, and nothing else?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections

from tenants.context import CONTROL
from tenants.lint import violations


class Command(BaseCommand):
    """Prints each finding; fails when there is one."""

    help = (
        "Check that the database is what the migrations declare: every table, policy, grant, key, "
        "function and role, and nothing else. The migrations are rehearsed as the owner and rolled "
        "back, so DATABASE_OWNER_URL is needed as for `migrate`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Roles that are the operator's own."""
        parser.add_argument(
            "--known-role",
            action="append",
            default=[],
            metavar="ROLE",
            help="another role of this server that may be there; may be given again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare as control, which sees every catalogue."""
        try:
            reported = violations(connections[CONTROL], known_roles=options["known_role"])
        except DatabaseError as error:
            raise CommandError(
                f"the migrations could not be rehearsed: {error}; DATABASE_OWNER_URL is needed, "
                "and the roles as `bootstrap_roles` makes them"
            ) from error
        for violation in reported:
            self.stdout.write(str(violation))
        if reported:
            raise CommandError(f"{len(reported)} findings: tenants may not be kept apart")
        self.stdout.write("the database is what the migrations declare, and their rules hold")
