"""Frozen data that the generator, the trainer and the evaluation share."""

from __future__ import annotations

from dataclasses import dataclass, field

Role = str  # "system" | "user" | "assistant" | "tool"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function's name and its arguments, in the schema's order."""

    name: str
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `target` marks what the model is to learn to say,
    `act` names it for the evaluation.
    """

    role: Role
    text: str = ""
    call: ToolCall | None = None
    target: bool = False
    act: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function offered to the model; optional arguments come after the required ones."""

    name: str
    description: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A whole conversation under one system prompt."""

    vertical: str
    tools: tuple[Tool, ...]
    messages: tuple[Message, ...] = field(default=())
