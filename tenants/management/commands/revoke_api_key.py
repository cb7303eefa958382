"""`manage.py revoke_api_key --tenant rivertown KEY_ID`: the key opens nothing from now on."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.keys.actions import revoke_api_key
from tenants.keys.queries import key, parsed_key_id
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Ends an API key of a tenant."""

    help = "End an API key of a tenant at once, and all that were made with it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which key."""
        super().add_arguments(parser)
        parser.add_argument("key_id")

    def handle_tenant(self, **options: Any) -> object:
        """End it, and tell what it was."""
        key_id = parsed_key_id(options["key_id"])
        revoke_api_key(key_id)
        return key(key_id)
