"""Frozen data that the generator, the trainer and the evaluation share."""

from __future__ import annotations

from dataclasses import dataclass, field

Role = str  # "system" | "user" | "assistant" | "tool"


@dataclass(frozen=True, slots=True)
class DialogueToolCall:
    """A function's name and its arguments, in the schema's order."""

    name: str
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DialogueMessage:
    """One message; a `target` is learnt, `act` names what it does for the evaluation."""

    role: Role
    text: str = ""
    call: DialogueToolCall | None = None
    target: bool = False
    act: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class DialogueTool:
    """A function offered to the model; optional arguments come after the required ones."""

    name: str
    description: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A whole conversation under one system prompt."""

    vertical: str
    tools: tuple[DialogueTool, ...]
    messages: tuple[DialogueMessage, ...] = field(default=())
