"""Pools as an operator watches them: expected, filled, wanted, warm, and why, over hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from inference.fleet.history import ledger_queries
from inference.fleet.history.cold_starts import ColdStart, latest_cold_starts
from inference.fleet.history.pool_history import (
    HistoryPoint,
    PoolHistory,
    RecordedDecision,
    latest_decisions,
    pool_histories,
)
from inference.fleet.queries import PoolLine, pool_lines
from inference.fleet.replica_states import IN_TRANSIT, in_order
from inference.types import Replica

WINDOW, SHORTEST = timedelta(hours=6), timedelta(minutes=10)
WIDTH, HEIGHT = 600, 90  # the chart's own units; the page scales it


@dataclass(frozen=True, slots=True)
class PoolChart:
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
class ReplicaRow:
    """A replica: its state as the ledger names it, for how long, and its start's seconds by stage.

    `gpu_users` are the other pools that work on its GPU now.
    """

    replica: Replica
    state: str
    age_s: float
    stages_s: Mapping[str, float]
    gpu_users: tuple[str, ...]

    @property
    def short_id(self) -> str:
        """The end of its id, as `manage.py pools` shows it."""
        return str(self.replica.id)[-8:]

    @property
    def starts(self) -> bool:
        """Whether it is on its way to warm."""
        return self.replica.state in IN_TRANSIT

    @property
    def so_far(self) -> Mapping[str, float]:
        """The stages of the start under way.

        One that wakes keeps those of its first start, which say nothing now.
        """
        if self.replica.state == "waking":
            return {}
        woken = {stage: seconds for stage, seconds in self.stages_s.items() if stage == "wake"}
        return woken or self.stages_s

    @property
    def label(self) -> str:
        """The state in words."""
        return "asleep, card in use" if self.state == "asleep_shared" else self.state

    @property
    def tone(self) -> str:
        """How its tag looks: warm is good, asleep is set apart."""
        return {"warm": "good", "asleep": "screen"}.get(self.replica.state, "")

    @property
    def title(self) -> str:
        """Where it is and what keeps it busy."""
        place = f"{self.replica.base_url}, {self.replica.busy} calls"
        if self.state != "asleep_shared":
            return place
        return f"{place}; its card is used by {', '.join(self.gpu_users)}"


@dataclass(frozen=True, slots=True)
class SleepHours:
    """Hours that a pool's replicas slept lately: with their card unused, and used by another."""

    alone_h: float
    shared_h: float


@dataclass(frozen=True, slots=True)
class PoolCard:
    """All that the page shows of a pool."""

    line: PoolLine
    replicas: tuple[ReplicaRow, ...]
    sleep: SleepHours | None
    chart: PoolChart
    decisions: tuple[RecordedDecision, ...]
    cold_starts: tuple[ColdStart, ...]

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that any of its replicas' starts had, in their order."""
        stages = {stage: 0.0 for status in self.replicas for stage in status.stages_s}
        return tuple(in_order(stages))

    @property
    def stage_rows(self) -> tuple[tuple[ReplicaRow, tuple[float | None, ...]], ...]:
        """Each replica that has any, with its seconds of these stages."""
        stages = self.stages
        return tuple(
            (status, tuple(status.stages_s.get(stage) for stage in stages))
            for status in self.replicas
            if status.stages_s
        )

    @property
    def layers(self) -> tuple[dict[str, object], ...]:
        """Each layer's wish in the latest decision."""
        return self.decisions[0].layers if self.decisions else ()


def pool_cards(*, at: datetime) -> tuple[PoolCard, ...]:
    """Every pool, in the order of their definition."""
    slept = ledger_queries.sleep_seconds(since=at - WINDOW, until=at)
    histories = pool_histories(since=at - WINDOW)
    decisions, starts = latest_decisions(), latest_cold_starts(last=3)
    return tuple(
        PoolCard(
            line=line,
            replicas=tuple(_status(line, replica, at=at) for replica in line.replicas),
            sleep=_sleep(slept.get(line.pool.name)),
            chart=_chart(histories[line.pool.name], at=at),
            decisions=decisions.get(line.pool.name, ()),
            cold_starts=starts.get(line.pool.name, ()),
        )
        for line in pool_lines()
        if line.pool.name in histories
    )


def _status(line: PoolLine, replica: Replica, *, at: datetime) -> ReplicaRow:
    return ReplicaRow(
        replica=replica,
        state=line.ledger_state(replica),
        age_s=max(0.0, (at - replica.since).total_seconds()),
        stages_s=line.stages_s.get(replica.id, {}),
        gpu_users=line.gpu_users,
    )


def _sleep(seconds: Mapping[str, float] | None) -> SleepHours | None:
    if not seconds:
        return None
    return SleepHours(
        alone_h=seconds.get("asleep", 0.0) / 3600,
        shared_h=seconds.get("asleep_shared", 0.0) / 3600,
    )


def _chart(history: PoolHistory, *, at: datetime) -> PoolChart:
    begins = _begins(history, at=at)
    lines = (history.desired, history.warm, history.filled, history.expected)
    most = max(1, *(ceil(moment.count) for line in lines for moment in line))
    desired, warm, filled, expected = (
        stepped(line, begins=begins, ends=at, most=most) for line in lines
    )
    return PoolChart(desired, warm, filled, expected, most=most, begins=begins, ends=at)


def _begins(history: PoolHistory, *, at: datetime) -> datetime:
    """Six hours ago; for a pool that is younger, when it began."""
    if history.desired[0].count or history.warm[0].count:
        return at - WINDOW
    changes = (*history.desired[1:], *history.warm[1:])
    return min([at - SHORTEST, *(moment.at for moment in changes)])


def stepped(moments: Sequence[HistoryPoint], *, begins: datetime, ends: datetime, most: int) -> str:
    """An SVG path that stays on each count until the next moment and ends at the right edge."""
    if not moments:
        return ""
    path, before = "", 0.0
    for moment in moments:
        x = round(WIDTH * max(0.0, (moment.at - begins) / (ends - begins)), 1)
        y = round(HEIGHT * (1 - moment.count / most), 1)
        path += f"M{x} {y}" if not path else f"L{x} {before}L{x} {y}"
        before = y
    return f"{path}L{WIDTH} {before}"
