"""`manage.py replay_webhooks --tenant rivertown ENDPOINT --since …`: what happened, once more."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from tenants.management.tenant_command import TenantCommand
from tenants.webhooks.replaying import replay_range
from warmline.kernel import clock
from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import checked_moment


class Command(TenantCommand):
    """Sends a range of time again."""

    help = "Send a company's webhook endpoint again what happened in a range of time."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which endpoint, and from when to when."""
        super().add_arguments(parser)
        parser.add_argument("endpoint", type=UUID, metavar="ENDPOINT")
        parser.add_argument("--since", required=True, metavar="TIME", help="2026-01-31T09:00:00Z")
        parser.add_argument("--until", metavar="TIME", help="now, where it is left out")
        parser.add_argument("--only-failed", action="store_true", help="only what was given up")

    def handle_tenant(self, **options: Any) -> object:
        """How many deliveries go out again."""
        until = options["until"]
        return replay_range(
            options["endpoint"],
            since=_moment(options["since"], "since"),
            until=_moment(until, "until") if until else clock.now(),
            only_failed=options["only_failed"],
        )


def _moment(text: str, name: str) -> datetime:
    """A time as RFC 3339 writes it; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--{name} {text[:40]!r}: expected a time as 2026-01-31T09:00:00Z") from None
    return checked_moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
