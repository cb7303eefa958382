"""`manage.py change_number +12125550143 --tenant rivertown --outside message`: what it does."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agents.opening_hours import OpeningHours
from telephony.management.number_choice import add_agent_argument, agent_named, number_dialled
from telephony.numbers import actions, queries
from tenants.management.tenant_command import TenantCommand
from warmline.kernel.errors import BadInput


class Command(TenantCommand):
    """Changes a number."""

    help = "Change what a number does; what is not named stays. In force with the next call."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which number, and a flag for each change."""
        super().add_arguments(parser)
        parser.add_argument("e164", metavar="NUMBER")
        add_agent_argument(parser)
        parser.add_argument("--no-agent", action="store_true", help="a person takes the calls")
        parser.add_argument("--mode", choices=actions.MODES)
        parser.add_argument("--human-number", help="the person to fall back on; '' for none")
        parser.add_argument("--outside", choices=actions.OUTSIDE, help="outside its hours")
        parser.add_argument(
            "--hours", type=Path, metavar="FILE", help="its own hours, as set_business takes them"
        )
        parser.add_argument("--company-hours", action="store_true", help="the company's hours")
        parser.add_argument("--closed-words", help="what is said when it is closed")

    def handle_tenant(self, **options: Any) -> object:
        """Change it."""
        given = ("mode", "human_number", "outside", "closed_words")
        changes = {name: options[name] for name in given if options[name] is not None}
        if options["agent"]:
            changes["agent_id"] = agent_named(options["agent"])
        if options["no_agent"]:
            changes["agent_id"] = None
        if options["hours"] is not None:
            changes["hours"] = _hours(options["hours"])
        if options["company_hours"]:
            changes["hours"] = None
        if not changes:
            raise BadInput("nothing to change: expected at least one of the flags (see --help)")
        number = actions.change_number(number_dialled(options["e164"]).id, **changes)
        return queries.number(number.pk)


def _hours(path: Path) -> OpeningHours:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    return actions.hours_from_json(raw)
