"""`manage.py create_api_key --tenant rivertown --name "Zapier"`: prints the key, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.actions import create_api_key
from tenants.context import as_tenant
from tenants.queries import tenant_by_slug
from warmline.kernel.errors import BadInput, NotFound


class Command(BaseCommand):
    """Makes an API key for a tenant."""

    help = "Make an API key for a tenant and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose key, and what it is for."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print it."""
        try:
            tenant = tenant_by_slug(options["tenant"])
            with as_tenant(tenant.tenant_id):
                key = create_api_key(options["name"], actor="command line")
        except (BadInput, NotFound) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(key.secret)
