"""What the lint finds: frozen."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from agents.types import Wording
from verticals.types import Business

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that callers would suffer from; an error keeps a wording from going live."""

    field: Annotated[str, Meta(description="Where it stands: greeting, facts.0.value, voice.name")]
    severity: Severity
    code: Annotated[str, Meta(description="What programs know it by")]
    why: str
    fix: Annotated[str, Meta(description="What to do about it")]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: a wording, the system message that comes of it, when its company works,
    and the collections of knowledge that there are.
    """

    wording: Wording
    prompt: str
    business: Business | None
    collections: frozenset[str] = frozenset()

    def spoken_texts(self) -> tuple[tuple[str, str], ...]:
        """Everything that a voice may say, by its field."""
        facts: list[tuple[str, str]] = []
        for number, (label, value) in enumerate(self.wording.facts):
            facts += [(f"facts.{number}.label", label), (f"facts.{number}.value", value)]
        return (("name", self.wording.name), ("greeting", self.wording.greeting), *facts)

    def all_texts(self) -> tuple[tuple[str, str], ...]:
        """Everything that a model reads, by its field."""
        wording = self.wording
        words = enumerate(wording.vocabulary)
        return (
            *self.spoken_texts(),
            ("role", wording.role),
            ("instructions", wording.instructions),
            *((f"vocabulary.{number}", word) for number, word in words),
        )
