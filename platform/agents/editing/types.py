"""What readers get of agents, their drafts and their versions: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from agents.types import Wording

State = Literal["shadow", "live", "retired"]


@dataclass(frozen=True, slots=True)
class AgentLine:
    """An agent in a list: which versions speak, and whether one is being written."""

    id: UUID
    name: str
    live_version: Annotated[int | None, Meta(description="Whose words callers hear now")]
    shadow_version: Annotated[int | None, Meta(description="What numbers in shadow mode use")]
    has_draft: Annotated[bool, Meta(description="Whether somebody has begun to change it")]
    changed_at: datetime
    created_at: datetime
    archived_at: Annotated[datetime | None, Meta(description="Out of use since; null: in use")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What is being written of an agent; revision 0 is nobody's yet, with the live version's words.

    `based_on` is the version that it began from.
    """

    agent_id: UUID
    agent_name: str
    revision: int
    based_on: int | None
    edited_by: str
    edited_at: datetime | None
    wording: Wording


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a list: who made it, when and why."""

    id: UUID
    number: int
    state: State
    note: str
    made_by: str
    created_at: datetime
    live_at: datetime | None
    live_by: str
    reverted_from: Annotated[
        int | None, Meta(description="The earlier version whose words these are again")
    ]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with everything that it says."""

    version: VersionLine
    agent_id: UUID
    agent_name: str
    wording: Wording
