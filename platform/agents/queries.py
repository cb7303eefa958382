"""The reads: what an agent brings to a call, and what its tools did. Inside the bound tenant."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from agents import registry
from agents.editing.wording import wording_of
from agents.errors import NoAgent
from agents.models import Agent, AgentVersion, BusinessProfile, ToolRun, VersionState
from agents.opening_hours import OpeningHours, opening_hours_of
from agents.recording_notice import announced
from agents.types import ToolRunLine, Wording
from rag import queries as rag_queries
from tenants import queries as tenants_queries
from verticals.spoken.days import date_words
from verticals.transfer import TRANSFER
from verticals.types import Business, Hours
from warmline.kernel.agent import RECEPTIONIST, AgentConfig
from warmline.kernel.clock import now
from warmline.kernel.prompt import Profile, render_prompt
from warmline.kernel.vertical import ExtractionField, Tool, Vertical
from warmline.kernel.wall_clock import parse_local_date, parse_local_time


def agent_config(agent_id: str | UUID, *, at: datetime | None = None) -> AgentConfig:
    """What the agent's live version gives to a call that starts now (or `at`); else `NoAgent`.

    The prompt is the same to the byte for every call of a version on one local day.
    """
    version = _version(agent_id, VersionState.LIVE)
    if version is None:
        raise NoAgent(f"agent {agent_id} has no live version")
    return _config_of_version(version, at)


def shadow_config(agent_id: str | UUID, *, at: datetime | None = None) -> AgentConfig:
    """The same for numbers in shadow mode: of the version in shadow, where there is one."""
    version = _version(agent_id, VersionState.SHADOW)
    if version is None:
        return agent_config(agent_id, at=at)
    return _config_of_version(version, at)


def _config_of_version(version: AgentVersion, at: datetime | None) -> AgentConfig:
    return config_of(
        wording_of(version),
        version_id=str(version.id),
        agent_id=str(version.agent_id),
        at=at,
    )


def config_of(
    wording: Wording, *, version_id: str, agent_id: str = "", at: datetime | None = None
) -> AgentConfig:
    """What a wording gives to a call of the bound tenant that starts now, or `at`."""
    tenant = tenants_queries.tenant()
    vertical = registry.vertical(tenant.vertical)
    today = (at or now()).astimezone(ZoneInfo(tenant.time_zone)).date()
    profile = Profile(
        business=tenant.name,
        agent=wording.name,
        business_kind=vertical.business_kind,
        facts=wording.facts,
        today=date_words(today),
        role=wording.role or RECEPTIONIST,
        instructions=wording.instructions,
    )
    return AgentConfig(
        agent_version_id=version_id,
        prompt=render_prompt(profile),
        greeting=_greeting(wording),
        tools=_tools(vertical, allowed=wording.tools),
        knowledge=rag_queries.knowledge_handle(wording.collections or None),
        vocabulary=wording.vocabulary,
        voice=wording.voice,
        language=wording.language,
        limits=wording.limits,
        on_failure=wording.on_failure,
        agent_id=agent_id,
    )


def _greeting(wording: Wording) -> str:
    if not wording.announces_recording:
        return wording.greeting
    return announced(wording.greeting, language=wording.language)


def extraction_of(version_id: str) -> tuple[ExtractionField, ...]:
    """What a version has read out of its calls after their end; by default its vertical's."""
    try:
        version = AgentVersion.objects.filter(pk=UUID(version_id)).only("extraction").first()
    except ValueError:
        version = None
    if version is not None and version.extraction:
        return msgspec.convert(version.extraction, tuple[ExtractionField, ...])
    return registry.vertical(tenants_queries.tenant().vertical).extraction


def agent_names() -> dict[UUID, str]:
    """The names of the bound tenant's agents, by id."""
    return dict(Agent.objects.order_by("name").values_list("id", "name"))


def agent_exists(agent_id: str | UUID) -> bool:
    """Whether the bound tenant has an agent of that id in use."""
    return Agent.objects.filter(pk=agent_id, archived_at=None).exists()


def agents_with_a_voice() -> frozenset[UUID]:
    """The bound tenant's agents that have a live version."""
    live = AgentVersion.objects.filter(state=VersionState.LIVE)
    return frozenset(live.values_list("agent_id", flat=True))


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


def hours_are_set() -> bool:
    """Whether the bound tenant has said when it works; it can be booked from then on."""
    return BusinessProfile.objects.exists()


def opening_hours() -> OpeningHours:
    """When the bound tenant works, as its people edit it; without hours before they are set."""
    try:
        return opening_hours_of(business())
    except NoAgent:
        return OpeningHours(hours=())


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


def _tools(vertical: Vertical, *, allowed: Sequence[str]) -> tuple[Tool, ...]:
    """The vertical's tools in its order; handing over to a person is always among them."""
    if not allowed:
        return vertical.tools
    return tuple(
        tool for tool in vertical.tools if tool.name in allowed or tool.name == TRANSFER.name
    )


def _version(agent_id: str | UUID, state: VersionState) -> AgentVersion | None:
    return AgentVersion.objects.filter(agent_id=agent_id, state=state).first()


def _hours(day: list[str] | None) -> Hours | None:
    return None if day is None else (parse_local_time(day[0]), parse_local_time(day[1]))
