"""What every vertical's tools take and give: frozen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from warmline.kernel.ids import CallId

# Over midnight when they end earlier; hours that end when they begin last 24 hours.
Hours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Business:
    """When a tenant works: its clock, its opening hours by weekday (Monday first; None: closed),
    its visits.

    `holidays` are local dates on which it does not open, `exceptions` those that have hours of
    their own (None: closed), which count before all else.
    `capacity` visits of `slot_minutes` each can run at the same time; they begin on a grid of
    `step_minutes`.
    """

    time_zone: ZoneInfo
    week: tuple[Hours | None, ...]
    slot_minutes: int = 60
    step_minutes: int = 30
    capacity: int = 1
    holidays: frozenset[date] = frozenset()
    exceptions: Mapping[date, Hours | None] = field(default_factory=dict)

    def hours_on(self, day: date) -> Hours | None:
        """The hours that begin on that day, or None when it does not open."""
        if day in self.exceptions:
            return self.exceptions[day]
        return None if day in self.holidays else self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What the model reads: short text by key, in the order of the contract.

    `ok` is false when nothing was done. `say` is what the caller is told in place of the model's
    words, from what was resolved; empty where those are left to the model.
    """

    ok: bool
    result: dict[str, str]
    say: str = ""


def _none_earlier() -> Sequence[ToolAnswer]:
    return ()


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """One tool call, checked against its schema, inside its tenant's transaction.

    `now` is aware. `language` is the tag of the agent's. `caller_number` is the caller's as its
    carrier vouches for it, empty when withheld. `earlier_answers` reads what this tool answered in
    this call before.
    """

    call_id: CallId
    arguments: Mapping[str, str]
    business: Business
    now: datetime
    caller_number: str = ""
    language: str = ""
    earlier_answers: Callable[[], Sequence[ToolAnswer]] = _none_earlier

    @property
    def local_now(self) -> datetime:
        """The moment on the business's own clock."""
        return self.now.astimezone(self.business.time_zone)


Handler = Callable[[ToolRequest], ToolAnswer]
