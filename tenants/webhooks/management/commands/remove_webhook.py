"""`manage.py remove_webhook --tenant rivertown ENDPOINT`: nothing is sent there any more."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.webhooks import actions, queries


class Command(TenantCommand):
    """Removes an endpoint with its log."""

    help = "Remove a company's webhook endpoint and its log; what waited is sent nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        super().add_arguments(parser)
        parser.add_argument("endpoint", type=UUID, metavar="ENDPOINT")

    def handle_tenant(self, **options: Any) -> object:
        """Remove it; what it was."""
        endpoint = queries.endpoint(options["endpoint"])
        actions.remove_endpoint(endpoint.id)
        return endpoint
