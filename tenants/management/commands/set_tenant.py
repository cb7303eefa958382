"""`manage.py set_tenant rivertown --call-weight 3`: a tenant's limits, by the operator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.actions import set_limits
from tenants.types import MAX_CALL_WEIGHT, MAX_WARM_REPLICAS
from warmline.kernel.errors import BadInput, NotFound

LIMITS = ("max_concurrent_calls", "call_weight", "warm_replicas")


class Command(BaseCommand):
    """Changes the given limits of a tenant; its next calls follow within a minute."""

    help = (
        "Change how many calls a tenant may have at once, its weight while call slots are short, "
        "and how many replicas are kept warm for it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The tenant, and a flag for each limit."""
        parser.add_argument("tenant", metavar="SLUG")
        parser.add_argument(
            "--max-concurrent-calls", type=int, help="calls at once that agents take"
        )
        parser.add_argument(
            "--call-weight",
            type=int,
            help=f"1 to {MAX_CALL_WEIGHT}: its share of the slots while they are short",
        )
        parser.add_argument(
            "--warm-replicas",
            type=int,
            help=f"0 to {MAX_WARM_REPLICAS}: its class; so many stay warm in every pool that may "
            "serve its calls",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and change."""
        limits = {name: options[name] for name in LIMITS if options[name] is not None}
        if not limits:
            raise CommandError("nothing to change: expected at least one of the flags (see --help)")
        try:
            tenant = set_limits(options["tenant"], **limits)
        except (BadInput, NotFound) as error:
            raise CommandError(str(error)) from error
        changed = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in limits.items())
        self.stdout.write(f"{tenant.slug}: {changed}")
