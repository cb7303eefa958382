"""`manage.py simulate`: replay a call log against our warmer, its peers and a clairvoyant."""

import sys
from argparse import SUPPRESS, ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from inference.errors import ArrivalsError
from inference.replay.arrivals import Trace, read_arrivals, read_seconds
from inference.replay.draws import sensible_scale
from inference.replay.frontier import judge
from inference.replay.report import as_json, print_study, write_plot
from inference.replay.study import POLICIES, Study, default_knobs, study
from inference.replay.worlds import ReplaySetting

# Without --history the last days are replayed and the days before them are the history.
TEST_DAYS: Final = 14
# Days that several seeds' worlds may have in all by default: a longer log needs fewer draws for as
# sure a figure.
SEED_DAYS: Final = 42
# The lengths of calls without --lengths: lognormal with this median and mean, those of a bank's
# telephone service.
MEDIAN_S, MEAN_S = 116.0, 192.0

OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "--arrivals": {
        "type": Path,
        "required": True,
        "help": "CSV to replay: start,calls or minute,district,calls",
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
        "help": f"replay the log's last days only (without --history: {TEST_DAYS})",
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
    "--seeds": {"type": int, "help": "worlds to draw (default: 3, fewer for logs over two weeks)"},
    "--first-seed": {"type": int, "default": 1},
    "--gaps-are-closed": {
        "action": "store_true",
        "help": "read missing rows as hours without calls",
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
    history, arrivals = _logs(options)
    settings = _settings(
        options, options["scale"] or sensible_scale(arrivals, float(lengths_s.mean()))
    )
    knobs = default_knobs(options["policies"].split(","))
    seeds = options["seeds"] or max(1, min(3, SEED_DAYS // arrivals.days))
    runs = len(settings) * seeds * sum(len(values) for values in knobs.values())
    with _progress(console) as progress:
        task = progress.add_task("runs", total=runs)
        return [
            study(
                history,
                arrivals,
                setting,
                lengths_s=lengths_s,
                knobs=knobs,
                measured_starts_s=starts_s,
                seeds=range(options["first_seed"], options["first_seed"] + seeds),
                run_done=lambda: progress.advance(task),
            )
            for setting in settings
        ]


def _check(options: dict[str, Any]) -> None:
    unknown = [name for name in options["policies"].split(",") if name not in POLICIES]
    if unknown:
        raise CommandError(f"no policy {unknown[0]!r}; there are: {', '.join(POLICIES)}")
    for name, least in (
        ("slots", 1),
        ("start_seconds", 1),
        ("scale", 1),
        ("regions", 1),
        ("seeds", 1),
        ("days", 1),
        ("move_seconds", 0),
    ):
        value = options[name]
        if value is not None and value < least:
            raise CommandError(f"--{name.replace('_', '-')} {value}: expected at least {least}")
    if not 0 <= options["start_fails"] < 1:
        raise CommandError(
            f"--start-fails {options['start_fails']}: expected a share from 0 to less than 1"
        )
    if options["plot"] and options["plot"].suffix not in {".svg", ".png"}:
        raise CommandError(f"--plot {options['plot']}: expected a name that ends in .svg or .png")


def _lengths(path: Path | None) -> NDArray[np.int64]:
    if path is not None:
        return read_seconds(path)
    drawn = np.random.default_rng(0)
    spread = float(np.sqrt(2 * np.log(MEAN_S / MEDIAN_S)))
    return np.maximum(1, np.rint(MEDIAN_S * np.exp(drawn.normal(0, spread, 5000)))).astype(np.int64)


def _logs(options: dict[str, Any]) -> tuple[Trace, Trace]:
    """What was before, and what is replayed."""
    arrivals = read_arrivals(options["arrivals"], gaps_are_closed=options["gaps_are_closed"])
    if options["hold_out_days"]:
        arrivals = arrivals.between(
            arrivals.begins, arrivals.ends - timedelta(days=options["hold_out_days"])
        )
    history = None if options["history"] is None else _history(options, arrivals)
    days = options["days"] or (TEST_DAYS if history is None else arrivals.days)
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


def _history(options: dict[str, Any], arrivals: Trace) -> Trace:
    path = options["history"]
    history = read_arrivals(path, gaps_are_closed=options["gaps_are_closed"])
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


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )
