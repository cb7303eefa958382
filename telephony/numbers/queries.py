"""The reads of numbers and carrier accounts, inside the bound tenant."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from agents import queries as agents_queries
from telephony.carriers import registry
from telephony.control import number_table
from telephony.models import CarrierAccount, Number, NumberOrder
from telephony.numbers.hours import is_open, own_hours, shown_hours
from telephony.numbers.types import CarrierAccountLine, NumberLine, OrderLine
from tenants import queries as tenants_queries
from tenants.api.pages import Page, decode_cursor, encode_cursor
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


def numbers_page(
    *, limit: int = 25, cursor: str | None = None, agent_id: UUID | None = None
) -> Page[NumberLine]:
    """Some of the tenant's numbers, in their order; those of one agent where it is named."""
    kind = f"numbers:{agent_id or ''}"
    rows = Number.objects.select_related("account").order_by("e164")
    if agent_id is not None:
        rows = rows.filter(agent_id=agent_id)
    if cursor is not None:
        (after,) = decode_cursor(kind, cursor)
        rows = rows.filter(e164__gt=after)
    found = list(rows[: limit + 1])
    following = encode_cursor(kind, [found[limit - 1].e164]) if len(found) > limit else None
    return Page(_lines(found[:limit]), following)


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


def accounts_page(*, limit: int = 25, cursor: str | None = None) -> Page[CarrierAccountLine]:
    """Some of the tenant's carrier accounts, oldest first."""
    rows = _accounts().order_by("id")
    if cursor is not None:
        (after,) = decode_cursor("carrier-accounts", cursor)
        rows = rows.filter(pk__gt=after)
    found = list(rows[: limit + 1])
    following = (
        encode_cursor("carrier-accounts", [str(found[limit - 1].pk)])
        if len(found) > limit
        else None
    )
    return Page(tuple(map(_account_line, found[:limit])), following)


def account(account_id: UUID | str) -> CarrierAccountLine:
    """One of the tenant's carrier accounts; `NotFound` without it."""
    row = _accounts().filter(pk=account_id).first()
    if row is None:
        raise NotFound(f"no carrier account {account_id}")
    return _account_line(row)


def is_simulated(carrier: str = "twilio") -> bool:
    """Whether a carrier is this machine's own, whose numbers ring from here alone."""
    return carrier in registry.provisioners() and registry.provisioning(carrier).is_simulated()


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


def _lines(rows: list[Number]) -> tuple[NumberLine, ...]:
    tenant = tenants_queries.tenant()
    speaking = agents_queries.agents_with_a_voice()
    company = number_table.company_hours_now() if any(map(_has_hours, rows)) else None
    now = clock.now()
    lines: list[NumberLine] = []
    for row in rows:
        hours = company
        if row.hours is not None:
            hours = own_hours(row.hours, time_zone=tenant.time_zone)
        is_closed = _has_hours(row) and hours is not None and not is_open(hours, at=now)
        answers_now = _who_answers(
            row,
            is_closed=is_closed,
            has_agent=row.agent_id in speaking,
            has_person=bool(row.human_number or tenant.human_number),
        )
        lines.append(_line(row, answers_now))
    return tuple(lines)


def _has_hours(row: Number) -> bool:
    return row.outside != "agent"


def _who_answers(row: Number, *, is_closed: bool, has_agent: bool, has_person: bool) -> str:
    """Who takes a call, while there is room: agent, person, message or closed."""
    if is_closed and row.outside != "person":
        return row.outside
    if not is_closed and has_agent and row.mode == "live":
        return "agent"
    return "person" if has_person else "message"


def _line(row: Number, answers_now: str) -> NumberLine:
    return NumberLine(
        id=row.pk,
        e164=row.e164,
        agent_id=row.agent_id,
        mode=row.mode,
        human_number=row.human_number,
        outside=row.outside,
        hours=None if row.hours is None else shown_hours(row.hours),
        closed_words=row.closed_words,
        carrier="twilio" if row.account is None else row.account.carrier,
        carrier_account_id=row.account_id,
        region="" if row.account is None else row.account.region,
        is_bought=row.is_bought,
        is_releasing=row.is_releasing,
        answers_now=answers_now,
        created_at=row.created_at,
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
