"""`manage.py list_companies --search river --state open`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.queries import companies
from tenants.company.types import CompanyState
from tenants.management.tenant_command import OperatorCommand


class Command(OperatorCommand):
    """Lists companies by their slugs."""

    help = "List companies by slug."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which of them."""
        super().add_arguments(parser)
        parser.add_argument("--search", default="", help="part of a name or slug")
        parser.add_argument("--state", default="", choices=["", *map(str, CompanyState)])
        parser.add_argument("--after", default="", metavar="SLUG", help="only those after this one")
        parser.add_argument("--limit", type=int, default=1000, help="how many at most")

    def handle_operator(self, **options: Any) -> object:
        """Look."""
        return companies(
            search=options["search"],
            state=options["state"],
            after=options["after"],
            limit=max(1, options["limit"]),
        )
