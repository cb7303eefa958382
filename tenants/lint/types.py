"""What the lint is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, and the query that lists where it does not (one text column)."""

    holds: str
    violations: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the database breaks, and the object that breaks it."""

    rule: str
    subject: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.rule}"
