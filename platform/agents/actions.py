"""The writes: agents, their versions, business hours. Inside the bound tenant."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from agents.editing.actions import create_agent, put_live
from agents.errors import BadHours
from agents.models import Agent, BusinessProfile, ToolRun
from agents.types import Wording
from tenants.actions import record_audit
from tenants.columns import check_columns
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
    check_columns(Agent, {"name": name})
    agent = Agent.objects.filter(name=name.strip()).first()
    return create_agent(name) if agent is None else agent.id


def go_live(agent_id: str | UUID, *, wording: Wording, note: str = "") -> UUID:
    """Let an agent speak by this wording from the next call on; its version's id.

    The same wording again changes nothing. `NotSpeakable` for what the lint calls an error.
    The version before is retired and kept: calls under way go on with it.
    """
    with transaction.atomic():
        return put_live(agent_id, wording=wording, note=note).id


def erase_tool_runs(call_ids: Sequence[UUID]) -> None:
    """Erase what tools were asked and answered in these calls."""
    ToolRun.objects.filter(call_id__in=call_ids).delete()


def _stored(hours: Hours | None) -> list[str] | None:
    for at in hours or ():
        if at.second or at.microsecond or at.tzinfo is not None:
            raise BadHours(f"opening hours: {at}: expected a local time in whole minutes")
    return None if hours is None else [at.isoformat("minutes") for at in hours]
