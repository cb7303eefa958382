"""The number table that each region's Redis keeps: one read says what a call needs, also while
Postgres is away.

Beside it go the prompt prefixes that the region's replicas run before a caller rings. It is written
on commit whenever a number, an agent version or the tenant's knowledge changes, and again every
minute for what changes by itself (the day in the prompt) or was changed across tenants (limits,
residency).
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

import msgspec
import redis
from django.db import transaction

from agents.errors import NoAgent
from agents.queries import agent_config, business, shadow_config
from inference.errors import SnapshotMissing
from inference.fleet import snapshots
from inference.fleet.prompt_prefixes import Prefix, publish_prefixes
from telephony.control import queries, regional_redis
from telephony.models import CarrierAccount, Number
from telephony.numbers.hours import company_hours, own_hours
from telephony.types import BROWSER, NumberConfig, OpenHours, Outside, WebhookSigner
from tenants import queries as tenants_queries
from tenants.company.queries import takes_calls
from tenants.context import as_tenant, bound_tenant_id, current_tenant_id
from warmline.kernel import clock
from warmline.kernel.agent import AgentConfig
from warmline.kernel.phone_numbers import is_dialable
from warmline.kernel.regions import RegionCode

# Refreshed every minute; a number that is nobody's any more is forgotten within the hour.
_KEEP_S = 3600
# Webhooks signed with the token before are taken for a day after it was rotated.
TOKEN_OVERLAP: Final = timedelta(days=1)
_decode = msgspec.json.Decoder(NumberConfig).decode


def number_key(e164: str) -> str:
    """Where a number's entry lies in a region's Redis."""
    return f"route:{e164}"


def refresh() -> int:
    """Write all of the bound tenant's numbers into every region's table; how many there are.

    Those of a company whose calls are not taken are taken out of it.
    """
    numbers = list(Number.objects.select_related("account"))
    if not takes_calls(tenants_queries.tenant()):
        silent = [number.e164 for number in numbers]
        transaction.on_commit(lambda: _forget_all(silent))
        return 0
    entries = configs(numbers)
    transaction.on_commit(lambda: _push(entries))
    return len(entries)


def configs(numbers: Sequence[Number]) -> list[NumberConfig]:
    """What some of the bound tenant's numbers lead to."""
    tenant = tenants_queries.tenant()
    uses = {(number.agent_id, number.mode) for number in numbers}
    agents = {use: _agent(*use) for use in uses}
    has_hours = any(number.outside != "agent" for number in numbers)
    hours = company_hours_now() if has_hours else None
    return [
        _config(number, tenant, agents[number.agent_id, number.mode], hours) for number in numbers
    ]


def load(e164: str) -> NumberConfig | None:
    """What a number that no table knows leads to, by Postgres, in its tenant's own context.

    It is written into every region's table. None when it is nobody's.
    """
    tenant_id = queries.tenant_of_number(e164)
    if tenant_id is None:
        return None
    with as_tenant(tenant_id):
        number = Number.objects.select_related("account").filter(e164=e164).first()
        if number is None or not takes_calls(tenants_queries.tenant()):
            return None
        (config,) = configs([number])
        transaction.on_commit(lambda: _push([config]))
        return config


def forget(e164: str) -> None:
    """Take a number out of every region's table."""
    regional_redis.in_each_region(lambda _, client: client.delete(number_key(e164)))


def _forget_all(numbers: Sequence[str]) -> None:
    for e164 in numbers:
        forget(e164)


def refresh_bound(**_: Any) -> None:
    """As a receiver of Django's signals: something that entries are made of was saved."""
    if bound_tenant_id() is not None:
        refresh()


def lookup(e164: str) -> NumberConfig | None:
    """The number's entry from the first region that has it; None when no region knows it."""

    def read(client: "redis.Redis") -> NumberConfig | None:
        raw = client.get(number_key(e164))
        return _decode(raw) if isinstance(raw, bytes) else None

    return regional_redis.first_answer(read)


