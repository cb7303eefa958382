"""The number table that each region's Redis keeps, so that calls are answered while Postgres is away."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import redis
import structlog
from django.db import transaction

from agents.errors import NoAgent
from agents.queries import plan_parts
from telephony import regional
from telephony.models import Number
from telephony.types import AgentPart, Route
from tenants import queries as tenants_queries
from tenants.context import current_tenant_id

log = structlog.get_logger()

# Refreshed every minute; a number that is nobody's any more is forgotten within the hour.
_KEEP_S = 3600
_decode = msgspec.json.Decoder(Route).decode


def route_key(e164: str) -> str:
    """Where a number's entry lies in a region's Redis."""
    return f"route:{e164}"


def route_of(number: Number) -> Route:
    """What a number of the bound tenant leads to."""
    tenant = tenants_queries.tenant()
    return Route(
        e164=number.e164,
        tenant_id=current_tenant_id(),
        vertical=tenant.vertical,
        mode="shadow" if number.mode == "shadow" else "live",
        human_number=number.human_number or tenant.human_number,
        residency="" if tenant.residency == "anywhere" else tenant.residency,
        max_calls=tenant.max_concurrent_calls,
        agent=_agent_part(number.agent_id),
    )


def refresh() -> int:
    """Write all of the bound tenant's numbers into every region's table; how many there are."""
    entries = [route_of(number) for number in Number.objects.all()]
    transaction.on_commit(lambda: _push(entries))
    return len(entries)


def lookup(e164: str) -> Route | None:
    """The number's entry from the first region that answers; None when no region knows it."""
    for region, client in regional.clients():
        try:
            raw = client.get(route_key(e164))
        except redis.RedisError as away:
            log.warning("number table away", region=region, why=type(away).__name__)
            continue
        if isinstance(raw, bytes):
            return _decode(raw)
    return None


def _agent_part(agent_id: UUID) -> AgentPart | None:
    try:
        parts = plan_parts(agent_id)
    except NoAgent:
        return None
    return AgentPart(
        agent_version_id=parts.agent_version_id,
        prompt=parts.prompt,
        greeting=parts.greeting,
        tools=parts.tools,
        knowledge=parts.knowledge,
        vocabulary=parts.vocabulary,
        voice=parts.voice,
        language=parts.language,
        limits=parts.limits,
    )


def _push(entries: Sequence[Route]) -> None:
    for region, client in regional.clients():
        try:
            with client.pipeline(transaction=False) as pipeline:
                for entry in entries:
                    pipeline.set(route_key(entry.e164), msgspec.json.encode(entry), ex=_KEEP_S)
                pipeline.execute()
        except redis.RedisError as away:
            # The next refresh brings it up to date; a commit is not undone for it.
            log.warning("number table not refreshed", region=region, why=type(away).__name__)
