"""`manage.py create_company rivertown --name "Rivertown Plumbing" --vertical homeservices`."""

from typing import Any

import msgspec
from django.core.management.base import CommandParser

from tenants.company.checks import OWN
from tenants.company.founding import create_company
from tenants.company.types import LIMITS
from tenants.management.company_flags import add_limits, add_settings
from tenants.management.tenant_command import OperatorCommand


class Command(OperatorCommand):
    """Makes a company, and invites whoever shall own it."""

    help = "Make a company. --owner invites its first owner by mail, --key makes its first API key."

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is; all but its names and vertical may be changed later."""
        super().add_arguments(parser)
        parser.add_argument("slug", help="its short name, for commands; it never changes")
        parser.add_argument("--vertical", required=True, help="its line of business")
        parser.add_argument(
            "--owner", default="", metavar="ADDRESS", help="who is invited to own it"
        )
        parser.add_argument(
            "--key",
            default="",
            metavar="NAME",
            help="make its first API key too, with an admin's scopes, and print its secret, this "
            "once: whoever has it sets up the rest through the API",
        )
        add_settings(parser, name_required=True)
        add_limits(parser)

    def handle_operator(self, **options: Any) -> object:
        """Make it; what it is, and the secret of its first key."""
        fields = {name: options[name] for name in (*OWN, "plan", *LIMITS)}
        made = create_company(
            options["slug"],
            vertical=options["vertical"],
            owner=options["owner"],
            first_key=options["key"],
            **fields,
        )
        if made.first_key is None:
            return made.company
        return msgspec.to_builtins(made.company) | {"first_key": made.first_key.secret}
