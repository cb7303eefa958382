"""`manage.py connect_carrier --tenant rivertown --account-sid AC…`: a company's carrier account."""

import getpass
import sys
from typing import Any

from django.core.management.base import CommandParser

from telephony.numbers import accounts, queries
from tenants.context import as_tenant, current_tenant_id
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Connects a carrier account."""

    help = (
        "Connect a company's own Twilio account, or open a sub-account below the platform's. The "
        "auth token is asked for, or read from a pipe: no command line keeps it."
    )
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Which account."""
        super().add_arguments(parser)
        kind = parser.add_mutually_exclusive_group(required=True)
        kind.add_argument("--account-sid", metavar="AC…", help="the company's own account")
        kind.add_argument("--subaccount", action="store_true", help="below the platform's")
        parser.add_argument("--region", default="us1", choices=("us1", "ie1", "au1"))

    def handle_tenant(self, **options: Any) -> object:
        """Connect it, once its credentials opened it; entered again it takes new ones."""
        if options["subaccount"]:
            account = accounts.open_subaccount()
        else:
            account = accounts.connect_account(
                options["account_sid"], auth_token=_token(), region=options["region"]
            )
        with as_tenant(current_tenant_id()):
            return queries.account(account.pk)


def _token() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Auth token: ").strip()
    return sys.stdin.readline(1000).strip()
