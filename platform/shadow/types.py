"""What crosses this app's modules: frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Literal
from uuid import UUID

ActionKind = Literal["book", "transfer", "look_up"]
Choice = Literal["agree", "agent_better", "human_better", "unsafe"]
# What a reviewer may think of a run, in words.
VERDICTS: Final[Mapping[Choice, str]] = {
    "agree": "both are fine",
    "agent_better": "the agent was better",
    "human_better": "the person was better",
    "unsafe": "the agent was unsafe",
}


@dataclass(frozen=True, slots=True)
class Action:
    """Something done for the caller; `arguments` are words as said, as far as made out."""

    kind: ActionKind
    name: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two said and did after a caller's turn."""

    text: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedTurn:
    """One caller turn with both answers: the agent's, on the screen, and the person's, spoken."""

    number: int
    caller: str
    agent: Side
    human: Side


@dataclass(frozen=True, slots=True)
class CallDay:
    """What words are read against: the day of the call and that day's opening hours."""

    today: date
    open_between: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class AgreementScore:
    """How far the agent agreed with the person, from 0 to 1; None with nothing to compare."""

    overall: float | None
    meaning: float | None
    facts: float | None
    action: float | None
    because: str
    unjudged: str = ""  # why only a person can tell; then there is no overall score


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """What a reviewer thought."""

    reviewer: str
    choice: Choice
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunLine:
    """A scored call in a list."""

    id: UUID
    call_id: UUID
    from_number: str
    to_number: str
    called_at: datetime
    turns: int
    unjudged: int  # turns that wait for a person
    score: float | None
    verdicts: tuple[Choice, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TurnPage:
    """One turn side by side."""

    number: int
    caller: str
    agent: Side
    human: Side
    score: AgreementScore


@dataclass(frozen=True, slots=True)
class RunPage:
    """All of one scored call."""

    run: RunLine
    agent_version_id: str
    turns: tuple[TurnPage, ...]
    verdicts: tuple[VerdictLine, ...]
