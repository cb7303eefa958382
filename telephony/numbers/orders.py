"""Numbers bought and given back: what is about to be done is written first, then the carrier is
asked, then what came of it is written.

Killed in between, `settle` goes on from what was written. A number is never bought twice: the
carrier is asked first whether the account has it, and knows it by the order's reference. Nothing
here may be called inside a transaction.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from agents.queries import agent_exists
from telephony.carriers import registry
from telephony.carriers.provisioning import AvailableNumber, NumberSearch
from telephony.control import queries
from telephony.errors import CarrierAway, CarrierRefused, NumberTaken
from telephony.models import CarrierAccount, Number, NumberOrder
from telephony.numbers import actions, ownership
from telephony.numbers.accounts import CLAIM, credentials_of, open_account
from telephony.numbers.claiming import claimed
from tenants import queries as tenants_queries
from tenants.actions import hold_tenant, record_audit
from tenants.context import as_tenant, current_tenant_id
from tenants.types import PricingPlan
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, WarmlineError
from warmline.kernel.phone_numbers import normal_number

log = structlog.get_logger()

_CONTAINS: Final = re.compile(r"[0-9A-Za-z*+]{2,16}")

# A sub-account's numbers are paid for by the platform, and a trial costs its company nothing.
MOST_ON_TRIAL: Final = 1
MOST_BOUGHT: Final = 100


def search_numbers(account_id: UUID | str, wanted: NumberSearch) -> Sequence[AvailableNumber]:
    """Numbers that may be bought through one of the company's accounts, with their price."""
    check_search(wanted)
    with as_tenant(current_tenant_id()):
        account = open_account(account_id)
        credentials = credentials_of(account)
    return registry.provisioning(account.carrier).search(credentials, wanted)


def check_search(wanted: NumberSearch) -> None:
    """`BadInput` for what cannot be looked for."""
    if len(wanted.country) != 2 or not wanted.country.isascii() or not wanted.country.isupper():
        raise BadInput("country: expected two letters such as US")
    if wanted.kind not in ("local", "mobile", "toll_free"):
        raise BadInput("kind: expected local, mobile or toll_free")
    if wanted.area_code and not (wanted.area_code.isdecimal() and len(wanted.area_code) == 3):
        raise BadInput("area_code: expected three digits, in the USA and Canada")
    if wanted.contains and not _CONTAINS.fullmatch(wanted.contains):
        raise BadInput("contains: expected 2 to 16 digits or letters; * stands for any one")


def buy_number(
    e164: str,
    *,
    account_id: UUID | str,
    agent_id: UUID | None = None,
    address_id: str = "",
    bundle_id: str = "",
) -> Number:
    """Buy a number through one of the company's accounts, and have its calls come here.

    `CarrierRefused` has the carrier's reason: nothing was bought then. `CarrierAway` leaves the
    order open: it is finished, or found to have failed, within minutes.
    """
    e164 = normal_number(e164)
    with as_tenant(current_tenant_id()):
        order = _placed(e164, account_id, agent_id, address_id, bundle_id)
    try:
        return _attempt(order)
    except CarrierAway as error:
        raise CarrierAway(
            f"{error}; the order of {e164} is open and will be finished: look at it in a minute"
        ) from error


def release_number(number_id: UUID | str) -> None:
    """Give a bought number back, or take one's own away from here without giving it up.

    Where the carrier is away it is given back as soon as that answers.
    """
    with as_tenant(current_tenant_id()):
        number = actions.held_number(number_id)
        if not number.is_releasing:
            number.is_releasing = True
            number.save()
            record_audit(
                action="number.release", subject=str(number.pk), detail={"number": number.e164}
            )
    _release(number)


def settle() -> None:
    """Finish what the bound tenant's orders and releases left in between."""
    for order in _claimed():
        try:
            _attempt(order)
        except WarmlineError as error:
            log.warning("order not done", order=str(order.pk), why=str(error))
    with as_tenant(current_tenant_id()):
        releasing = list(Number.objects.filter(is_releasing=True))
    for number in releasing:
        try:
            _release(number)
        except WarmlineError as error:
            log.warning("number not released", number=str(number.pk), why=str(error))


