"""What a try takes and gives: frozen. Everything in it is JSON."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

MAX_MESSAGES: Final = 40
MAX_CHARACTERS: Final = 500  # what a caller says in one breath is under 300


@dataclass(frozen=True, slots=True)
class TryMessage:
    """Something that was said: by the caller ("user") or by the agent ("assistant")."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class TriedSentence:
    """A sentence of the agent's, as it is written and as a voice would say it."""

    written: str
    spoken: str


@dataclass(frozen=True, slots=True)
class TriedPassage:
    """A piece of knowledge that was put before the model."""

    id: str
    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class TriedTool:
    """A tool that the model asked for; one that would change something is not run."""

    id: str
    name: str
    title: str
    arguments: dict[str, Any]
    ran: Annotated[bool, Meta(description="Whether it ran: only tools that read do")]
    problem: Annotated[
        str, Meta(description="Why it would be refused as it was asked for; empty: it would not")
    ] = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool that ran told the model."""

    id: str
    ok: bool
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TryTimes:
    """How long it took, in milliseconds after the words were there; None: it did not happen."""

    knowledge_ms: float | None
    first_token_ms: float | None
    first_sentence_ms: float | None
    total_ms: float


@dataclass(frozen=True, slots=True)
class TryDone:
    """The end of an answer: who gave it, how long it took, and whether the call would end."""

    model: str
    region: str
    times: TryTimes
    prompt_tokens: int | None
    ends_call: bool


@dataclass(frozen=True, slots=True)
class TryFailed:
    """There is no answer: `code` is for programs, `why` for people."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class TryAnswer:
    """All of one answer."""

    text: str
    sentences: tuple[TriedSentence, ...]
    passages: tuple[TriedPassage, ...]
    tools: tuple[TriedTool, ...]
    tool_results: tuple[ToolResult, ...]
    model: str
    region: str
    times: TryTimes
    prompt_tokens: int | None
    ends_call: Annotated[bool, Meta(description="Whether the agent would hang up after this")]


TryEvent = TriedSentence | TriedPassage | TriedTool | ToolResult | TryDone | TryFailed
EVENT_NAMES: Final[dict[type, str]] = {
    TriedSentence: "sentence",
    TriedPassage: "passage",
    TriedTool: "tool",
    ToolResult: "tool_result",
    TryDone: "done",
    TryFailed: "failed",
}
