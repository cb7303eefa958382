"""A conversation as evidence for a tool's arguments: who said what, in order. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from verticals.spoken.numbers import words_of

# What the caller said, what the agent said, and what tools and knowledge have told.
Source = Literal["caller", "agent", "tool", "knowledge"]
_SOURCES: Final[dict[str, Source]] = {
    "user": "caller",
    "assistant": "agent",
    "tool": "tool",
    "system": "knowledge",
}
_AGREES: Final = re.compile(
    r"\W*(?:oh |um |uh |well )*(?:yes|yeah|yep|yup|sure|okay|ok|right|correct|perfect|great|fine"
    r"|sounds good|that works|that's fine|that is fine|that's right|please do|go ahead"
    r"|of course)\b",
    re.IGNORECASE,
)
# What stands before the last of these in a breath was taken back.
_CORRECTION: Final = re.compile(
    r"\b(?:no wait|wait no|no no|actually|i mean|i meant|sorry|make (?:that|it)|scratch that"
    r"|or rather|let's say|correction|no)\b[,\s]*",
    re.IGNORECASE,
)
_NEGATION: Final = re.compile(
    r"(?:\bnot|\bexcept|\bbut not|\binstead of|\brather than|\banything but|n't do|n't make"
    r"|n't come|\bcannot do|\bcannot make)\s+(?:on |at |the |for |that )*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a conversation."""

    source: Source
    text: str


def evidence(messages: Sequence[tuple[str, str | None]]) -> tuple[Said, ...]:
    """The lines of a conversation from its messages' roles and texts; others say nothing."""
    return tuple(Said(_SOURCES[role], text) for role, text in messages if text and role in _SOURCES)


def agrees(text: str) -> bool:
    """Whether a caller's words take up what he was asked."""
    return _AGREES.match(text) is not None


def standing_parts(text: str) -> list[str]:
    """A breath cut at its corrections, the last part first: "tuesday, no, wednesday"."""
    return [part for part in reversed(_CORRECTION.split(text)) if part.strip()]


def windows(text: str, *, longest: int) -> list[str]:
    """Every run of at most so many words of a text; those that are negated are left out."""
    tokens = list(re.finditer(r"\S+", text))
    found: list[str] = []
    for start, token in enumerate(tokens):
        if _NEGATION.search(text[: token.start()]):
            continue
        for end in range(start, min(start + longest, len(tokens))):
            found.append(text[token.start() : tokens[end].end()])
    return found


def callers_words(said: Sequence[Said]) -> list[str]:
    """All words of the caller's, as they are compared."""
    return [word for line in said if line.source == "caller" for word in words_of(line.text)]
