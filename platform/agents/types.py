"""What crosses this app's modules: frozen."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from warmline.kernel.agent import RECEPTIONIST, Limits, OnFailure, Voice
from warmline.kernel.vertical import ExtractionField

MAX_INSTRUCTIONS: Final = 4000  # characters: a thousand tokens
Fact = tuple[str, str]  # its label and its value, each as it is spoken


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything an agent is, as people edit it.

    `name` is how it introduces itself, empty: as the agent is called. `tools` names those of the
    vertical that it may use, `collections` the ids of what it may know; each empty: all.
    `extraction` is what is read out of each of its calls after the end; empty: the vertical's.
    `announces_recording` has it say before its greeting that the call is recorded.
    """

    greeting: str
    name: str = ""
    role: str = RECEPTIONIST
    instructions: str = ""
    facts: tuple[Fact, ...] = ()
    tools: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    voice: Voice = field(default_factory=Voice)
    language: str = "en"
    limits: Limits = field(default_factory=Limits)
    on_failure: OnFailure = "person"
    extraction: tuple[ExtractionField, ...] = ()
    announces_recording: bool = False


@dataclass(frozen=True, slots=True)
class ToolRunLine:
    """A tool that ran, as pages show it."""

    id: UUID
    call_id: UUID
    tool_call_id: str
    name: str
    arguments: dict[str, str]
    ok: bool
    result: dict[str, str]
    created_at: datetime