def _config(
    number: Number, tenant: Any, agent: AgentConfig | None, hours: OpenHours | None
) -> NumberConfig:
    """`hours` are the company's, for a number that has none of its own."""
    if number.hours is not None:
        hours = own_hours(number.hours, time_zone=tenant.time_zone)
    return NumberConfig(
        e164=number.e164,
        tenant_id=current_tenant_id(),
        vertical=tenant.vertical,
        mode="shadow" if number.mode == "shadow" else "live",
        human_number=_dialable(number.human_number or tenant.human_number),
        residency="" if tenant.residency == "anywhere" else tenant.residency,
        max_calls=tenant.max_concurrent_calls,
        agent=agent,
        call_weight=tenant.call_weight,
        trial_ends_at=tenant.trial_end,
        outside=cast("Outside", number.outside),
        hours=None if number.outside == "agent" else hours,
        closed_words=number.closed_words,
        signer=_signer(number.account),
    )


def page_config(agent: AgentConfig) -> NumberConfig:
    """What a page of the bound tenant's leads to: the agent, at any hour, and no telephone."""
    tenant = tenants_queries.tenant()
    return NumberConfig(
        e164=BROWSER,
        tenant_id=current_tenant_id(),
        vertical=tenant.vertical,
        mode="live",
        human_number="",
        residency="" if tenant.residency == "anywhere" else tenant.residency,
        max_calls=tenant.max_concurrent_calls,
        agent=agent,
        call_weight=tenant.call_weight,
        trial_ends_at=tenant.trial_end,
        near=Number.objects.order_by("e164").values_list("e164", flat=True).first() or "",
    )


def company_hours_now() -> OpenHours | None:
    """The company's opening hours; None before they are set: it is always open then."""
    try:
        return company_hours(business())
    except NoAgent:
        return None


def _signer(account: CarrierAccount | None) -> WebhookSigner | None:
    if account is None:
        return None
    rotated_at = account.rotated_at
    return WebhookSigner(
        account_id=account.account_id,
        sealed=account.sealed,
        takes_earlier=rotated_at is not None and clock.now() < rotated_at + TOKEN_OVERLAP,
    )


def _dialable(human_number: str) -> str:
    """The number; nothing where an older row holds one that is never dialled.

    The agent then offers no person.
    """
    return human_number if is_dialable(human_number) else ""


def _agent(agent_id: UUID | None, mode: str) -> AgentConfig | None:
    """What a number of that mode uses: in shadow mode the version that is in shadow."""
    if agent_id is None:
        return None
    try:
        return shadow_config(agent_id) if mode == "shadow" else agent_config(agent_id)
    except NoAgent:
        return None


def _prefixes(entries: Sequence[NumberConfig]) -> list[Prefix]:
    """What every call to these numbers begins with, as the media plane sends it."""
    return [
        Prefix(
            key=agent.agent_version_id,
            messages=(
                {"role": "system", "content": agent.prompt},
                {"role": "assistant", "content": agent.greeting},
            ),
            tools=tuple(tool.as_openai() for tool in agent.tools),
        )
        for agent in {
            entry.agent.agent_version_id: entry.agent for entry in entries if entry.agent
        }.values()
    ]


def _is_allowed(region: RegionCode, residency: str) -> bool:
    """Whether the prompts of a tenant of that residency may run in the region."""
    if not residency:
        return True
    try:
        zones = {zone.code: zone.residency for zone in snapshots.current().regions}
    except SnapshotMissing:
        return False
    return zones.get(region) == residency


def _push(entries: Sequence[NumberConfig]) -> None:
    """A region that is away is brought up to date by the next refresh.

    No commit is undone for it.
    """
    regional_redis.in_each_region(partial(_push_to, entries=entries))


def _push_to(region: RegionCode, client: "redis.Redis", *, entries: Sequence[NumberConfig]) -> None:
    with client.pipeline(transaction=False) as pipeline:
        for entry in entries:
            pipeline.set(number_key(entry.e164), msgspec.json.encode(entry), ex=_KEEP_S)
        pipeline.execute()
    if entries and _is_allowed(region, entries[0].residency):
        publish_prefixes(client, _prefixes(entries))
