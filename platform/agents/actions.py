"""The writes: agents, their versions, business hours. Inside the bound tenant."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction

from agents import registry
from agents.errors import BadHours, BadWording, NoAgent
from agents.models import Agent, AgentVersion, BusinessProfile, ToolRun, VersionState
from agents.types import Wording
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from tenants.columns import check_columns
from verticals.spoken.languages import OFFERED, language_of
from verticals.types import Hours

MAX_SLOT_MINUTES: Final = 7 * 24 * 60  # a week: longer stays are no visits
MAX_CAPACITY: Final = 1000
MAX_DATES: Final = 1000  # ten years with every holiday of the richest calendar


def set_business(
    week: Sequence[Hours | None],
    *,
    slot_minutes: int = 60,
    step_minutes: int = 30,
    capacity: int = 1,
    holidays: Collection[date] = (),
    exceptions: Mapping[date, Hours | None] | None = None,
) -> None:
    """Set when the bound tenant works: seven days from Monday on, None for one that does not open.

    Hours that end earlier than they begin go on over midnight, and hours that end when they begin
    last 24 hours. `holidays` are dates that do not open, `exceptions` dates with their own hours.
    """
    if len(week) != 7:
        raise BadHours(f"opening hours: expected seven days from Monday on, got {len(week)}")
    for name, value, most in (
        ("slot", slot_minutes, MAX_SLOT_MINUTES),
        ("step", step_minutes, MAX_SLOT_MINUTES),
        ("capacity", capacity, MAX_CAPACITY),
    ):
        if not 1 <= value <= most:
            raise BadHours(f"opening hours: {name} {value}: expected 1 to {most}")
    if len(holidays) + len(exceptions or {}) > MAX_DATES:
        raise BadHours(f"opening hours: expected at most {MAX_DATES} holidays and exceptions")
    fields = {
        "week": [_stored(hours) for hours in week],
        "slot_minutes": slot_minutes,
        "step_minutes": step_minutes,
        "capacity": capacity,
        "holidays": sorted(day.isoformat() for day in set(holidays)),
        "exceptions": {
            day.isoformat(): _stored(hours) for day, hours in (exceptions or {}).items()
        },
    }
    BusinessProfile.objects.update_or_create(defaults=fields)
    record_audit(action="business.set", subject="business")


def make_agent(name: str) -> UUID:
    """The bound tenant's agent of that name, made if it is new; its id."""
    if not name.strip():
        raise BadWording("an agent needs a name")
    check_columns(Agent, {"name": name})
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


def erase_tool_runs(call_ids: Sequence[UUID]) -> None:
    """Erase what tools were asked and answered in these calls."""
    ToolRun.objects.filter(call_id__in=call_ids).delete()


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


def _stored(hours: Hours | None) -> list[str] | None:
    for at in hours or ():
        if at.second or at.microsecond or at.tzinfo is not None:
            raise BadHours(f"opening hours: {at}: expected a local time in whole minutes")
    return None if hours is None else [at.isoformat("minutes") for at in hours]
