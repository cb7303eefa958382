"""A file becomes an agent; the same file again changes nothing. Inside the bound tenant."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from agents.agent_file.knowledge import ids_of, with_names
from agents.agent_file.types import AgentFile
from agents.editing import actions, queries
from agents.editing.diff import FieldChange, differences
from agents.editing.wording import checked
from agents.errors import NoAgent, NoVersion
from agents.lint.findings import Finding
from agents.lint.queries import findings_of
from agents.types import Wording


@dataclass(frozen=True, slots=True)
class AppliedFile:
    """What a file changed, or would change, of its agent, and what the lint says of it.

    `agent_id` is None for an agent that is not there yet, `version` None where none went live.
    """

    agent: str
    agent_id: UUID | None
    new: bool
    changes: tuple[FieldChange, ...]
    findings: tuple[Finding, ...]
    version: int | None = None


def preview_draft(file: AgentFile) -> AppliedFile:
    """What the file would change of the agent's draft; nothing is written."""
    agent_id = _known(file)
    return _compared(file, agent_id, None if agent_id is None else queries.draft(agent_id).wording)


def preview_live(file: AgentFile) -> AppliedFile:
    """What the file would change of what callers hear; nothing is written."""
    agent_id = _known(file)
    return _compared(file, agent_id, None if agent_id is None else _live(agent_id))


def apply_draft(file: AgentFile) -> AppliedFile:
    """Make the file the agent's draft; the agent is made where it is new."""
    with transaction.atomic():
        applied = preview_draft(file)
        agent_id = applied.agent_id or actions.create_agent(file.agent)
        if applied.changes:
            actions.save_draft(agent_id, wording=_wording(file))
    return AppliedFile(file.agent, agent_id, applied.new, applied.changes, applied.findings)


def apply_live(file: AgentFile, *, note: str = "") -> AppliedFile:
    """Let callers hear what the file says; a draft that says the same is used up by it."""
    with transaction.atomic():
        applied = preview_live(file)
        agent_id = applied.agent_id or actions.create_agent(file.agent)
        version = actions.put_live(agent_id, wording=_wording(file), note=note)
        draft = queries.draft(agent_id)
        if draft.revision and draft.wording == checked(_wording(file)):
            actions.discard_draft(agent_id)
    return AppliedFile(
        file.agent, agent_id, applied.new, applied.changes, applied.findings, version.number
    )


def _wording(file: AgentFile) -> Wording:
    return file.wording(collections=ids_of(file.collections))


def _known(file: AgentFile) -> UUID | None:
    try:
        return queries.agent_named(file.agent).id
    except NoAgent:
        return None


def _live(agent_id: UUID) -> Wording | None:
    try:
        return queries.wording_at(agent_id, "live")
    except NoVersion:
        return None


def _compared(file: AgentFile, agent_id: UUID | None, before: Wording | None) -> AppliedFile:
    after = checked(_wording(file))
    changes = with_names(differences(before or Wording(greeting=""), after))
    return AppliedFile(file.agent, agent_id, agent_id is None, changes, findings_of(after))
