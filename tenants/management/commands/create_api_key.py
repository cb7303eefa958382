"""`manage.py create_api_key --tenant rivertown --name "Zapier" --role builder`: a key, shown once.

Without a role or scopes it reads what a viewer may.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import CommandParser

from tenants.keys.actions import create_api_key
from tenants.keys.scopes import PRESETS, preset_scopes
from tenants.management.tenant_command import TenantCommand
from tenants.types import MemberRole


class Command(TenantCommand):
    """Makes an API key for a tenant."""

    help = "Make an API key for a tenant and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is for, what it may do, for how long, and from which pages."""
        super().add_arguments(parser)
        parser.add_argument("--name", required=True)
        may = parser.add_mutually_exclusive_group()
        may.add_argument("--role", choices=list(PRESETS), default=str(MemberRole.VIEWER))
        may.add_argument("--scope", action="append", metavar="calls.read", dest="scopes")
        parser.add_argument("--days", type=int, help="how long it works; without this for ever")
        parser.add_argument("--origin", action="append", default=[], dest="origins")

    def handle_tenant(self, **options: Any) -> object:
        """Make it; as text the secret alone."""
        days = options["days"]
        key = create_api_key(
            options["name"],
            scopes=options["scopes"] or preset_scopes(options["role"]),
            expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
            origins=options["origins"],
        )
        return key if options["json"] else key.secret
