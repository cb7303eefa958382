"""`manage.py simulate`: replay a call log against our warmer, its peers and a clairvoyant."""

import os
import sys
from argparse import SUPPRESS, ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray
from rich.console import Console

from inference.errors import ArrivalsError
from inference.management.progress import progress_of
from inference.replay.arrivals import Trace, read_arrivals, read_seconds
from inference.replay.draws import sensible_scale
from inference.replay.frontier import judge
from inference.replay.report import as_json, print_study, write_plot
from inference.replay.study import POLICIES, Study, default_knobs, study
from inference.replay.worlds import ReplaySetting

# Without --history the last days are replayed and the days before them are the history.
TEST_DAYS: Final = 14
# Days that several seeds' worlds may have in all by default: a longer log needs fewer draws for as
# sure a figure. 14 days of three regions and of one are a minute's work of two cores; three worlds
# of them were three.
SEED_DAYS: Final = 14
# The lengths of calls without --lengths: lognormal with this median and mean, those of a bank's
# telephone service.
MEDIAN_S, MEAN_S = 116.0, 192.0

# What a replay can hold: a replica's slots are numbered in 16 bits, and a region's calls by day are
# some millions. NaN is in none of these.
BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "slots": (1, 65_535),
    "start_seconds": (1, 86_400),
    "scale": (1, 100_000),
    "regions": (1, 24),
    "shift_hours": (-24, 24),
    "seeds": (1, 1000),
    "first_seed": (0, 2**32),
    "days": (1, 3660),
    "hold_out_days": (0, 3660),
    "life_hours": (0, 87_600),
    "max_asleep": (0, 100_000),
    "move_seconds": (0, 86_400),
}

OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "--arrivals": {
        "type": Path,
        "required": True,
        "help": "call log to replay, as CSV: start,calls or minute,district,calls, or a row for "
        "each call with its start time",
    },
    "--history": {
        "type": Path,
        "help": "CSV that forecasts may learn from; without it the log is split",
    },
    "--lengths": {
        "type": Path,
        "help": "CSV of call lengths: seconds (default: lognormal, mean 192, median 116)",
    },
    "--starts": {
        "type": Path,
        "help": "CSV of measured start times: seconds; brought to the mean --start-seconds",
    },
    "--days": {
        "type": int,
        "help": f"replay the log's last days only (default: {TEST_DAYS}, or fewer)",
    },
    "--hold-out-days": {
        "type": int,
        "default": 0,
        "help": "leave the log's last days out, for a later test",
    },
    "--slots": {"type": int, "default": 16, "help": "calls that a replica holds"},
    "--start-seconds": {"type": float, "default": 155.0, "help": "what a start takes"},
    "--scale": {
        "type": int,
        "help": "times as many calls (default: so that the slots of several replicas fill)",
    },
    "--scaling": {
        "choices": ("rates", "counts"),
        "default": "rates",
        "help": "rates: scale the rate that the counts come from; "
        "counts: scale the counts, their noise with them",
    },
    "--regions": {
        "type": int,
        "help": "copies of the log, --shift-hours apart (default: 3 that lend, then 1 alone)",
    },
    "--shift-hours": {"type": float, "default": 8.0},
    "--lend": {"action": "store_true", "help": "regions lend one another free warm slots"},
    "--life-hours": {
        "type": float,
        "default": 0.0,
        "help": "a replica dies after so long on average; 0: never",
    },
    "--start-fails": {"type": float, "default": 0.0, "help": "the share of starts that fail"},
    "--max-asleep": {
        "type": int,
        "default": 0,
        "help": "drained replicas that a region keeps asleep, at most",
    },
    # Its name before.
    "--sleepers": {"type": int, "dest": "max_asleep", "default": SUPPRESS, "help": SUPPRESS},
    "--move-seconds": {
        "type": int,
        "default": ReplaySetting().move_s,
        "help": "Warmline's calls leave a draining replica, which stops so much later; "
        "0: they stay until they end",
    },
    "--all-move": {
        "action": "store_true",
        "help": "under the other policies calls leave draining replicas too",
    },
    "--packed": {
        "action": "store_true",
        "help": "calls go to the oldest replica with room, not to all alike",
    },
    "--policies": {
        "default": ",".join(POLICIES),
        "help": "comma-separated, of: " + ", ".join(POLICIES),
    },
    "--seeds": {
        "type": int,
        "help": f"worlds to draw (default: 1 for {SEED_DAYS} days, up to 3 for fewer)",
    },
    "--first-seed": {"type": int, "default": 1},
    "--gaps-are-closed": {
        "action": "store_true",
        "help": "read missing rows as hours without calls",
    },
    "--dates": {
        "choices": ("day-first", "month-first"),
        "help": "what 03/04 is in the logs, where they do not tell by themselves",
    },
    "--time-zone": {
        "help": "read times that carry an offset on the clock of this zone, such as Europe/Dublin"
    },
    "--json": {"type": Path, "help": "write the results here; - for standard output"},
    "--plot": {"type": Path, "help": "draw the frontier: FILE.svg or FILE.png"},
}


