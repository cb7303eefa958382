"""What written forms mean: money, times, dates, telephone numbers and their like, frozen."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217): $1,200.50 is 1200.50 USD."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day as it is written: without `half`, hours to 12 may be of either half."""

    hour: int
    minute: int
    half: Literal["am", "pm", ""] = ""


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day of a month, with or without its year."""

    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Digits:
    """What is read out sign by sign: a telephone number or a code, in the groups it is written."""

    groups: tuple[str, ...]

    @property
    def all(self) -> str:
        """Without its groups."""
        return "".join(self.groups)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it counts: nothing, "percent", or a unit of CLDR ("duration-hour")."""

    number: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fraction:
    """2½ is 2, 1, 2."""

    whole: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Ordinal:
    """The 21st."""

    number: int


@dataclass(frozen=True, slots=True)
class Year:
    """A number that names a year."""

    number: int


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail or web address."""

    text: str


Single: TypeAlias = (
    Money | ClockTime | CalendarDate | Digits | Amount | Fraction | Ordinal | Year | Address
)


@dataclass(frozen=True, slots=True)
class Span:
    """From one value to another; `link` is the word between them ("to", "by")."""

    first: Single
    last: Single
    link: Literal["to", "by"] = "to"


Value: TypeAlias = Single | Span


@dataclass(frozen=True, slots=True)
class Written:
    """A value and where it stands in a text: from `begins` up to `ends`."""

    value: Value
    begins: int
    ends: int
