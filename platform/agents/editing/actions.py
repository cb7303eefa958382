"""The writes of an agent's life: made, drafted, tried on people alone, live, and back again.

Inside the bound tenant. A version is never changed: the database refuses it.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from agents.editing import queries
from agents.editing.diff import differences
from agents.editing.types import DraftPage, VersionLine
from agents.editing.wording import checked, columns_of, wording_of
from agents.errors import (
    AgentArchived,
    AgentExists,
    BadWording,
    DraftMoved,
    NoAgent,
    NoDraft,
    NotSpeakable,
    NoVersion,
)
from agents.lint.queries import findings_of
from agents.models import Agent, AgentDraft, AgentVersion, VersionState
from agents.types import Wording
from tenants.actions import record_audit
from tenants.actor import current_actor
from tenants.columns import check_columns
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType
from warmline.kernel.clock import now


def create_agent(name: str) -> UUID:
    """A new agent; its draft begins with its vertical's starter.

    `AgentExists` when another one has that name.
    """
    name = _checked_name(name)
    try:
        with transaction.atomic():
            agent = Agent.objects.create(name=name)
    except IntegrityError:
        raise AgentExists(f"an agent is called {name!r} already", field="name") from None
    record_audit(action="agent.make", subject=str(agent.id))
    return agent.id


def rename_agent(agent_id: str | UUID, *, name: str) -> None:
    """Call an agent otherwise in lists; how it introduces itself is its versions' own."""
    name = _checked_name(name)
    agent = agent_in_use(agent_id)
    if agent.name == name:
        return
    agent.name = name
    try:
        with transaction.atomic():
            agent.save(update_fields=["name"])
    except IntegrityError:
        raise AgentExists(f"an agent is called {name!r} already", field="name") from None
    record_audit(action="agent.rename", subject=str(agent.id))


def save_draft(agent_id: str | UUID, *, wording: Wording, revision: int | None = None) -> DraftPage:
    """Keep what is being written of an agent.

    `revision` is the one that it was written from: `DraftMoved` names what somebody else changed
    since, and keeps theirs. None takes the last one's place, whatever it is.
    """
    agent_in_use(agent_id)
    draft = queries.draft(agent_id)
    wording = checked(wording)
    if revision is not None and revision != draft.revision:
        raise DraftMoved(_moved(draft, wording))
    if draft.revision and draft.wording == wording:
        return draft
    fields = columns_of(wording) | {"edited_by": _actor(), "edited_at": now()}
    if draft.revision:
        AgentDraft.objects.filter(agent_id=agent_id).update(**fields, revision=draft.revision + 1)
    else:
        AgentDraft.objects.create(agent_id=draft.agent_id, based_on=draft.based_on, **fields)
    record_audit(
        action="agent.draft",
        subject=str(agent_id),
        detail={"fields": [change.field for change in differences(draft.wording, wording)]},
    )
    return queries.draft(agent_id)


def discard_draft(agent_id: str | UUID) -> None:
    """Forget what is being written; `NoDraft` where nothing is."""
    agent_in_use(agent_id)
    deleted, _ = AgentDraft.objects.filter(agent_id=agent_id).delete()
    if not deleted:
        raise NoDraft("nothing of this agent is being written")
    record_audit(action="agent.discard_draft", subject=str(agent_id))


def publish_draft(
    agent_id: str | UUID, *, note: str = "", revision: int | None = None
) -> VersionLine:
    """Let callers hear the draft from the next call on: it becomes the live version.

    `NotSpeakable` for what the lint calls an error; `DraftMoved` where it is not `revision` any
    more. The version before is retired and kept: calls under way go on with it.
    """
    agent, draft = _drafted(agent_id, revision)
    row = _add(agent, draft.wording, state=VersionState.LIVE, note=note)
    AgentDraft.objects.filter(agent=agent).delete()
    return queries.version_line(row)


def shadow_draft(
    agent_id: str | UUID, *, note: str = "", revision: int | None = None
) -> VersionLine:
    """Let numbers in shadow mode use the draft, while callers hear the live version."""
    agent, draft = _drafted(agent_id, revision)
    row = _add(agent, draft.wording, state=VersionState.SHADOW, note=note)
    AgentDraft.objects.filter(agent=agent).delete()
    return queries.version_line(row)


def publish_shadowed(agent_id: str | UUID, *, note: str = "") -> VersionLine:
    """Let callers hear the version that was in shadow; `NoVersion` where none is."""
    check_columns(AgentVersion, {"note": note})
    agent = agent_in_use(agent_id)
    row = _shadowed(agent)
    agent.versions.filter(state=VersionState.LIVE).update(state=VersionState.RETIRED)
    row.state, row.live_at, row.live_by = VersionState.LIVE, now(), _actor()
    row.save(update_fields=["state", "live_at", "live_by"])
    _tell(row, note=note)
    return queries.version_line(row)


