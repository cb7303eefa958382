"""Whose webhooks are taken for a number: those of the account that the number is of.

The platform's own account is in the environment; a company's comes with its number's entry in the
regions' table, so that no webhook waits for a query.
"""

from dataclasses import dataclass, field

from telephony.carriers.twilio.settings import ACCOUNT_SID, AUTH_TOKENS
from telephony.carriers.webhook import RateLimit
from telephony.control import number_table
from telephony.control.database_breaker import database
from telephony.numbers.sealing import opened
from telephony.types import NumberConfig

# Whoever forges numbers that no table knows shall not have Postgres asked for each.
_LOOKED_FOR_A_SECOND = 20


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """`auth_tokens`: several while they are rotated; the first one signs our own calls to Twilio.

    Without a `sid` any account's calls are taken that one of the tokens signed.
    """

    sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)


def account() -> TwilioAccount:
    """TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKENS separated by commas."""
    return TwilioAccount(sid=ACCOUNT_SID.value(), auth_tokens=AUTH_TOKENS.value())


def account_of_number(e164: str) -> TwilioAccount:
    """The account that the number is of; the platform's for one that nobody has."""
    number = _number(e164) if e164 else None
    if number is None or number.signer is None:
        return account()
    tokens = opened(number.signer.sealed, tenant_id=number.tenant_id).tokens
    taken = tokens if number.signer.takes_earlier else tokens[:1]
    return TwilioAccount(number.signer.account_id, taken)


def _number(e164: str) -> NumberConfig | None:
    number = number_table.lookup(e164)
    if number is not None or not _looked_for.allow():
        return number
    return database.ask(
        lambda: number_table.load(e164),
        otherwise=lambda: None,
        event="account of a number without postgres",
        carrier_call="",
    )


_looked_for = RateLimit(_LOOKED_FOR_A_SECOND)
