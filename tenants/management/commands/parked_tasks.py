"""`manage.py parked_tasks`: jobs that were given up until somebody decides."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from tenants.management.tenant_command import OperatorCommand
from tenants.parked.actions import discard_parked, retry_parked
from tenants.parked.queries import parked_tasks
from warmline.kernel.errors import BadInput


class Command(OperatorCommand):
    """Lists parked jobs, sends one again, or gives one up."""

    help = "List jobs that failed five times; --retry sends one again, --discard gives one up."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do; nothing: list them."""
        super().add_arguments(parser)
        decision = parser.add_mutually_exclusive_group()
        decision.add_argument("--retry", metavar="ID")
        decision.add_argument("--discard", metavar="ID")

    def handle_operator(self, **options: Any) -> object:
        """Decide, or look."""
        for flag, decide in (("retry", retry_parked), ("discard", discard_parked)):
            if options[flag]:
                decide(_checked_id(options[flag]))
        return parked_tasks()


def _checked_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(f"id {text[:40]!r}: expected one of those that are listed") from None
