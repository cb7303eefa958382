"""`manage.py remove_collection NAME --tenant SLUG`: a collection without documents is gone."""

from typing import Any

from django.core.management.base import CommandParser

from rag import collection_actions, queries
from rag.types import CollectionLine
from tenants.management.tenant_command import TenantCommand
from warmline.kernel.errors import BadInput


class Command(TenantCommand):
    """An empty one."""

    help = "Remove a collection that has no documents in it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        super().add_arguments(parser)
        parser.add_argument("name")

    def handle_tenant(self, **options: Any) -> CollectionLine:
        """Remove it; what it was."""
        found = queries.collection_named(options["name"])
        if found is None:
            raise BadInput("name: expected one")
        line = queries.collection(found)
        collection_actions.remove_collection(found)
        return line
