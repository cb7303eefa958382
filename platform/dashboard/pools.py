"""Pools as an operator watches them: expected, filled, wanted, warm, and why, over the last hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from inference import queries as inference
from inference.queries import ColdStart, Course, Decided, Moment, PoolLine

WINDOW, SHORTEST = timedelta(hours=6), timedelta(minutes=10)
WIDTH, HEIGHT = 600, 90  # the picture's own units; the page scales it


@dataclass(frozen=True, slots=True)
class Picture:
    """Stepped lines on one scale, as SVG paths; an empty one says nothing. `most` is the top of the scale."""

    want: str
    warm: str
    filled: str
    expected: str
    most: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class PoolCard:
    """All that the page shows of a pool."""

    line: PoolLine
    picture: Picture
    decisions: tuple[Decided, ...]
    cold_starts: tuple[ColdStart, ...]

    @property
    def layers(self) -> tuple[dict[str, object], ...]:
        """Each layer's wish in the latest decision."""
        return self.decisions[0].layers if self.decisions else ()


def pool_cards(*, at: datetime) -> tuple[PoolCard, ...]:
    """Every pool, in the order of their definition."""
    return tuple(_card(line, at=at) for line in inference.pool_lines())


def _card(line: PoolLine, *, at: datetime) -> PoolCard:
    course = inference.course(line.pool.name, since=at - WINDOW)
    begins = _begins(course, at=at)
    lines = {name: getattr(course, name) for name in ("want", "warm", "filled", "expected")}
    most = max(1, *(ceil(moment.count) for moments in lines.values() for moment in moments))
    drawn = {name: stepped(moments, begins=begins, ends=at, most=most) for name, moments in lines.items()}
    return PoolCard(
        line=line,
        picture=Picture(**drawn, most=most, begins=begins, ends=at),
        decisions=inference.decisions(line.pool.name),
        cold_starts=inference.cold_starts(pool=line.pool.name, last=3),
    )


def _begins(course: Course, *, at: datetime) -> datetime:
    """Six hours ago; for a pool that is younger, when it began."""
    if course.want[0].count or course.warm[0].count:
        return at - WINDOW
    return min([at - SHORTEST, *(moment.at for moment in (*course.want[1:], *course.warm[1:]))])


def stepped(moments: Sequence[Moment], *, begins: datetime, ends: datetime, most: int) -> str:
    """An SVG path that stays on each count until the next moment, and at the end runs to the right edge."""
    if not moments:
        return ""
    path, before = "", 0.0
    for moment in moments:
        x = round(WIDTH * max(0.0, (moment.at - begins) / (ends - begins)), 1)
        y = round(HEIGHT * (1 - moment.count / most), 1)
        path += f"M{x} {y}" if not path else f"L{x} {before}L{x} {y}"
        before = y
    return f"{path}L{WIDTH} {before}"
