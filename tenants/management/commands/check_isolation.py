"""`manage.py check_isolation`: what the database itself says about keeping tenants apart."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from tenants.context import CONTROL
from tenants.lint import RULES, findings


class Command(BaseCommand):
    """Prints each finding; fails when there is one."""

    help = "Check the migrated database's row-level security, grants, keys and roles."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the lint as control, which sees every catalog."""
        found = findings(connections[CONTROL])
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} findings: tenants are not kept apart")
        self.stdout.write(f"{len(RULES)} rules hold")
