"""Pools as an operator watches them: what is wanted, what is warm, and why, over the last hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inference import queries as inference
from inference.queries import ColdStart, Decided, Moment, PoolLine

WINDOW = timedelta(hours=6)
WIDTH, HEIGHT = 600, 90  # the picture's own units; the page scales it


@dataclass(frozen=True, slots=True)
class Picture:
    """Two stepped lines on one scale, as SVG paths. `most` is the top of the scale."""

    want: str
    warm: str
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
    most = max(1, *(moment.count for moment in (*course.want, *course.warm)))
    return PoolCard(
        line=line,
        picture=Picture(
            want=stepped(course.want, begins=at - WINDOW, ends=at, most=most),
            warm=stepped(course.warm, begins=at - WINDOW, ends=at, most=most),
            most=most,
            begins=at - WINDOW,
            ends=at,
        ),
        decisions=inference.decisions(line.pool.name),
        cold_starts=inference.cold_starts(pool=line.pool.name, last=3),
    )


def stepped(moments: Sequence[Moment], *, begins: datetime, ends: datetime, most: int) -> str:
    """An SVG path that stays on each count until the next moment, and at the end runs to the right edge."""
    path, before = "", 0.0
    for moment in moments:
        x = round(WIDTH * max(0.0, (moment.at - begins) / (ends - begins)), 1)
        y = round(HEIGHT * (1 - moment.count / most), 1)
        path += f"M{x} {y}" if not path else f"L{x} {before}L{x} {y}"
        before = y
    return f"{path}L{WIDTH} {before}"
