"""`manage.py change_webhook --tenant rivertown ENDPOINT --no-enabled`: what changes."""

import argparse
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.webhooks import actions, queries
from warmline.kernel.errors import BadInput

_CHANGES = ("url", "description", "event_types", "enabled")


class Command(TenantCommand):
    """Changes what is given and leaves the rest."""

    help = "Change a company's webhook endpoint, or disable and enable it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and a flag for each change."""
        super().add_arguments(parser)
        parser.add_argument("endpoint", type=UUID, metavar="ENDPOINT")
        parser.add_argument("--url", help="https, on the public internet")
        parser.add_argument("--description", help="what it is for")
        parser.add_argument(
            "--event",
            dest="event_types",
            action="append",
            metavar="TYPE",
            help="may be given again",
        )
        parser.add_argument(
            "--all-events", dest="event_types", action="store_const", const=[], help="all of them"
        )
        parser.add_argument("--enabled", action=argparse.BooleanOptionalAction)

    def handle_tenant(self, **options: Any) -> object:
        """Change it; what it is now."""
        changes = {name: options[name] for name in _CHANGES if options[name] is not None}
        if not changes:
            raise BadInput("nothing to change: expected at least one of the flags (see --help)")
        actions.change_endpoint(options["endpoint"], **changes)
        return queries.endpoint(options["endpoint"])
