"""The writes: agents, their versions, business hours. Inside the bound tenant."""

from collections.abc import Sequence
from datetime import time
from uuid import UUID

import msgspec
from django.db import transaction

from agents import registry
from agents.errors import BadWording, NoAgent
from agents.models import Agent, AgentVersion, BusinessProfile, VersionState
from agents.types import Wording
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from verticals.spoken.languages import OFFERED, language_of
from verticals.types import Hours


def set_business(
    week: Sequence[Hours | None],
    *,
    slot_minutes: int = 60,
    step_minutes: int = 30,
    capacity: int = 1,
) -> None:
    """Set when the bound tenant works: seven days from Monday on, each opening before it closes."""
    if len(week) != 7:
        raise BadWording(f"opening hours: expected seven days from Monday on, got {len(week)}")
    if any(day is not None and day[0] >= day[1] for day in week):
        raise BadWording("opening hours: a day closes before it opens")
    if min(slot_minutes, step_minutes, capacity) < 1:
        raise BadWording("opening hours: slot, step and capacity are at least 1")
    fields = {
        "week": [None if day is None else [_minutes(day[0]), _minutes(day[1])] for day in week],
        "slot_minutes": slot_minutes,
        "step_minutes": step_minutes,
        "capacity": capacity,
    }
    BusinessProfile.objects.update_or_create(defaults=fields)
    record_audit(action="business.set", subject="business")


def make_agent(name: str) -> UUID:
    """The bound tenant's agent of that name, made if it is new; its id."""
    if not name.strip():
        raise BadWording("an agent needs a name")
    agent, new = Agent.objects.get_or_create(name=name.strip())
    if new:
        record_audit(action="agent.make", subject=str(agent.id))
    return agent.id


def go_live(agent_id: str | UUID, *, wording: Wording) -> UUID:
    """Let an agent speak by a new version from the next call on; its id.

    The same wording again changes nothing.
    The version before is retired and kept: calls under way go on with it.
    """
    with transaction.atomic():
        agent = Agent.objects.select_for_update().filter(pk=agent_id).first()
        if agent is None:
            raise NoAgent(f"no agent {agent_id}")
        fields = _fields(wording)
        live = agent.versions.filter(state=VersionState.LIVE).first()
        if live is not None and all(getattr(live, name) == value for name, value in fields.items()):
            return live.id
        agent.versions.filter(state=VersionState.LIVE).update(state=VersionState.RETIRED)
        version = AgentVersion.objects.create(
            agent=agent, number=agent.versions.count() + 1, state=VersionState.LIVE, **fields
        )
        record_audit(
            action="agent.go_live", subject=str(version.id), detail={"number": version.number}
        )
        return version.id


def _fields(wording: Wording) -> dict[str, object]:
    """The version's columns; `BadWording` for what could not be spoken or done."""
    if not wording.greeting.strip():
        raise BadWording("a version needs a greeting")
    if any(not label.strip() or not value.strip() for label, value in wording.facts):
        raise BadWording("a fact needs a label and a value")
    if language_of(wording.language) is None:
        raise BadWording(
            f"language {wording.language[:40]!r}: expected one of {', '.join(OFFERED)}, "
            "with or without a region (es-MX)"
        )
    vertical = registry.vertical(tenants_queries.tenant().vertical)
    unknown = [name for name in wording.tools if vertical.tool(name) is None]
    if unknown:
        raise BadWording(f"{vertical.slug} has no tool {', '.join(unknown)}")
    return {
        "greeting": wording.greeting,
        "facts": [list(fact) for fact in wording.facts],
        "tools": list(wording.tools),
        "vocabulary": list(wording.vocabulary),
        "voice": wording.voice.name,
        "speed": wording.voice.speed,
        "language": wording.language,
        "limits": msgspec.to_builtins(wording.limits),
    }


def _minutes(at: time) -> str:
    return at.isoformat("minutes")
