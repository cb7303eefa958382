"""The reads: agents, what is being written of them, and their versions. Inside the bound tenant."""

from typing import Any, Final, cast
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from agents.editing.starters import starter_wording
from agents.editing.types import AgentLine, DraftPage, State, VersionLine, VersionPage
from agents.editing.wording import wording_of
from agents.errors import NoAgent, NoVersion
from agents.models import Agent, AgentDraft, AgentVersion, VersionState
from agents.types import Wording
from tenants.api.pages import Page, decode_cursor, encode_cursor
from warmline.kernel.errors import BadInput

MAX_AGENTS: Final = 500
MAX_NUMBER: Final = 2**31


def agents_page(
    *, limit: int = 25, cursor: str | None = None, archived: bool = False
) -> Page[AgentLine]:
    """The tenant's agents, newest first: those in use, or those that are archived."""
    kind = f"agents:{archived}"
    rows = _agents().filter(archived_at__isnull=not archived)
    if cursor:
        (before,) = decode_cursor(kind, cursor)
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    following = encode_cursor(kind, [str(found[limit - 1].id)]) if len(found) > limit else None
    return Page(tuple(_line(row) for row in found[:limit]), following)


def agents() -> tuple[AgentLine, ...]:
    """The tenant's agents that are in use, by name, at most 500."""
    rows = _agents().filter(archived_at=None)
    return tuple(_line(row) for row in rows.order_by("name")[:MAX_AGENTS])


def archived_agents() -> tuple[AgentLine, ...]:
    """The tenant's agents that are archived, by name, at most 500."""
    rows = _agents().filter(archived_at__isnull=False)
    return tuple(_line(row) for row in rows.order_by("name")[:MAX_AGENTS])


def agent(agent_id: str | UUID) -> AgentLine:
    """One agent; `NoAgent` when the tenant has none of that id."""
    row = _agents().filter(pk=agent_id).first()
    if row is None:
        raise NoAgent(f"no agent {agent_id}")
    return _line(row)


def agent_named(name: str) -> AgentLine:
    """The agent of that name; `NoAgent` when there is none."""
    row = _agents().filter(name=name.strip()).first()
    if row is None:
        raise NoAgent(f"no agent is called {name[:60]!r}")
    return _line(row)


def draft(agent_id: str | UUID) -> DraftPage:
    """What is being written of an agent.

    Where nobody has begun, revision 0: its live version's words, else its vertical's starter.
    """
    row = AgentDraft.objects.select_related("agent").filter(agent_id=agent_id).first()
    if row is not None:
        return DraftPage(
            agent_id=row.agent_id,
            agent_name=row.agent.name,
            revision=row.revision,
            based_on=row.based_on,
            edited_by=row.edited_by,
            edited_at=row.edited_at,
            wording=wording_of(row),
        )
    agent = _row(agent_id)
    version = _newest(agent)
    return DraftPage(
        agent_id=agent.id,
        agent_name=agent.name,
        revision=0,
        based_on=None if version is None else version.number,
        edited_by="",
        edited_at=None,
        wording=starter_wording(agent.name) if version is None else wording_of(version),
    )


def versions_page(
    agent_id: str | UUID, *, limit: int = 25, cursor: str | None = None
) -> Page[VersionLine]:
    """An agent's versions, newest first."""
    kind = f"agent-versions {agent_id}"
    rows = _row(agent_id).versions.order_by("-number")
    if cursor:
        (before,) = decode_cursor(kind, cursor)
        rows = rows.filter(number__lt=before)
    lines = [version_line(row) for row in rows[: limit + 1]]
    more = len(lines) > limit
    following = encode_cursor(kind, [lines[limit - 1].number]) if more else None
    return Page(tuple(lines[:limit]), following)


def version(agent_id: str | UUID, number: int) -> VersionPage:
    """One version with all that it says; `NoVersion` when the agent has none of that number."""
    agent = _row(agent_id)
    row = agent.versions.filter(number=number).first() if 0 < number < MAX_NUMBER else None
    if row is None:
        raise NoVersion(f"{agent.name} has no version {number}")
    return VersionPage(
        version=version_line(row),
        agent_id=agent.id,
        agent_name=agent.name,
        wording=wording_of(row),
    )


def wording_at(agent_id: str | UUID, place: str) -> Wording:
    """An agent's wording as "draft", as "live" or "shadow", or by a version's number."""
    if place == "draft":
        return draft(agent_id).wording
    if place.isascii() and place.isdecimal() and len(place) < 10:
        return version(agent_id, int(place)).wording
    if place not in (VersionState.LIVE, VersionState.SHADOW):
        raise BadInput(f"version {place[:40]!r}: expected draft, live, shadow or a number")
    agent = _row(agent_id)
    row = agent.versions.filter(state=place).first()
    if row is None:
        raise NoVersion(f"{agent.name} has no {place} version")
    return wording_of(row)


def version_line(row: AgentVersion) -> VersionLine:
    """A version's row as readers get it."""
    return VersionLine(
        id=row.id,
        number=row.number,
        state=cast("State", row.state),
        note=row.note,
        made_by=row.made_by,
        created_at=row.created_at,
        live_at=row.live_at,
        live_by=row.live_by,
        reverted_from=row.reverted_from,
    )


def _row(agent_id: str | UUID) -> Agent:
    row = Agent.objects.filter(pk=agent_id).first()
    if row is None:
        raise NoAgent(f"no agent {agent_id}")
    return row


def _newest(agent: Agent) -> AgentVersion | None:
    """The live version, else the last one."""
    versions = agent.versions.order_by("-number")
    return versions.filter(state=VersionState.LIVE).first() or versions.first()


def _agents() -> QuerySet[Agent]:
    versions = AgentVersion.objects.filter(agent=OuterRef("pk"))
    drafts = AgentDraft.objects.filter(agent=OuterRef("pk"))
    return Agent.objects.annotate(
        live_version=Subquery(versions.filter(state=VersionState.LIVE).values("number")[:1]),
        shadow_version=Subquery(versions.filter(state=VersionState.SHADOW).values("number")[:1]),
        versioned_at=Subquery(versions.order_by("-number").values("created_at")[:1]),
        edited_at=Subquery(drafts.values("edited_at")[:1]),
    )


def _line(row: Any) -> AgentLine:
    changes = [at for at in (row.edited_at, row.versioned_at) if at is not None]
    return AgentLine(
        id=row.id,
        name=row.name,
        live_version=row.live_version,
        shadow_version=row.shadow_version,
        has_draft=row.edited_at is not None,
        changed_at=max(changes, default=row.created_at),
        created_at=row.created_at,
        archived_at=row.archived_at,
    )
