"""`manage.py change_company rivertown --call-weight 3 --plan team`."""

from typing import Any

from django.core.management.base import CommandParser

from tenants.company.actions import change_settings, change_terms
from tenants.company.checks import OWN
from tenants.company.queries import company_line
from tenants.company.types import LIMITS
from tenants.context import as_tenant
from tenants.management.company_flags import add_limits, add_settings
from tenants.management.tenant_command import OperatorCommand
from tenants.queries import tenant_by_slug
from warmline.kernel.errors import BadInput


class Command(OperatorCommand):
    """Changes what is given and leaves the rest; the company's next calls follow."""

    help = "Change a company's settings, plan and limits: those that are given."

    def add_arguments(self, parser: CommandParser) -> None:
        """The company, and a flag for each."""
        super().add_arguments(parser)
        parser.add_argument("slug")
        add_settings(parser)
        add_limits(parser)

    def handle_operator(self, **options: Any) -> object:
        """Check and change; what it is now."""
        slug = options["slug"]
        own = {name: options[name] for name in OWN if options[name] is not None}
        limits = {name: options[name] for name in LIMITS if options[name] is not None}
        if not own and not limits and options["plan"] is None:
            raise BadInput("nothing to change: expected at least one of the flags (see --help)")
        if own:
            with as_tenant(tenant_by_slug(slug).tenant_id):
                change_settings(**own)
        if limits or options["plan"] is not None:
            change_terms(slug, plan=options["plan"], **limits)
        return company_line(slug)
