"""The only writer of numbers. Everything here runs inside `tenants.context.as_tenant`."""

import re
from uuid import UUID

from telephony.control import number_table, queries
from telephony.models import Number
from telephony.types import Mode
from tenants.context import current_tenant_id
from warmline.kernel.errors import BadInput

E164 = re.compile(r"\+[1-9][0-9]{5,14}")


def add_number(e164: str, *, agent_id: UUID, mode: Mode, human_number: str) -> Number:
    """Give the tenant a number, or change what it does; every region's number table follows.

    `BadInput` for what is no E.164 number, and for a number in shadow mode that no person answers.
    """
    if not E164.fullmatch(e164):
        raise BadInput(f"number {e164[:20]!r}: expected E.164, such as +12125550100")
    if mode == "shadow" and not human_number:
        raise BadInput(
            f"number {e164}: in shadow mode a person answers, so it needs a human_number"
        )
    if queries.tenant_of_number(e164) not in {None, current_tenant_id()}:
        raise BadInput(f"number {e164} is in use")
    number, _ = Number.objects.update_or_create(
        e164=e164,
        defaults={"agent_id": agent_id, "mode": mode, "human_number": human_number},
    )
    number_table.refresh()
    return number
