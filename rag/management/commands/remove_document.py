"""`manage.py remove_document ID --tenant SLUG`: a company's agents forget a document."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from rag import actions
from tenants.management.tenant_command import TenantCommand
from warmline.kernel.errors import BadInput


class Command(TenantCommand):
    """With its passages, vectors and file."""

    help = "Remove a document from a company's knowledge."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        super().add_arguments(parser)
        parser.add_argument("document", metavar="ID", help="as list_documents tells it")

    def handle_tenant(self, **options: Any) -> str:
        """Remove it."""
        try:
            document_id = UUID(options["document"])
        except ValueError:
            raise BadInput(f"document {options['document'][:60]!r}: expected a UUID") from None
        actions.remove_document(document_id)
        return f"removed {document_id}"
