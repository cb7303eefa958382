"""What a list of calls may be narrowed and sorted by. Frozen; parsed at the door, once for all.

The dashboard, the API, the commands and saved views say filters in the same words: the names of
`CallFilters`, each with a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from telephony.calls.call_state import END_REASONS, OUTCOMES, STATES
from telephony.calls.listing.terms import words_in
from warmline.kernel.errors import BadInput
from warmline.kernel.phone_numbers import caller_number
from warmline.kernel.text import why_unfit
from warmline.kernel.wall_clock import parse_moment

Sort = Literal["-started_at", "started_at", "-seconds", "seconds"]
SORTS: Final[tuple[Sort, ...]] = ("-started_at", "started_at", "-seconds", "seconds")
MODES: Final = ("live", "shadow")
AUDIENCES: Final = ("caller", "screen")
# As callers write it who give no number.
WITHHELD: Final = "withheld"
MAX_SECONDS: Final = 7 * 24 * 3600
MAX_WORDS: Final = 12
_MAX_CHARACTERS: Final = 200
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "state": STATES,
    "outcome": OUTCOMES,
    "end_reason": END_REASONS,
    "mode": MODES,
    "audience": AUDIENCES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilters:
    """Which calls: those that fit all that is set.

    `since` is included, `until` is not. `from_number` is "withheld" for callers who gave none.
    `said` are words that were all said in the call, by whomever; `tool` was asked for in it.
    """

    state: str = ""
    outcome: str = ""
    end_reason: str = ""
    mode: str = ""
    audience: str = ""
    from_number: str = ""
    to_number: str = ""
    agent: UUID | None = None
    version: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    min_seconds: int | None = None
    max_seconds: int | None = None
    said: str = ""
    tool: str = ""

    def __post_init__(self) -> None:
        """`BadInput` names the first filter that cannot be one."""
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            if value and value not in choices:
                raise BadInput(f"{name}: expected one of {', '.join(choices)}", field=name)
        for name in ("from_number", "to_number", "said", "tool"):
            why = why_unfit(getattr(self, name), limit=_MAX_CHARACTERS)
            if why:
                raise BadInput(f"{name}: expected {why}", field=name)
        for name in ("min_seconds", "max_seconds"):
            seconds = getattr(self, name)
            if seconds is not None and not 0 <= seconds <= MAX_SECONDS:
                raise BadInput(f"{name}: expected 0 to {MAX_SECONDS}", field=name)
        for name in ("since", "until"):
            at = getattr(self, name)
            if at is not None and at.tzinfo is None:
                raise BadInput(f"{name}: expected a time with its offset from UTC", field=name)
        if self.said and not 1 <= len(words_in(self.said)) <= MAX_WORDS:
            raise BadInput(f"said: expected 1 to {MAX_WORDS} words", field="said")

    @property
    def caller(self) -> str | None:
        """The caller's number as rows hold it: empty when withheld; None for any."""
        if not self.from_number:
            return None
        if self.from_number.casefold() == WITHHELD:
            return ""
        return caller_number(self.from_number) or self.from_number

    @property
    def by_words(self) -> bool:
        """Whether what was said or done in the call counts, and not its row alone."""
        return bool(self.said or self.tool)

    def given(self) -> dict[str, str]:
        """What is set, as texts: a saved view, the query of a page's address."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else str(value)
            for name in NAMES
            if (value := getattr(self, name)) not in ("", None)
        }


NAMES: Final = tuple(field.name for field in fields(CallFilters))
_READERS: Final[Mapping[str, tuple[Any, str]]] = {
    "agent": (UUID, "an agent's id"),
    "version": (UUID, "the id of an agent's version"),
    "since": (parse_moment, "a time such as 2026-03-01T09:00:00Z"),
    "until": (parse_moment, "a time such as 2026-03-01T09:00:00Z"),
    "min_seconds": (int, "a whole number"),
    "max_seconds": (int, "a whole number"),
}


def parsed_filters(texts: Mapping[str, str]) -> CallFilters:
    """Filters from texts by name, empty ones left out; `BadInput` says which is none, and why."""
    values: dict[str, Any] = {}
    for name, text in texts.items():
        if name not in NAMES:
            raise BadInput(f"{name[:40]}: expected one of {', '.join(NAMES)}", field=name[:40])
        if not text.strip():
            continue
        read, expected = _READERS.get(name, (str, ""))
        try:
            values[name] = read(text.strip())
        except (ValueError, OverflowError, BadInput):
            raise BadInput(f"{name}: expected {expected}", field=name) from None
    return CallFilters(**values)


def checked_sort(sort: str, filters: CallFilters) -> Sort:
    """The sort, if these filters can be read in that order."""
    if sort not in SORTS:
        raise BadInput(f"sort: expected one of {', '.join(SORTS)}", field="sort")
    if filters.by_words and sort.endswith("seconds"):
        raise BadInput(
            "sort: expected started_at or -started_at with words or a tool", field="sort"
        )
    return sort
