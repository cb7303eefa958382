"""`manage.py check_isolation`: what the database itself says about keeping tenants apart."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from tenants.context import CONTROL
from tenants.lint import RULES, violations


class Command(BaseCommand):
    """Prints each violation; fails when there is one."""

    help = "Check the migrated database's row-level security, grants, keys and roles."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the lint as control, which sees every catalog."""
        reported = violations(connections[CONTROL])
        for violation in reported:
            self.stdout.write(str(violation))
        if reported:
            raise CommandError(f"{len(reported)} findings: tenants are not kept apart")
        self.stdout.write(f"{len(RULES)} rules hold")
