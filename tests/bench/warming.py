"""What warmth costs: `python -m tests.bench.warming --logs FOLDER`, the frontier on three real
traces' last two weeks.

Knobs were chosen on the two weeks before those. Each row is the median of several seeds. The traces
are public and not in the repository: a bank's calls by five minutes (`bank_calls`, of the R package
fpp3), another's by six (Technion's SEELab), an emergency line's by the minute (Montgomery County's
911), with the call lengths of one day of the second.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from inference.replay.arrivals import read_arrivals, read_seconds
from inference.replay.engine import simulate
from inference.replay.frontier import (
    BAR_COLD_PERCENT,
    BAR_HOURS,
    BAR_SAVING,
    BAR_TIMES_FEWER,
    judge,
)
from inference.replay.report import NAMES
from inference.replay.study import Study, fits_of, study
from inference.replay.warmer import WarmlineAutoscaler, priced
from inference.replay.worlds import ReplaySetting, build, split
from warmline.kernel.env import REPOSITORY

LOGS = REPOSITORY.parent / "shared" / "data"
BANK, BURSTY, EMERGENCY = (
    "bank_calls_per_5min",
    "anonymous_bank_calls_per_6min",
    "emergency_calls_per_minute",
)
TEST_DAYS = 14
LENDING = ReplaySetting(regions=3, lend=True)
ALONE = ReplaySetting()
# Times as many calls, so that sixteen slots a replica make sense. As rates: the larger company has
# the trace's own over-dispersion, not its counting noise multiplied. As counts: the noise as well,
# the harder case.
SETTINGS: tuple[tuple[str, ReplaySetting], ...] = (
    (BANK, LENDING),
    (BURSTY, ReplaySetting(regions=3, lend=True, scale=20)),
    (EMERGENCY, ReplaySetting(regions=3, lend=True, scale=100)),
    (BANK, ALONE),
    (BURSTY, ReplaySetting(scale=20)),
    (EMERGENCY, ReplaySetting(scale=100)),
    (BURSTY, ReplaySetting(scale=20, scaling="counts")),
)
KNOBS: Mapping[str, Sequence[float]] = {
    "warmline": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
    "hpa": (0.95, 0.85, 0.75, 0.65),
    "aws": (0.95, 0.85, 0.75),
    "dynamo": (0.95, 0.85, 0.75),
    "knative": (0.85, 0.75),
    "ray": (14, 12),
    "keda": (1,),
    "static": (0.8,),
}
FLEET_REGIONS, FLEET_SCALE = 20, 15
MOST_S, MOST_MB = 60.0, 1000.0


def measured(logs: Path, log: str, setting: ReplaySetting, *, seeds: int) -> Study:
    """The frontier on a log's last days, everything before them being history."""
    history, arrivals = split(read_arrivals(logs / f"{log}.csv"), test_days=TEST_DAYS)
    lengths_s = read_seconds(logs / "call_seconds.csv")
    return study(
        history, arrivals, setting, lengths_s=lengths_s, knobs=KNOBS, seeds=range(1, seeds + 1)
    )


def add_row(table: Table, log: str, setting: ReplaySetting, found: Study) -> bool:
    """One setting's row; whether it held its bar."""
    verdict = judge(found)
    name = f"{log.partition('_calls')[0]} x{setting.scale}" + (
        " counts" if setting.scaling == "counts" else ""
    )
    at_bar = (
        f"{verdict.hours_at_bar:.3f}" if verdict.hours_at_bar else f"over {KNOBS['warmline'][-1]}"
    )
    mine = "-" if verdict.cold_percent is None else f"{verdict.cold_percent:.4f}"
    peer = (
        "-"
        if verdict.peer_cold_percent is None
        else f"{verdict.peer_cold_percent:.4f} {NAMES[verdict.peer]}"
    )
    fewer = "-" if verdict.times_fewer is None else f"{verdict.times_fewer:.0f}"
    least = "-" if verdict.least_saving is None else f"{100 * verdict.least_saving:.1f}"
    each = " ".join(
        f"{saving.cold_percent:g}:{100 * saving.share:.1f}" for saving in verdict.savings
    )
    if setting.lend:
        held = verdict.hours_at_bar is not None and verdict.hours_at_bar <= BAR_HOURS
        held = held and (verdict.times_fewer is None or verdict.times_fewer >= BAR_TIMES_FEWER)
    else:
        held = verdict.least_saving is not None and verdict.least_saving >= BAR_SAVING
    table.add_row(
        name,
        str(setting.regions),
        f"{found.calls:,}",
        f"{found.oracle_hours:.0f}",
        at_bar,
        mine,
        peer,
        fewer,
        f"{least} ({each})",
        "yes" if held else "NO",
    )
    return held


def large_fleet(logs: Path) -> tuple[float, float, int]:
    """A day of 100,000 calls in 20 regions that lend: seconds, megabytes at most, calls.
    In a process of its own.
    """
    began = time.perf_counter()
    history, arrivals = split(read_arrivals(logs / f"{EMERGENCY}.csv"), test_days=1)
    lengths_s = read_seconds(logs / "call_seconds.csv")
    setting = ReplaySetting(
        regions=FLEET_REGIONS, shift_hours=24 / FLEET_REGIONS, lend=True, scale=FLEET_SCALE
    )
    replay = build(history, arrivals, setting, lengths_s=lengths_s, seed=1)
    fits = fits_of(replay, setting.start_s, lengths_s)
    outcome = simulate(
        replay.world, WarmlineAutoscaler(replay.world, fits, priced(0.03), begins=replay.begins)
    )
    largest_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.perf_counter() - began, largest_mb, outcome.calls


def main() -> int:
    """Measure, print; 0 when every bar held, or without the logs, which is said."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.warming", description=__doc__)
    parser.add_argument("--logs", type=Path, default=LOGS, help="the folder of the call logs")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    logs: Path = options.logs
    if not logs.is_dir():
        print(f"left out: no call logs in {logs}; `manage.py simulate --arrivals FILE` replays any")
        return 0
    console = Console(width=190)
    with multiprocessing.get_context("spawn").Pool(1) as process:
        took_s, largest_mb, calls = process.apply(large_fleet, (logs,))
    held = [took_s <= MOST_S and largest_mb <= MOST_MB]
    console.print(
        f"{calls:,} calls of a day in {FLEET_REGIONS} regions: "
        f"{took_s:.1f} s, {largest_mb:.0f} MB, "
        f"forecasts' fits included (bound: {MOST_S:.0f} s, {MOST_MB:.0f} MB)"
    )
    table = Table(
        "log",
        "regions",
        "calls",
        "oracle h",
        f"x oracle at {BAR_COLD_PERCENT} % cold",
        f"cold % at x{BAR_HOURS}",
        "best peer there",
        "times fewer",
        "% of hours spared, least (at cold %)",
        "held",
        title=f"last {TEST_DAYS} days, 16 slots, 155 s, median of {options.seeds} seeds",
    )
    for log, setting in SETTINGS:
        began = time.perf_counter()
        held.append(add_row(table, log, setting, measured(logs, log, setting, seeds=options.seeds)))
        console.print(f"{log}, {setting.regions} regions: {time.perf_counter() - began:.0f} s")
    console.print(table)
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
