"""`manage.py search_knowledge QUESTION --tenant SLUG`: what an agent would be given for it."""

from typing import Any

from django.core.management.base import CommandParser

from rag import queries
from rag.types import Answer
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Best first, each with why it answers or not."""

    help = "Try a question on a company's knowledge."

    def add_arguments(self, parser: CommandParser) -> None:
        """What is asked."""
        super().add_arguments(parser)
        parser.add_argument("question")

    def handle_tenant(self, **options: Any) -> tuple[Answer, ...] | str:
        """Ask."""
        return queries.try_question(options["question"]) or "nothing fits"
