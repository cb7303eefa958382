"""What is read out of calls, as rows of the agent's page.

An agent that names nothing shows its vertical's, and left alone they stay the vertical's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, cast

from django.http import QueryDict

from agents.types import Wording
from warmline.kernel.errors import BadInput
from warmline.kernel.vertical import ExtractionField, ExtractionType, Vertical

KINDS: Final = (("text", "In the caller's words"), ("yes_no", "Yes or no"))


@dataclass(frozen=True, slots=True)
class ExtractionRow:
    """A row: under which name, what is looked for, of which type; what is wrong with it."""

    name: str = ""
    description: str = ""
    type: str = "text"
    problem: str = ""

    @property
    def is_filled(self) -> bool:
        """Whether it says something."""
        return bool(self.name.strip() or self.description.strip())


def rows_of(wording: Wording, vertical: Vertical) -> list[ExtractionRow]:
    """What the agent's calls are read for, and an empty row."""
    shown = wording.extraction or vertical.extraction
    return [*(ExtractionRow(one.name, one.description, one.type) for one in shown), ExtractionRow()]


def given_rows(data: QueryDict) -> list[ExtractionRow]:
    """The rows as they were sent."""
    columns = (data.getlist(f"extraction_{name}") for name in ("name", "description", "type"))
    return [ExtractionRow(*row) for row in zip(*columns, strict=False)]


def filled(rows: Iterable[ExtractionRow]) -> list[ExtractionRow]:
    """The rows that say something."""
    return [row for row in rows if row.is_filled]


def chosen(rows: Iterable[ExtractionRow], vertical: Vertical) -> tuple[ExtractionField, ...]:
    """What the rows ask for; none where it is just what the vertical asks for."""
    asked = tuple(
        ExtractionField(_key(row.name), row.description.strip(), cast("ExtractionType", row.type))
        for row in filled(rows)
    )
    return () if asked == vertical.extraction else asked


def with_problem(rows: list[ExtractionRow], number: int, error: BadInput) -> list[ExtractionRow]:
    """The rows with the refusal beside the filled row of that number."""
    wrong = filled(rows)[number]
    return [replace(row, problem=str(error)) if row is wrong else row for row in rows]


def _key(name: str) -> str:
    """ "Customer name" as it is kept: customer_name."""
    return "_".join(name.lower().split())
