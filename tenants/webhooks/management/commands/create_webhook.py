"""`manage.py create_webhook --tenant rivertown https://…`: an endpoint, and its secret, once."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.webhooks.actions import make_endpoint
from tenants.webhooks.types import CHOOSABLE


class Command(TenantCommand):
    """Makes an endpoint of a company's."""

    help = "Make a webhook endpoint of a company and print it with its secret, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and of what."""
        super().add_arguments(parser)
        parser.add_argument("url", metavar="URL", help="https, on the public internet")
        parser.add_argument("--description", default="", help="what it is for")
        parser.add_argument(
            "--event",
            dest="events",
            action="append",
            default=[],
            metavar="TYPE",
            help=f"may be given again; none is all: {', '.join(CHOOSABLE)}",
        )

    def handle_tenant(self, **options: Any) -> object:
        """The endpoint with its secret."""
        return make_endpoint(
            options["url"], description=options["description"], event_types=options["events"]
        )
