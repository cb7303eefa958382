"""What every vertical's tools take and give: frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from warmline.kernel.ids import CallId

Hours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Business:
    """When a tenant works: its clock, its opening hours by weekday (Monday first; None: closed),
    its visits.

    `capacity` visits of `slot_minutes` each can run at the same time; they begin on a grid of
    `step_minutes`.
    """

    time_zone: ZoneInfo
    week: tuple[Hours | None, ...]
    slot_minutes: int = 60
    step_minutes: int = 30
    capacity: int = 1

    def hours_on(self, day: date) -> Hours | None:
        """Opening and closing time of that day, or None when closed."""
        return self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """One tool call, checked against its schema, inside its tenant's transaction.

    `now` is aware.
    """

    call_id: CallId
    arguments: Mapping[str, str]
    business: Business
    now: datetime

    @property
    def local_now(self) -> datetime:
        """The moment on the business's own clock."""
        return self.now.astimezone(self.business.time_zone)


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What the model reads: short text by key, in the order of the contract.

    `ok` is false when nothing was done.
    """

    ok: bool
    result: dict[str, str]


Handler = Callable[[ToolRequest], ToolAnswer]