def end_shadow(agent_id: str | UUID) -> None:
    """Take the version in shadow back; numbers in shadow mode use the live one again."""
    row = _shadowed(agent_in_use(agent_id))
    row.state = VersionState.RETIRED
    row.save(update_fields=["state"])
    _tell(row)


def revert(agent_id: str | UUID, *, number: int, note: str = "") -> VersionLine:
    """Go back to what an earlier version said, as a new live version.

    No lint stands in the way back; only what cannot be done any more does, as `BadWording`.
    """
    agent = agent_in_use(agent_id)
    earlier = queries.version(agent_id, number)
    if earlier.version.state == "live":
        raise BadWording(f"version {number} is live: expected an earlier one", field="number")
    row = _insert(agent, earlier.wording, state=VersionState.LIVE, note=note, reverted_from=number)
    return queries.version_line(row)


def put_live(agent_id: str | UUID, *, wording: Wording, note: str = "") -> AgentVersion:
    """Let callers hear this wording; the same again changes nothing. A draft stays as it is."""
    return _add(agent_in_use(agent_id), wording, state=VersionState.LIVE, note=note)


def _add(agent: Agent, wording: Wording, *, state: VersionState, note: str) -> AgentVersion:
    """A version of a wording that may speak, or the one in that state that says the same."""
    errors = [finding for finding in findings_of(wording) if finding.severity == "error"]
    if errors:
        raise NotSpeakable(errors)
    present = agent.versions.filter(state=state).first()
    if present is not None and wording_of(present) == _own(agent, wording):
        return present
    return _insert(agent, wording, state=state, note=note)


def _insert(
    agent: Agent,
    wording: Wording,
    *,
    state: VersionState,
    note: str,
    reverted_from: int | None = None,
) -> AgentVersion:
    made_by, at = _actor(), now()
    live: dict[str, Any] = {}
    if state == VersionState.LIVE:
        live = {"live_at": at, "live_by": made_by}
    agent.versions.filter(state=state).update(state=VersionState.RETIRED)
    row = AgentVersion.objects.create(
        agent=agent,
        number=agent.versions.count() + 1,
        state=state,
        note=note.strip(),
        made_by=made_by,
        reverted_from=reverted_from,
        **live,
        **columns_of(_own(agent, wording)),
    )
    _tell(row, note=note)
    return row


def _own(agent: Agent, wording: Wording) -> Wording:
    """A version's own: it goes on introducing itself so, whatever the agent is called later."""
    return checked(replace(wording, name=wording.name.strip() or agent.name))


def _tell(row: AgentVersion, *, note: str = "") -> None:
    detail = {
        "agent_id": str(row.agent_id),
        "version": row.number,
        "version_id": str(row.id),
        "state": str(row.state),
        "reverted_from": row.reverted_from,
    }
    record_audit(
        action=f"agent.{row.state}", subject=str(row.id), detail=detail | {"note": note.strip()}
    )
    announce(EventType.AGENT_CHANGED, detail)


def held_agent(agent_id: str | UUID) -> Agent:
    """The agent, archived or not; until the transaction ends nobody else's to change."""
    agent = Agent.objects.select_for_update().filter(pk=agent_id).first()
    if agent is None:
        raise NoAgent(f"no agent {agent_id}")
    return agent


def agent_in_use(agent_id: str | UUID) -> Agent:
    """The same of an agent that is in use; `AgentArchived` for one that is not."""
    agent = held_agent(agent_id)
    if agent.archived_at is not None:
        raise AgentArchived(f"{agent.name} is archived: restore it first")
    return agent


def _drafted(agent_id: str | UUID, revision: int | None) -> tuple[Agent, DraftPage]:
    agent = agent_in_use(agent_id)
    draft = queries.draft(agent_id)
    if not draft.revision:
        raise NoDraft("nothing of this agent is being written: save a draft first")
    if revision is not None and revision != draft.revision:
        raise DraftMoved(
            f"the draft is at revision {draft.revision}, saved by {draft.edited_by}; "
            f"expected {revision}: read it again, then decide"
        )
    return agent, draft


def _shadowed(agent: Agent) -> AgentVersion:
    row = agent.versions.filter(state=VersionState.SHADOW).first()
    if row is None:
        raise NoVersion(f"{agent.name} has no version in shadow")
    return row


def _moved(draft: DraftPage, wording: Wording) -> str:
    fields = [change.field for change in differences(draft.wording, wording)]
    return (
        f"{draft.edited_by or 'somebody'} changed this meanwhile (revision {draft.revision}); "
        f"yours differs in {', '.join(fields) or 'nothing'}: read it again, then decide"
    )


def _checked_name(name: str) -> str:
    if not name.strip():
        raise BadWording("an agent needs a name", field="name")
    check_columns(Agent, {"name": name})
    if len(name.strip().splitlines()) > 1:
        raise BadWording("name: expected one line", field="name")
    return name.strip()


def _actor() -> str:
    actor = current_actor()
    return actor.label or str(actor)
