"""`manage.py create_collection NAME --tenant SLUG`: documents given to agents together."""

from typing import Any

from django.core.management.base import CommandParser

from rag import collection_actions, queries
from rag.types import CollectionLine
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Empty at first."""

    help = "Make a collection in a company's knowledge."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its name and what it is for."""
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument("--description", default="")

    def handle_tenant(self, **options: Any) -> CollectionLine:
        """Make it."""
        made = collection_actions.create_collection(
            options["name"], description=options["description"]
        )
        return queries.collection(made)
