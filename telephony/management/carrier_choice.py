"""Which carrier account a command is about."""

from uuid import UUID

from django.core.management.base import CommandParser

from telephony.errors import NoCarrierAccount
from telephony.numbers import queries
from tenants.context import as_tenant, current_tenant_id


def add_account_argument(parser: CommandParser) -> None:
    """`--account`."""
    parser.add_argument(
        "--account",
        type=UUID,
        metavar="ID",
        help="the company's carrier account; needed where it has several",
    )


def chosen_account(account_id: UUID | None) -> UUID:
    """The account named, or the company's only one; `NoCarrierAccount` says what is missing."""
    if account_id is not None:
        return account_id
    with as_tenant(current_tenant_id()):
        accounts = queries.accounts()
    if len(accounts) == 1:
        return accounts[0].id
    if not accounts:
        raise NoCarrierAccount("this company has no carrier account: run connect_carrier first")
    names = ", ".join(f"{account.id} ({account.account_id})" for account in accounts)
    raise NoCarrierAccount(f"--account: expected one of {names}")
