"""Tells what a study found: a table for people, JSON for machines, a picture of the frontier."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.table import Table

from inference.errors import ArrivalsError
from inference.replay.frontier import FrontierVerdict, judge
from inference.replay.peers import PEERS
from inference.replay.study import OURS, Point, Study

NAMES: Final = {
    OURS: "Warmline",
    "hpa": "Kubernetes HPA",
    "keda": "KEDA, calls in line",
    "knative": "Knative KPA",
    "ray": "Ray Serve",
    "aws": "AWS predictive + HPA",
    "dynamo": "Dynamo floor",
    "static": "static peak",
}
KNOBS: Final = {OURS: "price", "keda": "waiting", "ray": "target", "static": "peak"}
# Colours that differ for the colour-blind (Okabe and Ito), and marks that differ without any.
LOOKS: Final = {
    OURS: ("#000000", "o"),
    "hpa": ("#0072B2", "s"),
    "keda": ("#999999", "v"),
    "knative": ("#E69F00", "^"),
    "ray": ("#009E73", "D"),
    "aws": ("#D55E00", "P"),
    "dynamo": ("#CC79A7", "X"),
    "static": ("#56B4E9", "<"),
}
# The picture's range: beyond it nobody would run a phone line, or a budget.
HOURS_SHOWN: Final = 2.2
COLD_SHOWN: Final = 30.0


def print_study(console: Console, measured: Study, verdict: FrontierVerdict) -> None:
    """The table of all points, and what they mean against the bars."""
    console.print(_heading(measured))
    table = Table(
        "policy", "knob", "x oracle", "from to", "cold %", "from to", "lent %", "replica-hours"
    )
    for point in measured.points:
        hours, cold = point.hours, point.cold_percent
        table.add_row(
            NAMES[point.policy],
            f"{KNOBS.get(point.policy, 'use')} {point.knob:g}",
            f"{hours[0]:.3f}",
            f"{hours[1]:.3f} {hours[2]:.3f}",
            f"{cold[0]:.3f}",
            f"{cold[1]:.3f} {cold[2]:.3f}",
            f"{point.lent_percent:.1f}",
            f"{point.replica_hours:.0f}",
        )
    console.print(table)
    for line in sentences(verdict):
        console.print(line)


def _heading(measured: Study) -> str:
    setting = measured.setting
    where = "1 region"
    if setting.regions > 1:
        lending = "lending" if setting.lend else "not lending"
        where = f"{setting.regions} regions {setting.shift_hours:g} h apart, {lending}"
    return (
        f"\n[bold]{where}[/bold]; {measured.days} days from {measured.begins[:10]}, "
        f"{measured.calls} calls (scale {setting.scale}, {setting.scaling}), "
        f"{setting.slots} slots a replica, starts of {setting.start_s:g} s, "
        f"{measured.seeds} {'seed' if measured.seeds == 1 else 'seeds'}; "
        f"the oracle needs {measured.oracle_hours:.0f} replica-hours"
    )


def sentences(verdict: FrontierVerdict) -> list[str]:
    """A verdict in words."""
    lines = []
    if verdict.hours_at_bar is not None:
        lines.append(
            f"0.1 % cold calls cost Warmline {verdict.hours_at_bar:.3f} times "
            "the oracle's replica-hours"
        )
    if verdict.cold_percent is not None:
        line = (
            f"at {verdict.compared_hours:g} times the oracle's: {verdict.cold_percent:.4f} % cold"
        )
        if verdict.times_fewer is not None:
            line += (
                f"; {NAMES[verdict.peer]} {verdict.peer_cold_percent:.4f} %, "
                f"{verdict.times_fewer:.1f} times as many"
            )
        lines.append(line)
    lines += [
        f"at {saving.cold_percent:g} % cold: {saving.ours:.3f} against {saving.peers:.3f} "
        f"({NAMES[saving.peer]}), {100 * saving.share:.1f} % of replica-hours spared"
        for saving in verdict.savings
    ]
    return lines


def as_json(studies: Sequence[Study], *, arrivals: str) -> str:
    """All studies with their verdicts."""
    results: list[dict[str, Any]] = []
    for measured in studies:
        verdict = judge(measured)
        savings = [
            {**msgspec.to_builtins(saving), "share": round(saving.share, 4)}
            for saving in verdict.savings
        ]
        results.append(
            {
                **msgspec.to_builtins(measured),
                "verdict": {**msgspec.to_builtins(verdict), "savings": savings},
            }
        )
    return json.dumps({"arrivals": arrivals, "studies": results}, indent=1) + "\n"


def write_plot(studies: Sequence[Study], path: Path, *, title: str) -> None:
    """Draw each study's frontier beside the other, as SVG or PNG by the file's name."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ArrivalsError(
            "drawing needs matplotlib: install the extra `plot`, or leave --plot out"
        ) from None
    figure = Figure(figsize=(1.6 + 5.6 * len(studies), 5.4), layout="constrained")
    for number, measured in enumerate(studies, start=1):
        axes = figure.add_subplot(1, len(studies), number)
        _draw(axes, measured, labelled=number == 1)
    figure.suptitle(f"Cold calls against replica-hours: {title}")
    figure.legend(loc="outside lower center", ncols=2 + len(studies), frameon=False)
    figure.savefig(path, dpi=150)


def _draw(axes: Any, measured: Study, *, labelled: bool) -> None:
    least = measured.least_cold_percent
    for policy in dict.fromkeys(point.policy for point in measured.points):
        points = [point for point in measured.points if point.policy == policy]
        colour, mark = LOOKS[policy]
        ours = policy == OURS
        axes.plot(
            [point.hours[0] for point in points],
            [_shown(point, least) for point in points],
            color=colour,
            marker=mark,
            markersize=6 if ours else 5,
            linewidth=2.4 if ours else 1.2,
            label=_label(policy, points) if labelled else None,
            zorder=3 if ours else 2,
        )
    _frame(axes, measured)


def _frame(axes: Any, measured: Study) -> None:
    """The bars, the scales and the title."""
    axes.axhline(0.1, color="#bbbbbb", linewidth=0.8, linestyle="--", zorder=1)
    axes.axvline(1.2, color="#bbbbbb", linewidth=0.8, linestyle="--", zorder=1)
    axes.set_yscale("log")
    axes.set_ylim(measured.least_cold_percent * 0.7, COLD_SHOWN)
    axes.set_xlim(0.98, HOURS_SHOWN)
    axes.set_xlabel("replica-hours, times the clairvoyant's")
    axes.set_ylabel(f"cold calls, % (bottom: none of {measured.calls:,})")
    axes.grid(visible=True, which="major", color="#eeeeee")
    setting = measured.setting
    plural, lending = "s" if setting.regions > 1 else "", ", lending" if setting.lend else ""
    axes.set_title(f"{setting.regions} region{plural}{lending}, scale {setting.scale}")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _label(policy: str, points: Sequence[Point]) -> str:
    """Its name; one whose every point lies outside the picture says so."""
    inside = any(
        point.hours[0] <= HOURS_SHOWN and point.cold_percent[0] <= COLD_SHOWN for point in points
    )
    return NAMES[policy] if inside else f"{NAMES[policy]} (outside)"


def _shown(point: Point, least: float) -> float:
    return max(point.cold_percent[0], least)


assert set(NAMES) == {OURS, *PEERS}
