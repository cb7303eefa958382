"""What counts as right, and the confidence intervals of the shares that do."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from programs.frontdesk.types import Dialogue, DialogueMessage, DialogueToolCall

NOT_KNOWN = "do not have that information"
MEASURES = (
    "tool call exact",
    "fact in the reply",
    "says it does not know",
    "hand-over recall",
    "hand-over precision",
    "booking in 12 turns",
)
BARS = {
    "tool call exact": 0.90,
    "fact in the reply": 0.90,
    "says it does not know": 0.85,
    "hand-over recall": 0.95,
    "hand-over precision": 0.95,
    "booking in 12 turns": 0.80,
}


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model answered: words, or a tool call."""

    text: str = ""
    call: DialogueToolCall | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A dialogue cut just before one of the agent's turns, and the turn that is wanted."""

    dialogue: Dialogue
    wanted: DialogueMessage


@dataclass(frozen=True, slots=True)
class Proportion:
    """How many of how many cases were right."""

    right: int
    total: int

    @property
    def share(self) -> float:
        """The share that was right."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        if not self.total:
            return 0.0, 1.0
        z, n, p = 1.96, self.total, self.share
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


def plain(text: str) -> str:
    """Lower case, single spaces, no punctuation at the ends."""
    return re.sub(r"\s+", " ", text.lower()).strip(" .,!?")


def is_transfer(call: DialogueToolCall | None, dialogue: Dialogue) -> bool:
    """Whether a call hands over to a person: the last tool on the list does."""
    return call is not None and call.name == dialogue.tools[-1].name


def call_exact(case: Case, reply: ModelAnswer) -> bool:
    """The right tool with every argument exact."""
    want = case.wanted.call
    if want is None or reply.call is None:
        return False
    return reply.call.name == want.name and dict(reply.call.arguments) == dict(want.arguments)


def fact_given(case: Case, reply: ModelAnswer) -> bool:
    """The wanted fact is in the reply."""
    return plain(case.wanted.fact) in plain(reply.text)


def says_not_known(case: Case, reply: ModelAnswer) -> bool:
    """The reply says that it does not know, and holds no word that the honest sentence does not."""
    return NOT_KNOWN in plain(reply.text) and set(
        re.findall(r"[a-z0-9']+", plain(reply.text))
    ) <= set(re.findall(r"[a-z0-9']+", plain(case.wanted.text)))
