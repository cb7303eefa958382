"""Worlds from call logs: regions as copies shifted by time zone, each with its own draws."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from inference.replay.arrivals import DAY_S, Trace
from inference.replay.draws import (
    Scaling,
    arrival_seconds,
    minute_counts,
    scaled,
    shifted,
    start_times,
)
from inference.replay.types import World

# A run warms up this long before the first call that counts.
WARM_UP_S: Final = 2 * 3600


class ReplaySetting(msgspec.Struct, frozen=True, kw_only=True):
    """How a log is replayed.

    `shift_hours` is from one region to the next; with `lend` they lend one another slots. `move_s`:
    a replica that drains leaves the snapshot, its calls ask another one from their next turn on,
    and the warmer stops it at a later look, ten to twenty seconds in all. 0: calls stay until they
    end. Other policies' calls stay unless `all_move`: to them a call is one request in progress,
    and a pod that terminates waits for those.
    """

    slots: int = 16
    start_s: float = 155.0
    scale: int = 1
    scaling: Scaling = "rates"
    regions: int = 1
    shift_hours: float = 8.0
    lend: bool = False
    life_hours: float = 0.0
    start_fails: float = 0.0
    max_asleep: int = msgspec.field(default=0, name="sleepers")
    wake_s: int = 3
    packed: bool = False
    move_s: int = 20
    all_move: bool = False


class Replay(msgspec.Struct, frozen=True):
    """A world and what each region has seen before it: calls a minute from `history_begins` to
    `begins`.

    `begins` is the world's second 0 by the clock that all regions share.
    """

    world: World
    begins: datetime
    history: tuple[NDArray[np.float64], ...]
    history_begins: datetime


def build(
    history: Trace,
    arrivals: Trace,
    setting: ReplaySetting,
    *,
    lengths_s: NDArray[np.int64],
    seed: int,
    measured_starts_s: NDArray[np.int64] | None = None,
) -> Replay:
    """The arrivals as a world, after a history in the same bins.

    Region r's clock shows what the first one's shows r * shift_hours later, so that its first hours
    are the history's last ones where the two logs adjoin. Every region draws its own seconds,
    lengths and scaled counts.
    """
    before = max(0, (arrivals.begins - history.begins).days)
    whole = history.followed_by(arrivals)
    generators = np.random.default_rng(seed).spawn(setting.regions + 1)
    begins_s, ends_s = before * DAY_S - WARM_UP_S, (before + arrivals.days) * DAY_S
    # Times before every region has a log count as no history.
    since_s = min(begins_s, round(setting.shift_hours * 3600) * (setting.regions - 1))
    since_s += -since_s % DAY_S if begins_s - since_s > 8 * DAY_S else 0
    span_s = (since_s, begins_s, ends_s)
    regions = [
        _region(whole, setting, arrivals, lengths_s, number=number, span_s=span_s, drawn=drawn)
        for number, drawn in enumerate(generators[:-1])
    ]
    starts_s = start_times(setting.start_s, measured=measured_starts_s, drawn=generators[-1])
    return Replay(
        world=_world(regions, setting, starts_s, seconds=ends_s - begins_s, seed=seed),
        begins=history.begins + timedelta(seconds=begins_s),
        history=tuple(region.history for region in regions),
        history_begins=history.begins + timedelta(seconds=since_s),
    )


class _Region(msgspec.Struct, frozen=True):
    history: NDArray[np.float64]
    arrivals: NDArray[np.int64]
    lengths_s: NDArray[np.int64]
    tenants: NDArray[np.int32]


def _region(
    whole: Trace,
    setting: ReplaySetting,
    arrivals: Trace,
    lengths_s: NDArray[np.int64],
    *,
    number: int,
    span_s: tuple[int, int, int],
    drawn: np.random.Generator,
) -> _Region:
    """One region's draws: history between the first two of `span_s`, calls up to the third."""
    since_s, begins_s, ends_s = span_s
    by_s = number * round(setting.shift_hours * 3600)
    shares = np.array(list(arrivals.districts.values()), np.float64)
    size = scaled(whole, scale=setting.scale, scaling=setting.scaling, drawn=drawn)
    past = shifted(size, by_s=by_s, begins_s=since_s, ends_s=begins_s)
    coming = shifted(size, by_s=by_s, begins_s=begins_s, ends_s=ends_s)
    seconds = arrival_seconds(coming, drawn)
    lengths = drawn.choice(lengths_s, len(seconds))
    tenants = drawn.choice(len(shares), len(seconds), p=shares / shares.sum())
    return _Region(minute_counts(past, drawn), seconds, lengths, tenants.astype(np.int32))


def _world(
    regions: Sequence[_Region],
    setting: ReplaySetting,
    starts_s: NDArray[np.int64],
    *,
    seconds: int,
    seed: int,
) -> World:
    return World(
        arrivals=tuple(region.arrivals for region in regions),
        lengths_s=tuple(region.lengths_s for region in regions),
        tenants=tuple(region.tenants for region in regions),
        seconds=seconds,
        counted_from_s=WARM_UP_S,
        slots=setting.slots,
        start_s=setting.start_s,
        starts_s=starts_s,
        lend=setting.lend,
        seed=seed,
        life_s=setting.life_hours * 3600,
        start_fails=setting.start_fails,
        max_asleep=setting.max_asleep,
        wake_s=setting.wake_s,
        packed=setting.packed,
        move_s=setting.move_s,
        all_move=setting.all_move,
    )


def split(trace: Trace, *, test_days: int, validation_days: int = 0) -> tuple[Trace, Trace]:
    """History and arrivals from one log.

    The last `test_days` before its last `validation_days` are replayed.
    """
    ends = trace.ends - timedelta(days=validation_days)
    begins = ends - timedelta(days=test_days)
    return trace.between(trace.begins, begins), trace.between(begins, ends)
