"""`manage.py create_api_key --tenant rivertown --name "Zapier"`: prints the key, once."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.actions import create_api_key
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Makes an API key for a tenant."""

    help = "Make an API key for a tenant and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is for."""
        super().add_arguments(parser)
        parser.add_argument("--name", required=True)

    def handle_tenant(self, **options: Any) -> object:
        """Make it; as text the secret alone."""
        key = create_api_key(options["name"])
        return key if options["json"] else key.secret
