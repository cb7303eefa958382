"""What crosses this room's border: frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Final

from msgspec import Meta

from tenants.types import PricingPlan

# Minutes a month that a plan holds. More are taken: the company is told at 80 and at 100 percent.
PLAN_MINUTES: Final[Mapping[str, int]] = MappingProxyType(
    {PricingPlan.TRIAL: 100, PricingPlan.TEAM: 2_000, PricingPlan.SCALE: 20_000}
)
TOLD_AT_PERCENT: Final = (80, 100)
MAX_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Figures:
    """Calls and minutes of a while."""

    calls: Annotated[int, Meta(description="all calls to the company's numbers")]
    answered: Annotated[int, Meta(description="those that somebody, agent or person, answered")]
    missed: Annotated[int, Meta(description="those that nobody answered")]
    minutes: Annotated[float, Meta(description="from the answer to the end, to a tenth")]


@dataclass(frozen=True, slots=True)
class DayUsage:
    """One day on the company's own clock."""

    day: date
    calls: int
    answered: int
    missed: int
    minutes: float


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """One month on the company's own clock; of the first and last only the days asked for."""

    month: Annotated[str, Meta(description="such as 2026-11")]
    calls: int
    answered: int
    missed: int
    minutes: float


@dataclass(frozen=True, slots=True)
class MinuteQuota:
    """How much of this month's minutes is used."""

    month: str
    plan: str
    minutes: Annotated[int, Meta(description="what the plan holds")]
    used: float
    percent: int


@dataclass(frozen=True, slots=True)
class Usage:
    """A company's usage by day and month. `as_of` is when the figures were last added up."""

    since: date
    until: date
    time_zone: str
    as_of: datetime | None
    total: Figures
    quota: MinuteQuota
    days: tuple[DayUsage, ...]
    months: tuple[MonthUsage, ...]
