"""The reads of numbers and carrier accounts, inside the bound tenant."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from telephony.control import number_table
from telephony.models import CarrierAccount, Number, NumberOrder
from telephony.numbers.hours import is_open
from telephony.numbers.types import CarrierAccountLine, NumberLine, OrderLine
from telephony.types import NumberConfig
from tenants.context import CONTROL
from warmline.kernel import clock
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

# What is open is shown, and what failed for as long as somebody may ask why.
SHOWN_ORDERS = 20


def numbers() -> tuple[NumberLine, ...]:
    """The tenant's numbers, in their order, with who takes a call now."""
    rows = Number.objects.select_related("account").order_by("e164")
    return _lines(list(rows))


def number(number_id: UUID | str) -> NumberLine:
    """One of the tenant's numbers; `NotFound` without it."""
    lines = _lines(list(Number.objects.select_related("account").filter(pk=number_id)))
    if not lines:
        raise NotFound(f"no number {number_id}")
    return lines[0]


def orders() -> tuple[OrderLine, ...]:
    """What is being bought, and what lately could not be; newest first."""
    rows = NumberOrder.objects.exclude(state="done").order_by("-id")[:SHOWN_ORDERS]
    return tuple(
        OrderLine(
            id=order.pk,
            e164=order.e164,
            state=order.state,
            why=order.why,
            created_at=order.created_at,
        )
        for order in rows
    )


def accounts() -> tuple[CarrierAccountLine, ...]:
    """The tenant's carrier accounts, oldest first."""
    return tuple(map(_account_line, _accounts().order_by("id")))


def account(account_id: UUID | str) -> CarrierAccountLine:
    """One of the tenant's carrier accounts; `NotFound` without it."""
    row = _accounts().filter(pk=account_id).first()
    if row is None:
        raise NotFound(f"no carrier account {account_id}")
    return _account_line(row)


def tenants_to_settle() -> Sequence[TenantId]:
    """Whose orders, releases or sub-accounts were left in between. As control, across tenants."""
    now = clock.now()
    waiting = [
        NumberOrder.objects.using(CONTROL).filter(state="open", claimed_until__lt=now),
        NumberOrder.objects.using(CONTROL).filter(state="contested"),
        CarrierAccount.objects.using(CONTROL).filter(
            state__in=("opening", "closing"), claimed_until__lt=now
        ),
        Number.objects.using(CONTROL).filter(is_releasing=True),
    ]
    found = {
        tenant_id
        for rows in waiting
        for tenant_id in rows.values_list("tenant_id", flat=True).distinct()
    }
    return [TenantId(str(tenant_id)) for tenant_id in sorted(found)]


def holders_of_contested() -> Sequence[tuple[TenantId, str]]:
    """Who has the numbers that others have shown to be their own. As control, across tenants."""
    contested = NumberOrder.objects.using(CONTROL).filter(state="contested")
    e164s = set(contested.values_list("e164", flat=True))
    held = Number.objects.using(CONTROL).filter(e164__in=e164s).values_list("tenant_id", "e164")
    return [(TenantId(str(tenant_id)), e164) for tenant_id, e164 in held]


def who_answers(config: NumberConfig, *, at: datetime) -> str:
    """Who takes a call to a number at a moment, while there is room: agent, person, message or
    closed.
    """
    closed = config.outside != "agent" and config.hours and not is_open(config.hours, at=at)
    if closed and config.outside != "person":
        return config.outside
    if not closed and config.agent is not None and config.mode == "live":
        return "agent"
    return "person" if config.human_number else "message"


def _lines(rows: list[Number]) -> tuple[NumberLine, ...]:
    configs = number_table.configs(rows)
    now = clock.now()
    return tuple(
        NumberLine(
            id=row.pk,
            e164=row.e164,
            agent_id=row.agent_id,
            mode=row.mode,
            human_number=row.human_number,
            outside=row.outside,
            hours=row.hours,
            closed_words=row.closed_words,
            carrier="twilio" if row.account is None else row.account.carrier,
            carrier_account_id=row.account_id,
            region="" if row.account is None else row.account.region,
            is_bought=row.is_bought,
            is_releasing=row.is_releasing,
            answers_now=who_answers(config, at=now),
            created_at=row.created_at,
        )
        for row, config in zip(rows, configs, strict=True)
    )


def _accounts() -> "QuerySet[CarrierAccount]":
    return CarrierAccount.objects.exclude(state="closed").annotate(numbers=Count("number"))


def _account_line(row: CarrierAccount) -> CarrierAccountLine:
    return CarrierAccountLine(
        id=row.pk,
        carrier=row.carrier,
        kind=row.kind,
        state=row.state,
        account_id=row.account_id,
        region=row.region,
        name=row.name,
        is_trial=row.is_trial,
        key_id=row.key_id,
        why=row.why,
        numbers=row.numbers,  # type: ignore[attr-defined]  # annotated
        created_at=row.created_at,
        rotated_at=row.rotated_at,
    )
