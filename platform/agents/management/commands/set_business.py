"""`manage.py set_business rivertown --hours hours.json`: when a tenant works."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.actions import set_business
from agents.opening_hours import parse_opening_hours
from tenants.context import as_tenant
from tenants.queries import tenant_by_slug
from warmline.kernel.errors import BadInput, NotFound

_HOURS = (
    "a JSON file with hours (a list, each with days, where 0 is Monday, begins and ends: local "
    "times such as 08:30, over midnight when they end earlier, 00:00 to 24:00 for all day); and "
    "where wanted holidays (dates that do not open), exceptions (each with from_date, until_date, "
    "begins and ends; closed without the two), slot_minutes, step_minutes, capacity"
)


class Command(BaseCommand):
    """Sets a tenant's opening hours whole; its next booking goes by them."""

    help = "Set when a tenant is open. What contradicts itself is refused, and nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """The tenant and its hours."""
        parser.add_argument("tenant", metavar="SLUG")
        parser.add_argument("--hours", required=True, type=Path, help=_HOURS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and set."""
        path: Path = options["hours"]
        try:
            business = parse_opening_hours(path.read_bytes())
            with as_tenant(tenant_by_slug(options["tenant"]).tenant_id):
                set_business(**business)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except (BadInput, NotFound) as error:
            raise CommandError(str(error)) from error
        days = sum(hours is not None for hours in business["week"])
        holidays, exceptions = len(business["holidays"]), len(business["exceptions"])
        self.stdout.write(
            f"{options['tenant']}: open on {days} days a week, {holidays} holidays, "
            f"{exceptions} dates with hours of their own"
        )
