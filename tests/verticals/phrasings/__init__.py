"""Phrasings of days and times with what is meant, and how many of them are read rightly.

A list is lines of "said = meant" under "[kind, context]": the context is today's date for days and
the opening hours for times, and what is meant may be "ask".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from verticals.spoken.days import parse_day
from verticals.spoken.times import parse_time

ASK = "ask"
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Phrasing:
    """What was said, in which context, what is meant and what is read."""

    kind: str
    context: str
    said: str
    meant: str
    read: str

    @property
    def is_wrong(self) -> bool:
        """Another day or time than is meant: worse than a question too many."""
        return self.read not in (ASK, self.meant)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a list was read."""

    right: int
    asked_in_vain: tuple[Phrasing, ...]
    wrong: tuple[Phrasing, ...]

    @property
    def share_right(self) -> float:
        """The share that was read as meant."""
        return self.right / (self.right + len(self.asked_in_vain) + len(self.wrong))


def figures(phrasings: Iterable[Phrasing]) -> Figures:
    """How many were right, asked about in vain, and wrong."""
    every = list(phrasings)
    missed = [phrasing for phrasing in every if phrasing.read != phrasing.meant]
    wrong = tuple(phrasing for phrasing in missed if phrasing.is_wrong)
    asked = tuple(phrasing for phrasing in missed if not phrasing.is_wrong)
    return Figures(len(every) - len(missed), asked, wrong)


def days(name: str = "days") -> Iterator[Phrasing]:
    """A list of days, as they are read now."""
    for kind, context, said, meant in _lines(FOLDER / f"{name}.txt"):
        day = parse_day(said, today=date.fromisoformat(context))
        yield Phrasing(kind, context, said, meant, day.isoformat() if day else ASK)


def times(name: str = "times") -> Iterator[Phrasing]:
    """A list of times, as they are read now."""
    for kind, context, said, meant in _lines(FOLDER / f"{name}.txt"):
        opening, closing = context.split("-")
        hours = (time.fromisoformat(opening), time.fromisoformat(closing))
        at = parse_time(said, open_between=hours)
        yield Phrasing(kind, context, said, meant, ASK if at is None else f"{at:%H:%M}")


def _lines(path: Path) -> Iterator[tuple[str, str, str, str]]:
    kind = context = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind, context = line.strip("[]").rsplit(", ", 1)
        elif line.strip() and not line.startswith("#"):
            said, meant = line.rsplit("= ", 1)
            yield kind, context, said.strip(), meant