def _placed(
    e164: str, account_id: UUID | str, agent_id: UUID | None, address_id: str, bundle_id: str
) -> NumberOrder:
    """The order's row, claimed for this process; what forbids it is refused before anything."""
    hold_tenant()
    account = open_account(account_id)
    credentials_of(account)
    if queries.tenant_of_number(e164) is not None:
        raise NumberTaken(f"number {e164} is in use")
    if agent_id is not None:
        actions.check_agent(agent_id)
    _check_quota(account)
    order = NumberOrder(
        e164=e164,
        account=account,
        agent_id=agent_id,
        address_id=address_id,
        bundle_id=bundle_id,
        claimed_until=clock.now() + CLAIM,
    )
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError:
        raise NumberTaken(f"number {e164} is being bought already") from None
    record_audit(action="number.order", subject=str(order.pk), detail={"number": e164})
    return order


def _check_quota(account: CarrierAccount) -> None:
    on_trial = tenants_queries.tenant().plan == PricingPlan.TRIAL
    most = MOST_ON_TRIAL if on_trial and account.kind == "subaccount" else MOST_BOUGHT
    bought = Number.objects.filter(account=account, is_bought=True).count()
    bought += NumberOrder.objects.filter(account=account, state="open").count()
    if bought >= most:
        raise BadInput(
            f"{bought} of {most} numbers are bought through this account: release one first, or "
            "ask the platform's operator for more"
        )


def _attempt(order: NumberOrder) -> Number:
    """Buy it, unless an earlier attempt did; then write the number down."""
    with as_tenant(current_tenant_id()):
        account = open_account(order.account_id)
        credentials = credentials_of(account)
    provisioning = registry.provisioning(account.carrier)
    reference = f"warmline order {order.pk}"
    held = provisioning.held_number(credentials, e164=order.e164)
    if held is None:
        try:
            held = provisioning.buy(
                credentials,
                e164=order.e164,
                reference=reference,
                address_id=order.address_id,
                bundle_id=order.bundle_id,
            )
        except CarrierRefused as error:
            # An attempt that was still under way may have had it meanwhile.
            held = provisioning.held_number(credentials, e164=order.e164)
            if held is None or held.reference != reference:
                _fail(order, str(error))
                raise
    if held.reference != reference:
        _fail(order, "the account has this number already")
        raise BadInput(f"number {order.e164} is in this account already: add it as your own")
    number = _finish(order, actions.Held(account, held.number_id, is_bought=True))
    ownership.choose_region(account, e164=number.e164)
    return number


def _finish(order: NumberOrder, held: actions.Held) -> Number:
    with claimed(order.e164), as_tenant(current_tenant_id()):
        if not NumberOrder.objects.filter(pk=order.pk, state="open").update(state="done"):
            return Number.objects.get(e164=order.e164)  # another process was quicker
        agent_id = order.agent_id
        if agent_id is not None and not agent_exists(agent_id):
            agent_id = None
        return actions.add_number(
            order.e164, agent_id=agent_id, mode="live", human_number="", held=held
        )


def _fail(order: NumberOrder, why: str) -> None:
    with as_tenant(current_tenant_id()):
        NumberOrder.objects.filter(pk=order.pk, state="open").update(state="failed", why=why[:300])


def _release(number: Number) -> None:
    if number.account_id is not None:
        with as_tenant(current_tenant_id()):
            account = open_account(number.account_id)
            credentials = credentials_of(account)
        provisioning = registry.provisioning(account.carrier)
        if number.is_bought:
            provisioning.release(credentials, number_id=number.carrier_number_id)
        else:
            provisioning.clear_webhooks(credentials, number_id=number.carrier_number_id)
    with as_tenant(current_tenant_id()):
        if Number.objects.filter(pk=number.pk).exists():
            actions.forget_number(number.pk)


def _claimed() -> Iterable[NumberOrder]:
    """The open orders that nobody works at, each claimed for this process."""
    now = clock.now()
    with as_tenant(current_tenant_id()):
        left = NumberOrder.objects.filter(state="open", claimed_until__lt=now)
        return [
            order
            for order in left
            if NumberOrder.objects.filter(pk=order.pk, claimed_until=order.claimed_until).update(
                claimed_until=now + CLAIM
            )
        ]
