"""`manage.py create_company rivertown --name "Rivertown Plumbing" --vertical homeservices`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.actions import create_company
from tenants.context import as_tenant
from tenants.management.company_flags import add_limits, add_settings
from tenants.management.tenant_command import OperatorCommand
from tenants.people.invitations import invite
from tenants.types import MemberRole


class Command(OperatorCommand):
    """Makes a company, and invites whoever shall own it."""

    help = "Make a company. --owner invites its first owner by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is; all but its names and vertical may be changed later."""
        super().add_arguments(parser)
        parser.add_argument("slug", help="its short name, for commands; it never changes")
        parser.add_argument("--vertical", required=True, help="its line of business")
        parser.add_argument("--owner", metavar="ADDRESS", help="who is invited to own it")
        add_settings(parser, name_required=True)
        add_limits(parser)

    def handle_operator(self, **options: Any) -> object:
        """Make it; what it is."""
        fields = {
            name: options[name]
            for name in ("time_zone", "residency", "human_number", "plan")
            if options[name] is not None
        }
        limits = ("max_concurrent_calls", "call_weight", "warm_replicas")
        fields |= {name: options[name] for name in limits if options[name] is not None}
        company = create_company(
            options["slug"], name=options["name"], vertical=options["vertical"], **fields
        )
        if options["owner"]:
            with as_tenant(company.id):
                invite(options["owner"], role=MemberRole.OWNER)
        return company
