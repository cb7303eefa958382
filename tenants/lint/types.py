"""What the lint is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


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


@dataclass(frozen=True, slots=True, order=True)
class ObjectName:
    """An object of the database: `kind` in PostgreSQL's words, `name` with its schema or table."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Described:
    """All that counts of one object, by its name; `part_of` is the relation it belongs to."""

    facts: Mapping[str, object]
    part_of: str = ""


Catalogue: TypeAlias = Mapping[ObjectName, Described]
