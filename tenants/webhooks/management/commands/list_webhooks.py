"""`manage.py list_webhooks --tenant rivertown`: a company's endpoints, or what was sent to one."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.webhooks import queries


class Command(TenantCommand):
    """Lists endpoints, or one's latest deliveries."""

    help = "List a company's webhook endpoints, or with --deliveries what was last sent to one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Of which endpoint."""
        super().add_arguments(parser)
        parser.add_argument(
            "--deliveries",
            type=UUID,
            metavar="ENDPOINT",
            help="the last 100 deliveries of this endpoint instead",
        )

    def handle_tenant(self, **options: Any) -> object:
        """The endpoints, or the deliveries."""
        if options["deliveries"]:
            return list(queries.deliveries_page(options["deliveries"], limit=100).items)
        return list(queries.endpoints())
