"""Numbers that a company has at its carrier already: shown to be its own before they are answered.

Whoever controls the account that a number is in has the number; nothing else counts but an
operator's word (`actions.add_number`). What asks a carrier holds no transaction.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from telephony.carriers import registry
from telephony.errors import NumberNotProven, NumberTaken
from telephony.models import CarrierAccount, Number, NumberOrder
from telephony.numbers import actions
from telephony.numbers.accounts import credentials_of, open_account
from telephony.numbers.claiming import claimed
from telephony.types import Mode
from tenants.context import as_tenant, current_tenant_id
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, WarmlineError
from warmline.kernel.phone_numbers import normal_number

# A job asks within two minutes.
CONTESTED_FOR: Final = timedelta(minutes=10)


def add_own_number(
    e164: str,
    *,
    account_id: UUID | str,
    agent_id: UUID | None = None,
    mode: Mode = "live",
    human_number: str = "",
) -> Number:
    """Add a number that is in one of the company's carrier accounts, and have its calls come here.

    `NumberNotProven` when it is not there. `NumberTaken` when it is in use: whose it is stays
    unsaid, but a company that has it no more loses it within the minute.
    """
    e164 = normal_number(e164)
    with as_tenant(current_tenant_id()):
        account = open_account(account_id)
        credentials = credentials_of(account)
    provisioning = registry.provisioning(account.carrier)
    found = provisioning.held_number(credentials, e164=e164)
    if found is None:
        raise NumberNotProven(
            f"number {e164} is not in the account {account.account_id}: expected one that is"
        )
    if not found.takes_voice:
        raise BadInput(f"number {e164} takes no calls at its carrier: expected one with voice")
    held = actions.Held(account, found.number_id)
    try:
        with claimed(e164), as_tenant(current_tenant_id()):
            number = actions.add_number(
                e164, agent_id=agent_id, mode=mode, human_number=human_number, held=held
            )
    except NumberTaken as error:
        _contest(e164, account, agent_id=agent_id)
        raise NumberTaken(
            f"{error}. You have shown that it is in your account: if whoever had it before has it "
            "no more, it is added here within minutes"
        ) from error
    _point_here(number)
    return number


def add_vouched_number(
    e164: str, *, agent_id: UUID | None, mode: Mode, human_number: str
) -> Number:
    """Add a number that an operator vouches for; `NumberTaken` for one that is in use."""
    e164 = normal_number(e164)
    with claimed(e164), as_tenant(current_tenant_id()):
        return actions.add_number(e164, agent_id=agent_id, mode=mode, human_number=human_number)


def settle() -> None:
    """Try again what the bound tenant has shown to be its own and another one had."""
    with as_tenant(current_tenant_id()):
        contested = list(NumberOrder.objects.filter(state="contested"))
    for order in contested:
        try:
            add_own_number(order.e164, account_id=order.account_id, agent_id=order.agent_id)
            state, why = "done", ""
        except NumberTaken:
            if clock.now() < order.created_at + CONTESTED_FOR:
                continue
            state, why = "failed", "the number is in use"
        except WarmlineError as error:
            state, why = "failed", str(error)
        with as_tenant(current_tenant_id()):
            NumberOrder.objects.filter(pk=order.pk, state="contested").update(
                state=state, why=why[:300]
            )


def reconnect(number_id: UUID | str) -> None:
    """Have the carrier ask this installation about the number's calls again.

    `NotFound` without the number, `BadInput` for one whose account the platform's operator keeps.
    """
    with as_tenant(current_tenant_id()):
        number = actions.held_number(number_id)
    _point_here(number)


def _point_here(number: Number) -> None:
    """Have the carrier ask this installation about the number's calls, in its account's region."""
    if number.account_id is None:
        raise BadInput("the platform's operator keeps this number's carrier account")
    with as_tenant(current_tenant_id()):
        account = open_account(number.account_id)
        credentials = credentials_of(account)
    provisioning = registry.provisioning(account.carrier)
    provisioning.set_webhooks(credentials, number_id=number.carrier_number_id)
    choose_region(account, e164=number.e164)


def _contest(e164: str, account: CarrierAccount, *, agent_id: UUID | None) -> None:
    """Have a job look at the number's holder: no other tenant's rows are reached from here."""
    with as_tenant(current_tenant_id()):
        NumberOrder.objects.get_or_create(
            e164=e164,
            state="contested",
            defaults={
                "account": account,
                "agent_id": agent_id,
                "claimed_until": clock.now(),
            },
        )


def choose_region(account: CarrierAccount, *, e164: str) -> None:
    """Have the calls processed in the account's region; by the credentials of the carrier's first
    region, which alone may say so.
    """
    provisioning = registry.provisioning(account.carrier)
    first_region = provisioning.regions[0]
    with as_tenant(current_tenant_id()):
        speaks = CarrierAccount.objects.filter(
            carrier=account.carrier,
            account_id=account.account_id,
            region=first_region,
            state="open",
        ).first()
        if speaks is None:
            return
        credentials = credentials_of(speaks)
    if provisioning.processing_region(credentials, e164=e164) != account.region:
        provisioning.set_processing_region(credentials, e164=e164, region=account.region)
