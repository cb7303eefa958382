"""Pools as an operator watches them:
expected, filled, wanted, warm, and why, over the last hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from inference.fleet import ledger_queries, pool_history
from inference.fleet import queries as inference
from inference.fleet.pool_history import ColdStart, Course, Decided, Moment
from inference.fleet.queries import PoolLine
from inference.fleet.replica_states import IN_TRANSIT, in_order
from inference.types import Replica

WINDOW, SHORTEST = timedelta(hours=6), timedelta(minutes=10)
WIDTH, HEIGHT = 600, 90  # the picture's own units; the page scales it


@dataclass(frozen=True, slots=True)
class Picture:
    """Stepped lines on one scale, as SVG paths; an empty one says nothing.
    `most` is the top of the scale.
    """

    desired: str
    warm: str
    filled: str
    expected: str
    most: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A replica: its state as the ledger tells it,
    for how long, and the seconds of each stage of its start.
    """

    replica: Replica
    told: str
    age_s: float
    stages_s: Mapping[str, float]

    @property
    def short(self) -> str:
        """The end of its id, as `manage.py pools` shows it."""
        return str(self.replica.id)[-8:]

    @property
    def starts(self) -> bool:
        """Whether it is on its way to warm."""
        return self.replica.state in IN_TRANSIT

    @property
    def so_far(self) -> Mapping[str, float]:
        """The stages of the start under way:
        one that wakes keeps those of its first start, which say nothing now.
        """
        if self.replica.state == "waking":
            return {}
        woken = {stage: seconds for stage, seconds in self.stages_s.items() if stage == "wake"}
        return woken or self.stages_s


@dataclass(frozen=True, slots=True)
class Sleep:
    """Hours that a pool's replicas slept lately:
    while nobody used their card, and while another pool did.
    """

    alone_h: float
    shared_h: float


@dataclass(frozen=True, slots=True)
class PoolCard:
    """All that the page shows of a pool."""

    line: PoolLine
    replicas: tuple[Shown, ...]
    sleep: Sleep | None
    picture: Picture
    decisions: tuple[Decided, ...]
    cold_starts: tuple[ColdStart, ...]

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that any of its replicas' starts had, in their order."""
        return tuple(in_order({stage: 0.0 for shown in self.replicas for stage in shown.stages_s}))

    @property
    def stage_rows(self) -> tuple[tuple[Shown, tuple[float | None, ...]], ...]:
        """Each replica that has any, with its seconds of these stages."""
        return tuple(
            (shown, tuple(shown.stages_s.get(stage) for stage in self.stages))
            for shown in self.replicas
            if shown.stages_s
        )

    @property
    def layers(self) -> tuple[dict[str, object], ...]:
        """Each layer's wish in the latest decision."""
        return self.decisions[0].layers if self.decisions else ()


def pool_cards(*, at: datetime) -> tuple[PoolCard, ...]:
    """Every pool, in the order of their definition."""
    slept = ledger_queries.sleep_seconds(since=at - WINDOW, until=at)
    return tuple(_card(line, slept.get(line.pool.name), at=at) for line in inference.pool_lines())


def _card(line: PoolLine, slept: Mapping[str, float] | None, *, at: datetime) -> PoolCard:
    course = pool_history.course(line.pool.name, since=at - WINDOW)
    begins = _begins(course, at=at)
    lines = {name: getattr(course, name) for name in ("desired", "warm", "filled", "expected")}
    most = max(1, *(ceil(moment.count) for moments in lines.values() for moment in moments))
    drawn = {
        name: stepped(moments, begins=begins, ends=at, most=most) for name, moments in lines.items()
    }
    return PoolCard(
        line=line,
        replicas=tuple(_shown(line, replica, at=at) for replica in line.replicas),
        sleep=Sleep(*(slept.get(state, 0.0) / 3600 for state in ("asleep", "asleep_shared")))
        if slept
        else None,
        picture=Picture(**drawn, most=most, begins=begins, ends=at),
        decisions=pool_history.decisions(line.pool.name),
        cold_starts=pool_history.cold_starts(pool=line.pool.name, last=3),
    )


def _shown(line: PoolLine, replica: Replica, *, at: datetime) -> Shown:
    age_s = max(0.0, (at - replica.since).total_seconds())
    return Shown(replica, line.ledger_state(replica), age_s, line.stages_s.get(replica.id, {}))


def _begins(course: Course, *, at: datetime) -> datetime:
    """Six hours ago; for a pool that is younger, when it began."""
    if course.desired[0].count or course.warm[0].count:
        return at - WINDOW
    return min([at - SHORTEST, *(moment.at for moment in (*course.desired[1:], *course.warm[1:]))])


def stepped(moments: Sequence[Moment], *, begins: datetime, ends: datetime, most: int) -> str:
    """An SVG path that stays on each count until the next moment,
    and at the end runs to the right edge.
    """
    if not moments:
        return ""
    path, before = "", 0.0
    for moment in moments:
        x = round(WIDTH * max(0.0, (moment.at - begins) / (ends - begins)), 1)
        y = round(HEIGHT * (1 - moment.count / most), 1)
        path += f"M{x} {y}" if not path else f"L{x} {before}L{x} {y}"
        before = y
    return f"{path}L{WIDTH} {before}"
