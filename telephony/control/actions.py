"""The only writer of numbers. Everything here runs inside `tenants.context.as_tenant`."""

from typing import Any
from uuid import UUID

from telephony.control import number_table, queries
from telephony.models import Number
from telephony.types import Mode
from tenants import queries as tenants_queries
from tenants.context import current_tenant_id
from warmline.kernel.errors import BadInput
from warmline.kernel.phone_numbers import dialable_number, normal_number


def add_number(e164: str, *, agent_id: UUID, mode: Mode, human_number: str) -> Number:
    """Give the tenant a number, or change what it does; every region's number table follows.

    `BadInput` for what is no telephone number, for a `human_number` that no call may be put through
    to or that leads back here, and for a number in shadow mode that no person answers.
    """
    e164 = normal_number(e164)
    if mode == "shadow" and not human_number:
        raise BadInput(
            f"number {e164}: in shadow mode a person answers, so it needs a human_number"
        )
    if queries.tenant_of_number(e164) not in {None, current_tenant_id()}:
        raise BadInput(f"number {e164} is in use")
    if human_number:
        human_number = _persons_number(human_number, e164=e164)
    if e164 in {tenants_queries.tenant().human_number, *queries.human_numbers()}:
        raise BadInput(f"number {e164} is where calls are put through to: they would come back")
    number, _ = Number.objects.update_or_create(
        e164=e164,
        defaults={"agent_id": agent_id, "mode": mode, "human_number": human_number},
    )
    number_table.refresh()
    return number


def check_company_person(**_: Any) -> None:
    """As a receiver of `company_changed`: `BadInput` for a person whose calls would come back."""
    person = tenants_queries.tenant().human_number
    if person and queries.tenant_of_number(person) is not None:
        raise BadInput(
            f"human number {person} is answered by this platform: its calls would come back; "
            "expected a person's number",
            field="human_number",
        )


def _persons_number(human_number: str, *, e164: str) -> str:
    """Where calls to `e164` are put through to, in E.164."""
    dialled = dialable_number(human_number, near=e164)
    if dialled == e164 or queries.tenant_of_number(dialled) is not None:
        raise BadInput(
            f"human number {dialled} is answered by this platform: its calls would come back; "
            "expected a person's number"
        )
    return dialled
