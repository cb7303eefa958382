"""What crosses this app's modules: frozen."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from warmline.kernel.agent import Limits, Voice

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version says; `tools` names those of the vertical that it may use, empty: all."""

    greeting: str
    facts: tuple[Fact, ...] = ()
    tools: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    voice: Voice = field(default_factory=Voice)
    language: str = "en"
    limits: Limits = field(default_factory=Limits)


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