class Command(BaseCommand):
    """Prints, draws and writes the frontier of cold calls against replica-hours."""

    help = "Replay call arrivals against warming policies: cold calls against replica-hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The logs, the setting, the policies and where to write."""
        for name, settings in OPTIONS.items():
            parser.add_argument(name, **settings)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, run, tell."""
        try:
            self._simulate(options)
        except ArrivalsError as error:
            raise CommandError(str(error)) from error

    def _simulate(self, options: dict[str, Any]) -> None:
        _check(options)
        is_quiet = options["json"] is not None and str(options["json"]) == "-"
        file = sys.stderr if is_quiet else self.stdout
        console = Console(file=file, width=120)  # type: ignore[arg-type]
        studies = _studies(options, console)
        for measured in studies:
            print_study(console, measured, judge(measured))
        if options["plot"]:
            write_plot(studies, options["plot"], title=options["arrivals"].name)
            console.print(f"drawn to {options['plot']}")
        if options["json"] is not None:
            self._write_json(options["json"], as_json(studies, arrivals=options["arrivals"].name))

    def _write_json(self, path: Path, text: str) -> None:
        if str(path) == "-":
            self.stdout.write(text)
        else:
            path.write_text(text, encoding="utf-8")


def _studies(options: dict[str, Any], console: Console) -> list[Study]:
    """What is asked for, run; the console shows how far it is."""
    lengths_s = _lengths(options["lengths"])
    starts_s = read_seconds(options["starts"]) if options["starts"] else None
    history, arrivals = _logs(options, console)
    settings = _settings(
        options, options["scale"] or sensible_scale(arrivals, float(lengths_s.mean()))
    )
    knobs = default_knobs(options["policies"].split(","))
    seeds = options["seeds"] or max(1, min(3, SEED_DAYS // arrivals.days))
    runs = len(settings) * seeds * sum(len(values) for values in knobs.values())
    console.print(
        f"replaying {arrivals.days} of {history.days + arrivals.days} days in {seeds} "
        f"{'world' if seeds == 1 else 'worlds'} (--days and --seeds take more)"
    )
    with progress_of(console, runs=runs) as run_done:
        return [
            study(
                history,
                arrivals,
                setting,
                lengths_s=lengths_s,
                knobs=knobs,
                measured_starts_s=starts_s,
                seeds=range(options["first_seed"], options["first_seed"] + seeds),
                run_done=run_done,
            )
            for setting in settings
        ]


def _check(options: dict[str, Any]) -> None:
    unknown = [name for name in options["policies"].split(",") if name not in POLICIES]
    if unknown:
        raise CommandError(f"no policy {unknown[0]!r}; there are: {', '.join(POLICIES)}")
    for name, (least, most) in BOUNDS.items():
        value = options[name]
        if value is not None and not least <= value <= most:
            raise CommandError(
                f"--{name.replace('_', '-')} {value}: expected at least {least}, at most {most}"
            )
    if not 0 <= options["start_fails"] < 1:
        raise CommandError(
            f"--start-fails {options['start_fails']}: expected a share from 0 to less than 1"
        )
    try:
        ZoneInfo(options["time_zone"] or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CommandError(
            f"--time-zone {options['time_zone']!r}: expected a name such as Europe/Dublin"
        ) from None
    if options["plot"] and options["plot"].suffix not in {".svg", ".png"}:
        raise CommandError(f"--plot {options['plot']}: expected a name that ends in .svg or .png")
    for name in ("plot", "json"):
        path = options[name]
        # Told before the work, which would be lost.
        if path is not None and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
            raise CommandError(f"--{name} {path}: expected a file in a folder that can be written")


def _lengths(path: Path | None) -> NDArray[np.int64]:
    if path is not None:
        return read_seconds(path)
    drawn = np.random.default_rng(0)
    spread = float(np.sqrt(2 * np.log(MEAN_S / MEDIAN_S)))
    return np.maximum(1, np.rint(MEDIAN_S * np.exp(drawn.normal(0, spread, 5000)))).astype(np.int64)


def _log(path: Path, options: dict[str, Any], console: Console) -> Trace:
    """A call log, once what was found and left out of it has been told."""
    dates, zone = options["dates"], options["time_zone"]
    trace = read_arrivals(
        path,
        gaps_are_closed=options["gaps_are_closed"],
        day_first=None if dates is None else dates == "day-first",
        zone=None if zone is None else ZoneInfo(zone),
    )
    if not trace.calls.any():
        raise ArrivalsError(f"{path}: no calls: expected some to replay")
    for note in trace.notes:
        console.print(f"{path}: {note}", markup=False, highlight=False)
    return trace


def _logs(options: dict[str, Any], console: Console) -> tuple[Trace, Trace]:
    """What was before, and what is replayed."""
    arrivals = _log(options["arrivals"], options, console)
    if options["hold_out_days"] >= arrivals.days:
        raise ArrivalsError(
            f"{options['arrivals']}: {arrivals.days} days: expected more than the "
            f"{options['hold_out_days']} to hold out"
        )
    if options["hold_out_days"]:
        arrivals = arrivals.between(
            arrivals.begins, arrivals.ends - timedelta(days=options["hold_out_days"])
        )
    history = None if options["history"] is None else _history(options, arrivals, console)
    days = options["days"] or min(TEST_DAYS, arrivals.days)
    begins = arrivals.ends - timedelta(days=days)
    if begins < arrivals.begins or (history is None and begins == arrivals.begins):
        raise ArrivalsError(
            f"{options['arrivals']}: {arrivals.days} days: expected more than the {days} to replay"
        )
    if history is None:
        history = arrivals
    elif begins != arrivals.begins:
        history = history.followed_by(arrivals)
    return history.between(history.begins, begins), arrivals.between(begins, arrivals.ends)


def _history(options: dict[str, Any], arrivals: Trace, console: Console) -> Trace:
    path = options["history"]
    history = _log(path, options, console)
    if history.step_s != arrivals.step_s:
        raise ArrivalsError(
            f"bins of {history.step_s} s in {path}, {arrivals.step_s} s in {options['arrivals']}: "
            "expected the same"
        )
    if history.begins >= arrivals.begins:
        raise ArrivalsError(
            f"{path} begins on {history.begins:%Y-%m-%d}: expected before the arrivals"
        )
    return history


def _settings(options: dict[str, Any], scale: int) -> list[ReplaySetting]:
    """The one asked for; without --regions three that lend, and one alone."""
    plain = ReplaySetting(
        slots=options["slots"],
        start_s=options["start_seconds"],
        scale=scale,
        scaling=options["scaling"],
        shift_hours=options["shift_hours"],
        life_hours=options["life_hours"],
        start_fails=options["start_fails"],
        max_asleep=options["max_asleep"],
        packed=options["packed"],
        move_s=options["move_seconds"],
        all_move=options["all_move"],
    )
    if options["regions"] is not None:
        return [msgspec.structs.replace(plain, regions=options["regions"], lend=options["lend"])]
    three = msgspec.structs.replace(plain, regions=3, lend=True)
    return [three] if options["lend"] else [three, plain]
