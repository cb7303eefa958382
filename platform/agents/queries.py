"""The reads: what an agent brings to a call, and what its tools did. Inside the bound tenant."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from agents import registry
from agents.errors import NoAgent
from agents.models import Agent, AgentVersion, BusinessProfile, ToolRun, VersionState
from agents.types import ToolRunLine
from rag import queries as rag_queries
from tenants import queries as tenants_queries
from verticals.spoken.days import date_words
from verticals.transfer import TRANSFER
from verticals.types import Business, Hours
from warmline.kernel.agent import AgentConfig, Limits, Voice
from warmline.kernel.clock import now
from warmline.kernel.prompt import Profile, render_prompt
from warmline.kernel.vertical import Tool, Vertical
from warmline.kernel.wall_clock import parse_local_date, parse_local_time


def agent_config(agent_id: str | UUID, *, at: datetime | None = None) -> AgentConfig:
    """What the agent's live version gives to a call that starts now (or `at`); else `NoAgent`.

    The prompt is the same to the byte for every call of a version on one local day.
    """
    version = (
        AgentVersion.objects.select_related("agent")
        .filter(agent_id=agent_id, state=VersionState.LIVE)
        .first()
    )
    if version is None:
        raise NoAgent(f"agent {agent_id} has no live version")
    tenant = tenants_queries.tenant()
    vertical = registry.vertical(tenant.vertical)
    today = (at or now()).astimezone(ZoneInfo(tenant.time_zone)).date()
    profile = Profile(
        business=tenant.name,
        agent=version.agent.name,
        business_kind=vertical.business_kind,
        facts=tuple((label, value) for label, value in version.facts),
        today=date_words(today),
    )
    return AgentConfig(
        agent_version_id=str(version.id),
        prompt=render_prompt(profile),
        greeting=version.greeting,
        tools=_tools(vertical, allowed=version.tools),
        knowledge=rag_queries.knowledge_handle(),
        vocabulary=tuple(version.vocabulary),
        voice=Voice(name=version.voice, speed=version.speed),
        language=version.language,
        limits=msgspec.convert(version.limits, Limits),
    )


def agent_exists(agent_id: str | UUID) -> bool:
    """Whether the bound tenant has an agent of that id."""
    return Agent.objects.filter(pk=agent_id).exists()


def business() -> Business:
    """When the bound tenant works; `NoAgent` before its profile is set."""
    profile = BusinessProfile.objects.first()
    if profile is None:
        raise NoAgent("this tenant has no business profile: opening hours are not set")
    return Business(
        time_zone=ZoneInfo(tenants_queries.tenant().time_zone),
        week=tuple(_hours(day) for day in profile.week),
        slot_minutes=profile.slot_minutes,
        step_minutes=profile.step_minutes,
        capacity=profile.capacity,
        holidays=frozenset(parse_local_date(day) for day in profile.holidays),
        exceptions={
            parse_local_date(day): _hours(hours) for day, hours in profile.exceptions.items()
        },
    )


def transfer_wish(call_id: str | UUID) -> str | None:
    """Why the agent last asked in this call to put the caller through to a person, or None."""
    run = (
        ToolRun.objects.filter(call_id=call_id, name=TRANSFER.name, ok=True).order_by("-id").first()
    )
    return None if run is None else str(run.arguments.get("reason", ""))


def tool_runs(call_id: str | UUID) -> tuple[ToolRunLine, ...]:
    """What the agent's tools did in a call, oldest first."""
    return tuple(_lines(ToolRun.objects.filter(call_id=call_id).order_by("id")))


def _lines(runs: Iterable[ToolRun]) -> Iterable[ToolRunLine]:
    for run in runs:
        yield ToolRunLine(
            id=run.id,
            call_id=run.call_id,
            tool_call_id=run.tool_call_id,
            name=run.name,
            arguments=run.arguments,
            ok=run.ok,
            result=run.result,
            created_at=run.created_at,
        )


def _tools(vertical: Vertical, *, allowed: list[str]) -> tuple[Tool, ...]:
    """The vertical's tools in its order; handing over to a person is always among them."""
    if not allowed:
        return vertical.tools
    return tuple(
        tool for tool in vertical.tools if tool.name in allowed or tool.name == TRANSFER.name
    )


def _hours(day: list[str] | None) -> Hours | None:
    return None if day is None else (parse_local_time(day[0]), parse_local_time(day[1]))
