"""`manage.py rotate_api_key --tenant rivertown KEY_ID --overlap-hours 2`: a key, shown once."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.keys.actions import rotate_api_key
from tenants.keys.queries import parsed_key_id
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Replaces an API key of a tenant."""

    help = "Make an API key in place of another one, which works on for some hours, and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which key, and for how long both work."""
        super().add_arguments(parser)
        parser.add_argument("key_id")
        parser.add_argument("--overlap-hours", type=int, default=24)

    def handle_tenant(self, **options: Any) -> object:
        """Replace it; as text the new secret alone."""
        key = rotate_api_key(
            parsed_key_id(options["key_id"]), overlap_hours=options["overlap_hours"]
        )
        return key if options["json"] else key.secret
