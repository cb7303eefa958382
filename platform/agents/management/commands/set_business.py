"""`manage.py set_business --tenant rivertown --hours hours.json`: when a company is open."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agents.actions import set_business
from agents.opening_hours import parse_opening_hours
from agents.queries import opening_hours
from tenants.management.tenant_command import TenantCommand
from warmline.kernel.errors import BadInput

_HOURS = (
    "a JSON file with hours (a list, each with days, where 0 is Monday, begins and ends: local "
    "times such as 08:30, over midnight when they end earlier, 00:00 to 24:00 for all day); and "
    "where wanted holidays (dates that do not open), exceptions (each with from_date, until_date, "
    "begins and ends; closed without the two), slot_minutes, step_minutes, capacity"
)


class Command(TenantCommand):
    """Sets a company's opening hours whole; its next booking goes by them."""

    help = "Set when a company is open. What contradicts itself is refused, and nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its hours."""
        super().add_arguments(parser)
        parser.add_argument("--hours", required=True, type=Path, help=_HOURS)

    def handle_tenant(self, **options: Any) -> object:
        """Check and set; what they are now."""
        path: Path = options["hours"]
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror}") from error
        set_business(**parse_opening_hours(raw))
        hours = opening_hours()
        if options["json"]:
            return hours
        days = sum(len(weekly.days) for weekly in hours.hours)
        return (
            f"{options['tenant']}: open on {days} days a week, {len(hours.holidays)} holidays, "
            f"{len(hours.exceptions)} exceptions"
        )
