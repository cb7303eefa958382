"""The writes of numbers. Everything here runs inside `tenants.context.as_tenant`.

What asks a carrier stands beside: `ownership`, `orders`, `accounts`.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction

from agents.editing.actions import agent_in_use
from agents.errors import AgentArchived, NoAgent
from agents.opening_hours import OpeningHours
from telephony.control import number_table, queries
from telephony.errors import NumberTaken
from telephony.models import CarrierAccount, Number
from telephony.numbers.hours import stored_hours
from telephony.types import Mode, Outside
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from tenants.context import current_tenant_id
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType
from warmline.kernel.errors import BadInput, Conflict, NotFound
from warmline.kernel.phone_numbers import dialable_number, normal_number

MODES: Final = ("live", "shadow")
OUTSIDE: Final = ("agent", "person", "message", "closed")
MOST_NUMBERS: Final = 1000


@dataclass(frozen=True, slots=True)
class Held:
    """Where a number is at its carrier: by whose account, and how that calls it."""

    account: CarrierAccount
    number_id: str
    is_bought: bool = False


def add_number(
    e164: str, *, agent_id: UUID | None, mode: Mode, human_number: str, held: Held | None = None
) -> Number:
    """Give the tenant a number, or change what it does; every region's number table follows.

    Whoever calls this vouches that the number is the tenant's: an operator, or what `ownership` and
    `orders` saw in the tenant's own account (`held`). `BadInput` for what is no telephone number,
    for a `human_number` that no call may be put through to or that leads back here, and for a
    number in shadow mode that no person answers; `NumberTaken` for one that is in use.
    """
    e164 = normal_number(e164)
    _check_free(e164)
    human_number = _checked(e164, agent_id=agent_id, mode=mode, human_number=human_number)
    fields: dict[str, Any] = {"agent_id": agent_id, "mode": mode, "human_number": human_number}
    if held is not None:
        fields |= {
            "account": held.account,
            "carrier_number_id": held.number_id,
            "is_bought": held.is_bought,
        }
    number, is_new = Number.objects.update_or_create(e164=e164, defaults=fields)
    if is_new and Number.objects.count() > MOST_NUMBERS:
        raise BadInput(f"expected at most {MOST_NUMBERS} numbers of one company")
    _follow(number, "number.add" if is_new else "number.change")
    return number


def change_number(number_id: UUID | str, **changes: Any) -> Number:
    """Change what a number does; what is not named stays. In force with the commit.

    `agent_id` (None: no agent), `mode`, `human_number`, `outside`, `hours` (an
    `agents.opening_hours.OpeningHours`, or None for the company's), `closed_words`. `NotFound`,
    `BadInput` and `BadHours` say what is wrong.
    """
    number = held_number(number_id)
    fields = {
        "agent_id": changes.get("agent_id", number.agent_id),
        "mode": changes.get("mode", number.mode),
        "human_number": changes.get("human_number", number.human_number),
    }
    number.human_number = _checked(number.e164, **fields)
    number.agent_id, number.mode = fields["agent_id"], fields["mode"]
    if "outside" in changes:
        number.outside = _known(changes["outside"])
    if "closed_words" in changes:
        number.closed_words = " ".join(str(changes["closed_words"]).split())
    if "hours" in changes:
        number.hours = _stored(changes["hours"])
    number.save()
    _follow(number, "number.change")
    return number


def forget_number(number_id: UUID | str) -> None:
    """Take a number away from the tenant; calls to it are not answered any more."""
    number = held_number(number_id)
    _announce(number, state="removed")
    record_audit(action="number.remove", subject=str(number.pk), detail={"number": number.e164})
    number.delete()
    transaction.on_commit(partial(number_table.forget, number.e164))


def held_number(number_id: UUID | str) -> Number:
    """The tenant's number of that id, held until the transaction ends; `NotFound` without one."""
    number = Number.objects.select_for_update().filter(pk=number_id).first()
    if number is None:
        raise NotFound(f"no number {number_id}")
    return number


def parse_hours(given: object) -> OpeningHours | None:
    """Hours as JSON has them; `BadInput` says which part is not as expected."""
    if given is None:
        return None
    try:
        return msgspec.convert(given, OpeningHours)
    except msgspec.ValidationError as error:
        raise BadInput(f"hours: {error}") from error


def check_agent(agent_id: UUID) -> None:
    """`BadInput` for an agent that the company has not in use; nobody archives it until the
    transaction ends.
    """
    try:
        agent_in_use(agent_id)
    except NoAgent:
        raise BadInput(
            f"agent_id: this company has no agent {agent_id}", field="agent_id"
        ) from None
    except AgentArchived as error:
        raise BadInput(f"agent_id: {error}", field="agent_id") from None


def hours_from_json(raw: bytes) -> OpeningHours:
    """Hours from a file's JSON; `BadInput` names what is wrong."""
    try:
        return msgspec.json.decode(raw, type=OpeningHours)
    except msgspec.MsgspecError as error:
        raise BadInput(f"hours: {error}") from error


def _check_free(e164: str) -> None:
    if queries.tenant_of_number(e164) not in {None, current_tenant_id()}:
        raise NumberTaken(f"number {e164} is in use")
    if e164 in {tenants_queries.tenant().human_number, *queries.human_numbers()}:
        raise BadInput(f"number {e164} is where calls are put through to: they would come back")


def _checked(e164: str, *, agent_id: UUID | None, mode: str, human_number: str) -> str:
    """The person's number in E.164, once what the number shall do goes together."""
    if mode not in MODES:
        raise BadInput(f"mode: expected one of {', '.join(MODES)}")
    if mode == "shadow" and not human_number:
        raise BadInput(
            f"number {e164}: in shadow mode a person answers, so it needs a human_number",
            field="human_number",
        )
    if agent_id is not None:
        check_agent(agent_id)
    return _persons_number(human_number, e164=e164) if human_number else ""


def _persons_number(human_number: str, *, e164: str) -> str:
    """Where calls to `e164` are put through to, in E.164."""
    dialled = dialable_number(human_number, near=e164)
    if dialled == e164 or queries.tenant_of_number(dialled) is not None:
        raise BadInput(
            f"human number {dialled} is answered by this platform: its calls would come back; "
            "expected a person's number"
        )
    return dialled


def _known(outside: Outside) -> str:
    if outside not in OUTSIDE:
        raise BadInput(f"outside: expected one of {', '.join(OUTSIDE)}")
    return outside


def _stored(hours: OpeningHours | None) -> dict[str, Any] | None:
    return None if hours is None else stored_hours(hours)


def _follow(number: Number, action: str) -> None:
    record_audit(action=action, subject=str(number.pk), detail={"number": number.e164})
    _announce(number, state="active")
    number_table.refresh()


def _announce(number: Number, *, state: str) -> None:
    announce(
        EventType.NUMBER_CHANGED,
        {
            "number_id": str(number.pk),
            "e164": number.e164,
            "state": state,
            "agent_id": None if number.agent_id is None else str(number.agent_id),
            "mode": number.mode,
        },
    )


def check_archived_agent(agent_id: UUID, **_: Any) -> None:
    """As a receiver of `agent_archiving`: `Conflict` while numbers lead to the agent."""
    numbers = Number.objects.filter(agent_id=agent_id).order_by("e164")
    named = ", ".join(numbers.values_list("e164", flat=True)[:5])
    if named:
        raise Conflict(f"it answers {named}: give each of its numbers another agent first, or none")


def check_company_person(**_: Any) -> None:
    """As a receiver of `company_changed`: `BadInput` for a person whose calls would come back."""
    person = tenants_queries.tenant().human_number
    if person and queries.tenant_of_number(person) is not None:
        raise BadInput(
            f"human number {person} is answered by this platform: its calls would come back; "
            "expected a person's number",
            field="human_number",
        )
